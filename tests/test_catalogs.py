"""The check of the catalogs finds what it is there for."""

import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.unit


def test_every_text_of_bot_panel_and_messages_about_files_is_translated_whole() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/catalogs.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.fixture
def catalogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, Any]:
    """The script, and the messages about files as a house whose catalogs can be spoiled."""
    found = spec_from_file_location("catalogs_under_test", ROOT / "scripts" / "catalogs.py")
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    house = next(one for one in module.HOUSES if one.template.name == "files.pot")
    shutil.copytree(house.template.parent, tmp_path / "files")
    texts = house.texts()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module, replace(house, template=tmp_path / "files" / "files.pot", texts=lambda: texts)


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ('"haina safu wima {column}"', '""', "not translated"),
        ('"haina safu wima {column}"', '"haina safu wima {columns}"', "placeholders differ"),
        ('"ina zaidi ya baiti {most:,}"', '"ina zaidi ya baiti {most}"', "placeholders differ"),
        ('msgid "is not a file"\nmsgstr "si faili"\n', "", "missing: 'is not a file'"),
        ('msgstr[1] "maonyo {number:,}"\n', 'msgstr[1] ""\n', "not translated"),
    ],
)
def test_a_spoiled_message_about_files_is_found(
    catalogs: tuple[ModuleType, Any], good: str, bad: str, problem: str
) -> None:
    module, house = catalogs
    assert module._problems(house) == []
    path = house.template.with_name("sw.po")
    text = path.read_text(encoding="utf-8")
    assert text.count(good) == 1
    path.write_text(text.replace(good, bad), encoding="utf-8")
    assert [said for said in module._problems(house) if said.startswith("files/sw.po") and problem in said]


def test_a_new_message_without_a_translation_is_found(catalogs: tuple[ModuleType, Any]) -> None:
    module, house = catalogs
    more = replace(house, texts=lambda: [*house.texts(), "is quite new"])
    assert any("out of date" in said for said in module._problems(more))
    module._extract(more)
    missing = [said for said in module._problems(more) if "not translated: 'is quite new'" in said]
    assert len(missing) == len(house.catalogs())
