"""The check of the catalogs finds what it is there for."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.unit


def test_every_text_of_bot_and_panel_is_translated_whole() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/catalogs.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
