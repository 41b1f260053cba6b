"""Simulated workers for the example batches: what they know, and how they find their way through the bot."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kazi.demo.knowing import batch_of, known, words_of_judges
from sandbox.workers import Character, CrowdSpec, Limits, Manners, Right, Rule, make_people

MANNERS = Manners(
    rules=(
        Rule(tap=r"^s:\d+:hard$"),
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
    dont_know="^u:",
)
"""How a worker gets from /start to a task, by the data of the bot's buttons."""

_WAY_S = (0.3, 1.5)
"""Seconds from screen to screen until the first task: whoever watches wants to see the batches fill soon."""


def crowd_of(examples: list[Path], *, people: int, seed: int, slower: float) -> CrowdSpec:
    """People of differing quality for some example folders (batch.yaml, items.csv, truth.csv).

    `slower` stretches the time they take, so that a newcomer finds work left.
    """
    languages = [batch_of(folder).language for folder in examples]
    crew = [
        replace(person, speed_s=(person.speed_s[0] * slower, person.speed_s[1] * slower))
        for person in make_people(people, seed=seed, languages=languages)
    ]
    return spec_of(examples, crew)


def spec_of(examples: list[Path], crew: Sequence[Character]) -> CrowdSpec:
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
