"""The languages of a batch's instructions, held against each other, as the batch's page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from crowd.batches.spec import BatchSpec
from crowd.parity.figures import Found, Measure
from crowd.parity.flags import Flag, Parity


@dataclass(frozen=True, slots=True)
class ShownLanguage:
    """One language: what was found of who read it, and the flags that stand on it."""

    language: str
    found: Mapping[Measure, Found]
    flags: tuple[Flag, ...]
    instructions: str | None
    """None: the batch has none in it any more."""

    @property
    def workers(self) -> int:
        """Who read it and met golds."""
        return max(each.workers for each in self.found.values()) if self.found else 0


@dataclass(frozen=True, slots=True)
class ShownParity:
    """What the card tells."""

    parity: Parity
    languages: tuple[ShownLanguage, ...]
    reference: str
    """The language whose instructions the others are read beside."""
    text: str
    """These."""

    @property
    def flagged(self) -> tuple[ShownLanguage, ...]:
        """Those on which a flag stands."""
        return tuple(each for each in self.languages if each.flags)


def shown_parity(spec: BatchSpec, parity: Parity) -> ShownParity | None:
    """None where nothing could be compared yet."""
    compared = parity.look.languages() if parity.look else ()
    names = sorted({*compared, *parity.flagged})
    if not names:
        return None
    languages = tuple(_shown(spec, parity, name) for name in names)
    reference = _reference(spec, parity.flagged)
    return ShownParity(parity, languages, reference, spec.instructions[reference])


def _shown(spec: BatchSpec, parity: Parity, name: str) -> ShownLanguage:
    flags = tuple(flag for flag in parity.standing if flag.language == name)
    found = parity.look.of(name) if parity.look else {}
    return ShownLanguage(name, found, flags, spec.instructions.get(name))


def _reference(spec: BatchSpec, flagged: tuple[str, ...]) -> str:
    """The batch's own language, English, or the first; one that is not flagged, if there is one."""
    order = [code for code in (spec.language, "en", *spec.instructions) if code in spec.instructions]
    return next((code for code in order if code not in flagged), order[0])
