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
    "roots": "ni mizizi",
    "vine": "ni mmea unaoning’inia, mnene kuliko waya",
    "stones": "ni mawe tu, hakuna majivu",
    "tracks": "ni nyayo za mnyama",
    "branch": "ni tawi lililoanguka lenyewe",
}
_DECOYS_EN = {
    "roots": "are roots",
    "vine": "is a hanging vine, thicker than wire",
    "stones": "are stones only, without ash",
    "tracks": "are an animal's tracks",
    "branch": "is a branch that fell by itself",
}


def named_picture(number: int, *, trap: bool, night: bool) -> str:
    """What stands below it."""
    return f"{'Kamera' if trap else 'Simu'} {number:02}, {'usiku' if night else 'mchana'}"


def explained(traces: Mapping[str, Sequence[str]], decoys: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What is seen, and where, by language."""
    sw = "; ".join(f"{', '.join(cells)}: {_TRACES_SW[kind]}" for kind, cells in traces.items())
    en = "; ".join(f"{', '.join(cells)}: {_TRACES_EN[kind]}" for kind, cells in traces.items())
    said = {"sw": f"{sw}." if sw else "Hakuna dalili za watu hapa.", "en": f"{en}." if en else "There are no traces of people here."}
    for kind, cells in list(decoys.items())[:2]:
        said["sw"] += f" {', '.join(cells[:2])} {_DECOYS_SW[kind]}."
        said["en"] += f" What is seen in {', '.join(cells[:2])} {_DECOYS_EN[kind]}."
    return said
