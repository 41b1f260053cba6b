"""Simulated workers for the example batches: what they know, and how they find their way through the bot."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kazi.demo.knowing import batch_of, known, words_of_judges
from sandbox.workers import Character, CrowdSpec, Limits, Manners, Right, Rule, make_people

MANNERS = Manners(
    rules=(
        Rule(tap=r"^s:\d+:hard$"),
        Rule(tap="^fl:"),  # they know no better than they said, and somebody else is asked
        Rule(tap="^agree$"),
        Rule(tap="^level:.*:native$"),
        Rule(tap="^langs:done$"),
        Rule(tap="^lang:{language_code}$"),
        Rule(tap="^place:ok$"),
        Rule(tap="^country:"),
        Rule(tap="^go:"),
        Rule(tap="^po:"),
        Rule(tap="^pn:"),
        Rule(tap="^pa:", pick="any"),
        Rule(tap="^pr:", times=3),
        Rule(tap="^pl$"),
        Rule(tap="^w:"),
        Rule(tap="^ok:"),
        Rule(tap=r"^b:\d+$"),
    ),
    skip=r"^s:\d+$",
    look="^(🖼|🔊) ",
    dont_know="^u:",
)
"""How a worker gets from /start to a task, by the data of the bot's buttons."""

_WAY_S = (0.3, 1.5)
"""Seconds from screen to screen until the first task: whoever watches wants to see the batches fill soon."""


def folders_of(
    examples: Path, *, all_languages: bool = False, only: Sequence[str] = ()
) -> tuple[list[Path], list[Path]]:
    """The folders of examples that are one batch each, and of those that have many.

    With `only`, those of these names alone, such as `weeds`, `tutor` or `tutor/sw-chat`.
    Without `all_languages`, of the second sort those in languages of the first: so the panel shows all on one page, and
    twenty people are enough for each.
    """
    own, several = (sorted(path.parent for path in examples.glob(each)) for each in ("*/batch.yaml", "*/*/batch.yaml"))
    if only:
        named = {path for name in only for path in (*examples.glob(name), *examples.glob(f"{name}/*"))}
        return [path for path in own if path in named], [path for path in several if path in named]
    spoken = {batch_of(folder).language for folder in own}
    return own, [folder for folder in several if all_languages or batch_of(folder).language in spoken]


def crowd_of(own: Sequence[Path], several: Sequence[Path], *, people: int, seed: int, slower: float) -> CrowdSpec:
    """People of differing quality for example folders (batch.yaml, items.csv, and truth.csv where something is true).

    `own` are examples of one folder each, `several` those of examples that have many. `slower` stretches the time they
    take, so that a newcomer finds work left.
    """
    languages = _spoken(own, several)
    crew = [
        replace(person, speed_s=(person.speed_s[0] * slower, person.speed_s[1] * slower))
        for person in make_people(people, seed=seed, languages=languages)
    ]
    return spec_of([*own, *several], crew)


def _spoken(own: Sequence[Path], several: Sequence[Path]) -> list[str]:
    """The languages of people, one after the other.

    Who comes first speaks those of examples of one folder, three to each, so that their batches fill. Languages that
    only the others have come after these, two to each: with one, no task of theirs would have answers enough.
    """
    first = [batch_of(folder).language for folder in own]
    others = sorted({batch_of(folder).language for folder in several} - set(first))
    return first * 3 + others * 2


def spec_of(examples: Sequence[Path], crew: Sequence[Character]) -> CrowdSpec:
    """These people, who know the right answers of some example folders."""
    items: dict[str, Right | str | tuple[str, ...]] = {}
    for folder in examples:
        items |= known(folder)
    answers = {label for right in items.values() if isinstance(right, Right) for label in right.labels}
    answers |= words_of_judges()
    return CrowdSpec(
        characters=tuple(replace(person, way_s=_WAY_S) for person in crew),
        items=items,
        answers=tuple(sorted(answers)),
        manners=MANNERS,
        limits=Limits(idle_s=60, nudges=2),
    )
