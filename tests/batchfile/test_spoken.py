"""Spoken instructions that a batch file names: taken in as items' sounds are, or refused at their line."""

import re
from pathlib import Path

import pytest

from crowd.batchfile import Checked, check
from crowd.batchfile.schema import schema_text
from crowd.kinds import load_spec, spec_schema
from tests.batchfile.files import only_error, spec_with, warnings, write
from tests.media.sounds import beep, voice_note

NOTE = voice_note()
SAID = "instructions: {en: Choose the feeling}\n"


def batch(folder: Path, spoken: str, **files: bytes) -> Checked:
    """The check of a batch file that says so, with files beside it: `sw_ogg` is sw.ogg."""
    path = write(folder, spec=spec_with(SAID, f"{SAID}spoken_instructions: {spoken}\n"))
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return check(path)


def test_a_sound_for_each_language_is_taken_in_and_kept_as_a_voice_note(tmp_path: Path) -> None:
    found = batch(tmp_path, "{en: en.ogg, en-KE: ke.wav}", en_ogg=NOTE, ke_wav=beep(ms=2001))
    assert found.good, list(found.said())
    assert found.spec is not None
    assert found.files is not None
    english, kenyan = found.spec.spoken_instructions["en"], found.spec.spoken_instructions["en-KE"]
    kept = {len(each): each for each in found.files.kept()}
    assert kept[english.size] == NOTE
    assert kept[kenyan.size].startswith(b"OggS")
    assert (english.sound.ms, english.seconds, english.sound.brought) == (1500, 2, "en.ogg")
    assert kenyan.seconds == 3
    assert kenyan.size > 1000
    stored = found.spec.model_dump(mode="json")
    assert load_spec(stored) == found.spec
    found.close()


def test_the_digest_goes_by_what_is_heard_and_not_by_names(tmp_path: Path) -> None:
    def digest(name: str, spoken: str, **files: bytes) -> bytes:
        with_it = batch(tmp_path / name, spoken, **files)
        assert with_it.good
        with_it.close()
        return with_it.digest

    first = digest("first", "{en: en.ogg}", en_ogg=NOTE)
    assert digest("renamed", "{en: other.ogg}", other_ogg=NOTE) == first
    assert digest("new", "{en: en.ogg}", en_ogg=voice_note(hertz=500)) != first
    assert digest("of another language", "{en-KE: en.ogg}", en_ogg=NOTE) != first
    without = check(write(tmp_path / "without"))
    assert digest("empty", "{}") == without.digest != first
    without.close()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no.ogg", "is not there"), ("folder", "is not there"), ("/etc/passwd", "leaves the batch file's folder"),
        ("../outside.ogg", "leaves"), ("link.ogg", "leaves"), ("'a\\b.ogg'", "leaves"), ("items.csv", "no sound"),
        ("cut.ogg", "no sound that can be read, or is damaged"), ("long.wav", "longer than 5 minutes"),
        ("blink.ogg", "no longer than a blink"), ("x" * 300, "is not there|cannot be looked at"),
    ],
)  # fmt: skip
def test_a_sound_that_cannot_be_had_is_refused_at_its_line(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "outside.ogg").write_bytes(NOTE)
    folder = tmp_path / "batch"
    (folder / "folder").mkdir(parents=True)
    (folder / "link.ogg").symlink_to(tmp_path / "outside.ogg")
    (folder / "cut.ogg").write_bytes(NOTE[:40])
    (folder / "blink.ogg").write_bytes(voice_note(ms=100))
    (folder / "long.wav").write_bytes(beep(ms=301_000, rate=8000) if "long" in name else b"")
    found = batch(folder, f"\n  en: good.ogg\n  sw: {name}", good_ogg=NOTE)
    wrong = only_error(found)
    assert (wrong.file, wrong.line, wrong.column) == ("batch.yaml", 10, 7)
    assert re.search(why, wrong.message), wrong.message
    assert wrong.mend == "Mend the name or the sound, or take this language out."
    assert found.files is None


def test_all_that_is_wrong_is_told_at_once_with_what_is_wrong_elsewhere(tmp_path: Path) -> None:
    spec = spec_with(SAID, f"{SAID}spoken_instructions: {{sw: 1.ogg, en: 2.ogg}}\n").replace("0.02", "none")
    found = check(write(tmp_path, "id,text,gold\n1,habari,odd\n", spec=spec))
    said = "\n".join(each for each in found.said() if "error" in each)
    assert [each in said for each in ("1.ogg", "2.ogg", "“price”", "odd")] == [True] * 4, said
    assert found.errors >= 4


@pytest.mark.parametrize(
    "said", ["{en: [a.ogg]}", "{en: {sound: [1], size: 2}}", "{en: ''}", "{en: }", "a.ogg", "[a.ogg]", "{'!': a.ogg}"]
)
def test_what_is_no_name_of_a_file_is_refused(tmp_path: Path, said: str) -> None:
    wrong = only_error(batch(tmp_path, said, a_ogg=NOTE))
    assert wrong.line == 8
    assert "spoken_instructions" in wrong.message


def test_nobody_reaches_the_store_by_writing_what_is_stored(tmp_path: Path) -> None:
    stolen = "{name: " + "ab" * 32 + ", ms: 1, voice_ms: 1, level: 0, clipped: 0, brought: x}"
    wrong = only_error(batch(tmp_path, f"{{en: {{sound: {stolen}, size: 9}}}}"))
    assert "must be the name of a sound, beside the batch file" in wrong.message


def test_a_language_that_is_only_spoken_is_remarked(tmp_path: Path) -> None:
    found = batch(tmp_path, "{en-KE: en.ogg, ha: en.ogg, xxx: en.ogg}", en_ogg=NOTE)
    assert found.good
    said = [each for each in warnings(found) if "batch.yaml, line 8" in each]
    found.close()
    (unwritten,) = [each for each in said if "column 38" in each]
    assert unwritten == (
        "batch.yaml, line 8, column 38: warning: has spoken instructions in “ha”, and none to be read."
        " Add them under `instructions:` too: not everybody can listen."
    )
    assert any("“spoken_instructions” is in “xxx”, which is no language" in each for each in said)
    assert not [each for each in said if "en-KE" in each]


def test_an_editor_is_told_that_names_of_files_are_wanted() -> None:
    for kind in spec_schema()["$defs"].values():
        if "spoken_instructions" in (fields := kind.get("properties", {})):
            ((_, wanted),) = fields["spoken_instructions"]["patternProperties"].items()
            assert wanted == {"type": "string", "minLength": 1}
    assert Path("docs/batch.schema.json").read_text(encoding="utf-8") == schema_text()
