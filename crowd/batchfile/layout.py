"""Which columns of a file with items stand for what."""

import re
from dataclasses import dataclass

from crowd.batch import BatchSpec
from crowd.batchfile.problem import Problem, Problems, error, listed, near, shown, warning
from crowd.kinds import AnyKind

ID, GOLD, EXPLANATION = "id", "gold", "explanation"

_EXPLANATION = re.compile(r"explanation_([A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*)")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where cells are found. Names are Kazi's; `called` gives the requester's."""

    kind_columns: tuple[str, ...]
    gold: bool
    explanations: tuple[tuple[str, str], ...]
    """Locale and Kazi's name of each column with explanations."""
    called: dict[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns that are read, in this order: id, the kind's, gold, explanations."""
        return (ID, *self.kind_columns, *((GOLD,) if self.gold else ()), *(name for _, name in self.explanations))

    @property
    def wanted(self) -> tuple[str, ...]:
        """The requester's names of `names`."""
        return tuple(self.called[name] for name in self.names)


def known_columns(spec: BatchSpec, kind: AnyKind) -> list[str]:
    """Kazi's names of the columns that a batch of this kind may have; `explanation` stands for one per locale too."""
    return [ID, *(column.name for column in kind.columns(spec)), GOLD, EXPLANATION]


def is_explanation(name: str) -> bool:
    """Whether it names the explanations in one locale."""
    return _EXPLANATION.fullmatch(name) is not None


def read_layout(
    spec: BatchSpec, kind: AnyKind, found: tuple[str, ...], *, file: str, problems: Problems
) -> Layout | None:
    """Find the columns of a batch among those of its items, or None when one that is needed is missing."""
    needed = [column.name for column in kind.columns(spec) if column.required]
    optional = [column.name for column in kind.columns(spec) if not column.required]
    errors = problems.errors
    for name, yours in spec.columns.items():
        if yours not in found:
            problems.add(_missing(file, name, yours, found))
    twice = sorted({name for name in found if name and found.count(name) > 1})
    if twice:
        problems.add(error(file, 1, None, f"has more than one column {listed(twice)}", "Give each a name of its own."))
    called = _called(spec, found)
    for name in (ID, *needed):
        if name not in called and name not in spec.columns:
            problems.add(_missing(file, name, name, found))
    explanations = _explanations(spec, called)
    if EXPLANATION in called and sum(locale == spec.language for locale, _ in explanations) > 1:
        what = f"“explanation” and “explanation_{spec.language}” are both in the batch's language"
        problems.add(error(file, 1, None, what, "Keep one of the two."))
    if problems.errors > errors:
        return None
    kind_columns = (*needed, *(name for name in optional if name in called))
    layout = Layout(kind_columns, GOLD in called, explanations, called)
    _warn_of_the_rest(file, found, layout, known_columns(spec, kind), problems)
    return layout


def _called(spec: BatchSpec, found: tuple[str, ...]) -> dict[str, str]:
    """The requester's name for each of Kazi's that is there."""
    taken = set(spec.columns.values())
    called = {name: name for name in found if name and name not in taken and name not in spec.columns}
    return called | {name: yours for name, yours in spec.columns.items() if yours in found}


def _explanations(spec: BatchSpec, called: dict[str, str]) -> tuple[tuple[str, str], ...]:
    plain = [(spec.language, EXPLANATION)] if EXPLANATION in called else []
    matches = (_EXPLANATION.fullmatch(name) for name in called)
    return (*plain, *((match[1], match[0]) for match in matches if match))


def _missing(file: str, name: str, yours: str, found: tuple[str, ...]) -> Problem:
    named = [each for each in found if each]
    meant = near(yours, named)
    have = f"It has {listed(named)}." if named else "Its header is empty."
    how = f"Did you mean {shown(meant)}? " if meant else ""
    mend = f"{have} {how}Rename the column, or write `columns: {{{name}: your_name}}` into the batch file."
    return error(file, 1, None, f"has no column {shown(yours)}", mend)


def _warn_of_the_rest(file: str, found: tuple[str, ...], layout: Layout, known: list[str], problems: Problems) -> None:
    wanted = set(layout.wanted)
    rest = [name for name in found if name and name not in wanted]
    if not rest:
        return
    unused = [name for name in known if name not in layout.called]
    guesses = ((name, near(name, unused)) for name in rest[:20])
    hints = [f"{shown(name)} might be {shown(meant)}" for name, meant in guesses if meant]
    mend = f"{'; '.join(hints)}: rename it if so." if hints else "Nothing need be done if that is meant."
    problems.add(warning(file, 1, None, f"has columns that are ignored: {listed(rest)}", mend))
