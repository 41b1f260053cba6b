"""Batch files to test with."""

from pathlib import Path

from crowd.batchfile import Checked, Problem, check

SPEC = """\
name: Feelings
kind: choice
language: sw
items: items.csv
currency: USD
price: 0.02
instructions: {en: Choose the feeling}
options:
  - {value: good, label: {en: Good}}
  - {value: bad, label: {en: Bad}}
"""

GOOD_ITEMS = "id,text,gold,explanation_en\n1,habari,,\n2,nzuri sana,good,It is said so\n3,mbaya,bad,\n4,sijui,,\n"


def spec_with(old: str, new: str) -> str:
    """`SPEC` with one thing changed."""
    assert old in SPEC
    return SPEC.replace(old, new)


def scalar(value: str) -> str:
    """A text in YAML's double quotes, with what cannot be seen as escapes."""
    return '"' + "".join(f"\\U{ord(c):08X}" if not c.isprintable() else c for c in value) + '"'


def write(folder: Path, items: str | bytes = GOOD_ITEMS, *, spec: str = SPEC, name: str = "items.csv") -> Path:
    """A batch file and its items; the path of the batch file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "batch.yaml"
    path.write_text(spec.replace("items.csv", name), encoding="utf-8")
    (folder / name).write_bytes(items.encode() if isinstance(items, str) else items)
    return path


def checked(folder: Path, items: str | bytes = GOOD_ITEMS, *, spec: str = SPEC, name: str = "items.csv") -> Checked:
    """The check of such files."""
    return check(write(folder, items, spec=spec, name=name))


def only_error(result: Checked) -> Problem:
    """The one error of a file that cannot be posted."""
    errors = [problem for problem in result.problems if problem.severity == "error"]
    assert len(errors) == 1, [str(problem) for problem in errors]
    assert result.errors == 1
    assert not result.good
    assert result.lines is None
    assert errors[0].mend
    return errors[0]


def warnings(result: Checked) -> list[str]:
    """The warnings as people read them."""
    return [str(problem) for problem in result.problems if problem.severity == "warning"]
