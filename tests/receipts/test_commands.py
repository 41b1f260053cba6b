"""`kazi verify` tells on any machine whether a receipt is genuine; `kazi receipts` has the keys."""

import asyncio
import json
import stat
from base64 import b64decode
from pathlib import Path

import pytest

from crowd.receipts.keys import SigningKey, new_key
from crowd.receipts.receipt import receipt
from tests.receipts.test_statement import a_statement
from tests.requester.test_commands import Kazi, kazi

__all__ = ["kazi"]  # a fixture

KEY = SigningKey(OLD := new_key())
FILE = receipt(KEY, a_statement(), "What people read")
OFFLINE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "receipt.txt"
    made.write_bytes(FILE)
    return made


async def test_a_receipt_is_checked_with_nothing_but_a_public_key(kazi: Kazi, path: Path, tmp_path: Path) -> None:
    said = (await kazi("verify", str(path), "--key", KEY.public.text, **OFFLINE)).stdout
    assert f"genuine, by key {KEY.public.name}" in said
    assert "w_0123456789ab" in said
    assert "earned $10,000,000.00" in said
    assert "KAZI-1000000000 $9,999,999.96 to mobile_money •••• 5678: paid" in said
    told = json.loads((await kazi("verify", str(path), "--key", KEY.public.text, "--json", **OFFLINE)).stdout)
    assert told["says"]["answers"] == 70_000
    assert not (tmp_path / "data").exists(), "no key was made for it"
    assert "give a public one with --key" in (await kazi("verify", str(path), code=1, **OFFLINE)).output
    other = SigningKey(new_key()).public.text
    assert "not known here" in (await kazi("verify", str(path), "--key", other, code=1)).output
    assert "--key: a key is 32 bytes" in (await kazi("verify", str(path), "--key", "short", code=1)).output
    changed, part = tmp_path / "changed.txt", tmp_path / "part.txt"
    await asyncio.to_thread(changed.write_bytes, FILE.replace(b"70000", b"90000"))
    assert "not genuine" in (await kazi("verify", str(changed), "--key", KEY.public.text, code=1)).output
    await asyncio.to_thread(part.write_bytes, FILE[:500])
    assert "only a part of one" in (await kazi("verify", str(part), "--key", KEY.public.text, code=1)).output


async def test_a_key_is_made_once_kept_and_changed(kazi: Kazi, path: Path, tmp_path: Path) -> None:
    first = (await kazi("receipts", "key", **OFFLINE)).stdout
    assert (await kazi("receipts", "key", **OFFLINE)).stdout == first
    assert stat.S_IMODE((tmp_path / "data" / "receipt.key").stat().st_mode) == 0o600
    old = {"KAZI_RECEIPT_KEY": OLD}
    public = (await kazi("receipts", "key", **old)).stdout.strip()
    assert public == KEY.public.text
    assert "genuine" in (await kazi("verify", str(path), **old)).stdout
    new = (await kazi("receipts", "new-key")).stdout.strip()
    assert "not known here" in (await kazi("verify", str(path), code=1, KAZI_RECEIPT_KEY=new)).output
    changed = {"KAZI_RECEIPT_KEY": new, "KAZI_RECEIPT_FORMER_KEYS": f" {public} ,"}
    assert "genuine" in (await kazi("verify", str(path), **changed)).stdout
    for wrong in ({"KAZI_RECEIPT_KEY": "short"}, {"KAZI_RECEIPT_KEY": new, "KAZI_RECEIPT_FORMER_KEYS": "short"}):
        said = (await kazi("verify", str(path), code=1, **wrong)).output
        assert [*wrong][-1] in said
        assert new not in said


async def test_a_receipt_is_checked_by_hand_as_the_documentation_says(kazi: Kazi, tmp_path: Path) -> None:
    """With nothing of Kazi: OpenSSL, and the file cut where its format says."""
    signed, _, seal = FILE.partition(b"-----BEGIN KAZI SIGNATURE-----\n")
    name, signature = seal.splitlines()[:2]
    assert name.decode() == KEY.public.name
    (tmp_path / "signed").write_bytes(signed)
    (tmp_path / "signature").write_bytes(b64decode(signature))
    (tmp_path / "key.pem").write_text((await kazi("receipts", "key", "--pem", KAZI_RECEIPT_KEY=OLD)).stdout)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile signature"
    for content, verdict in ((signed, 0), (signed.replace(b"70000", b"90000"), 1)):
        (tmp_path / "signed").write_bytes(content)
        done = await asyncio.create_subprocess_exec(*command.split(), cwd=tmp_path, stdout=asyncio.subprocess.DEVNULL)
        assert await done.wait() == verdict
