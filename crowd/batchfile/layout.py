"""Which columns of a file with items stand for what."""

import re
from dataclasses import dataclass
from functools import reduce

from crowd.batches.spec import BatchSpec
from crowd.batchfile.problem import Problem, Problems, error, listed, near, shown, warning
from crowd.kinds import AnyKind
from crowd.sentences import say, together

ID, GOLD, EXPLANATION, PRACTICE = "id", "gold", "explanation", "practice"

_EXPLANATION = re.compile(r"explanation_([A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*)")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where cells are found. Names are Kazi's; `called` gives the requester's."""

    kind_columns: tuple[str, ...]
    gold: bool
    explanations: tuple[tuple[str, str], ...]
    """Locale and Kazi's name of each column with explanations."""
    called: dict[str, str]
    practice: bool

    @property
    def names(self) -> tuple[str, ...]:
        """All columns that are read, in this order: id, the kind's, gold, explanations, practice."""
        gold, practice = (GOLD,) if self.gold else (), (PRACTICE,) if self.practice else ()
        return (ID, *self.kind_columns, *gold, *(name for _, name in self.explanations), *practice)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The requester's names of `names`."""
        return tuple(self.called[name] for name in self.names)


def known_columns(spec: BatchSpec, kind: AnyKind) -> list[str]:
    """Kazi's names of the columns that a batch of this kind may have; `explanation` stands for one per locale too."""
    return [ID, *(column.name for column in kind.columns(spec)), GOLD, EXPLANATION, PRACTICE]


def is_explanation(name: str) -> bool:
    """Whether it names the explanations in one locale."""
    return _EXPLANATION.fullmatch(name) is not None


def read_layout(
    spec: BatchSpec, kind: AnyKind, found: tuple[str, ...], *, file: str, problems: Problems
) -> Layout | None:
    """Find the columns of a batch among those of its items, or None when one that is needed is missing."""
    errors = problems.errors
    for name, yours in spec.columns.items():
        if yours not in found:
            problems.add(_missing(file, name, yours, found))
    twice = sorted({name for name in found if name and found.count(name) > 1})
    if twice:
        what = say("has more than one column {columns}", columns=listed(twice))
        problems.add(error(file, 1, None, what, say("Give each a name of its own.")))
    called = _called(spec, found)
    columns = kind.columns(spec)
    needed = [each.name for each in columns if each.required and not any(name in called for name in each.unless)]
    for name in (ID, *needed):
        if name not in called and name not in spec.columns:
            problems.add(_missing(file, name, name, found))
    explanations = _explanations(spec, called)
    if EXPLANATION in called and sum(locale == spec.language for locale, _ in explanations) > 1:
        what = say(
            "{one} and {other} are both in the batch's language",
            one=shown(EXPLANATION),
            other=shown(f"{EXPLANATION}_{spec.language}"),
        )
        problems.add(error(file, 1, None, what, say("Keep one of the two.")))
    if GOLD in called and not kind.has_golds:
        mend = say("Take the column out: others judge the answers, where the batch file has `judging`.")
        problems.add(error(file, 1, called[GOLD], say("has golds, but nobody knows these answers before"), mend))
    if problems.errors > errors:
        return None
    kind_columns = (*needed, *(each.name for each in columns if each.name in called and each.name not in needed))
    layout = Layout(kind_columns, GOLD in called, explanations, called, PRACTICE in called)
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
    mend = together(
        say("It has {columns}.", columns=listed(named)) if named else say("Its header is empty."),
        *((say("Did you mean {meant}?", meant=shown(meant)),) if meant else ()),
        say("Rename the column, or write {code} into the batch file.", code=f"`columns: {{{name}: your_name}}`"),
    )
    return error(file, 1, None, say("has no column {column}", column=shown(yours)), mend)


def _warn_of_the_rest(file: str, found: tuple[str, ...], layout: Layout, known: list[str], problems: Problems) -> None:
    wanted = set(layout.wanted)
    rest = [name for name in found if name and name not in wanted]
    if not rest:
        return
    unused = [name for name in known if name not in layout.called]
    guesses = ((name, near(name, unused)) for name in rest[:20])
    hints = [
        say("{column} might be {meant}", column=shown(name), meant=shown(meant)) for name, meant in guesses if meant
    ]
    mend = say("Nothing need be done if that is meant.")
    if hints:
        guessed = reduce(lambda before, hint: say("{before}; {next}", before=before, next=hint), hints)
        mend = say("{guesses}: rename it if so.", guesses=guessed)
    problems.add(warning(file, 1, None, say("has columns that are ignored: {columns}", columns=listed(rest)), mend))
