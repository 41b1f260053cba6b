"""Crowds of plausible people, from a seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.workers.character import Character

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    "en": ("Adaline", "Brantley", "Corrin", "Dexter", "Elowen", "Fenwick", "Garrick", "Harlow"),
    "sw": ("Asha", "Baraka", "Chausiku", "Daudi", "Neema", "Juma", "Rehema", "Zawadi"),
    "ha": ("Amina", "Bala", "Danladi", "Hauwa", "Kande", "Ladi", "Sani", "Tanko"),
    "am": ("አበበ", "ብርቱካን", "ደስታ", "ገነት", "ከበደ", "ሙሉ", "ሰላም", "ትዕግስት"),
    "ar": ("أمل", "بدر", "جميل", "حنان", "سلمى", "طارق", "ليلى", "نور"),
    "fr": ("Aurélie", "Bastien", "Clémence", "Damien", "Élodie", "Fabrice", "Maëlle", "Thibaut"),
    "ko": ("가온", "나래", "다솜", "라온", "마루", "보람", "아라", "하늘"),
}


@dataclass(frozen=True, slots=True)
class _Sort:
    """A sort of worker: its part of the crowd, and the ranges its members' traits are drawn from."""

    share: float
    skill: tuple[float, float]
    speed_s: tuple[float, float]
    double_tap: float = 0.02
    skip: float = 0.02
    dont_know: float = 0.02


SORTS: dict[str, _Sort] = {
    "excellent": _Sort(0.20, (0.95, 0.99), (3.0, 9.0), skip=0.01, dont_know=0.03),
    "good": _Sort(0.40, (0.85, 0.94), (2.0, 7.0)),
    "fair": _Sort(0.25, (0.70, 0.84), (2.0, 6.0), double_tap=0.05, skip=0.04),
    "careless": _Sort(0.10, (0.50, 0.69), (0.8, 3.0), double_tap=0.10, skip=0.01, dont_know=0.0),
    "spammer": _Sort(0.05, (0.0, 0.35), (0.2, 0.8), double_tap=0.20, skip=0.0, dont_know=0.0),
}
"""From the best to the worst. A spammer taps wrong on purpose or without reading."""


def make_people(count: int, *, seed: int = 0, languages: Sequence[str] = ("en",)) -> list[Character]:
    """`count` characters, mixed by `SORTS`' shares, with phones in `languages` in turn.

    The same arguments make the same people. Twenty or more hold at least one of every sort.
    """
    if not languages:
        raise ValueError("people need at least one language")
    chance = random.Random(seed)
    sorts = _mixed(count)
    chance.shuffle(sorts)
    return [_person(SORTS[sort], languages[number % len(languages)], chance) for number, sort in enumerate(sorts)]


def _mixed(count: int) -> list[str]:
    """Names of sorts by their shares; what rounding leaves over goes to the largest remainders."""
    exact = {name: sort.share * count for name, sort in SORTS.items()}
    numbers = {name: int(number + 1e-9) for name, number in exact.items()}
    by_remainder = sorted(SORTS, key=lambda name: numbers[name] - exact[name])
    for name in by_remainder[: count - sum(numbers.values())]:
        numbers[name] += 1
    return [name for name, number in numbers.items() for _ in range(number)]


def _person(sort: _Sort, language_code: str, chance: random.Random) -> Character:
    names = FIRST_NAMES.get(language_code.partition("-")[0], FIRST_NAMES["en"])
    quickness = chance.uniform(0.7, 1.4)
    low, high = sort.speed_s
    return Character(
        skill=round(chance.uniform(*sort.skill), 3),
        speed_s=(round(low * quickness, 2), round(high * quickness, 2)),
        language_code=language_code,
        first_name=chance.choice(names),
        double_tap=sort.double_tap,
        skip=sort.skip,
        dont_know=sort.dont_know,
        seed=chance.getrandbits(32),
    )
