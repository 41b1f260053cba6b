"""What is said of a picture, in Swahili and in English."""

from collections.abc import Mapping, Sequence

_TRACES_SW = {
    "snare": "kitanzi cha waya kilichofungwa kwenye mti",
    "jerrycan": "dumu la plastiki",
    "boots": "nyayo za buti zenye alama za soli, kushoto na kulia",
    "stump": "mti mchanga uliokatwa kwa panga; palipokatwa ni peupe na pameinama",
    "campfire": "moto uliozimika: majivu, makaa na vijiti vilivyoungua",
}
_TRACES_EN = {
    "snare": "a loop of wire, tied to a tree",
    "jerrycan": "a plastic jerrycan",
    "boots": "prints of boots with the pattern of the sole, left and right",
    "stump": "a young tree cut with a bush knife; the cut is pale and slants",
    "campfire": "a cold fire: ash, charcoal and burnt sticks",
}
_DECOYS_SW = {
    "roots": "mizizi", "vine": "mmea unaoning’inia, mnene kuliko waya", "stones": "mawe tu, hakuna majivu",
    "tracks": "nyayo za mnyama", "branch": "tawi lililoanguka lenyewe",
}  # fmt: skip
_DECOYS_EN = {
    "roots": "roots", "vine": "a hanging vine, thicker than wire", "stones": "only stones, no ash",
    "tracks": "tracks of an animal", "branch": "a branch that fell by itself",
}  # fmt: skip


def named_picture(number: int, *, trap: bool, night: bool) -> str:
    """What stands below it."""
    return f"{'Kamera' if trap else 'Simu'} {number:02}, {'usiku' if night else 'mchana'}"


def explained(traces: Mapping[str, Sequence[str]], decoys: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What is seen, and where, by language."""
    sw, en = _listed(traces, _TRACES_SW), _listed(traces, _TRACES_EN)
    said = {
        "sw": f"{sw}." if sw else "Hakuna dalili za watu.",
        "en": f"{en}." if en else "There are no traces of people.",
    }
    if decoys:
        said["sw"] += f" Si dalili — {_listed(decoys, _DECOYS_SW)}."
        said["en"] += f" No traces — {_listed(decoys, _DECOYS_EN)}."
    return said


def _listed(where: Mapping[str, Sequence[str]], words: Mapping[str, str]) -> str:
    return "; ".join(f"{', '.join(cells)}: {words[kind]}" for kind, cells in where.items())
