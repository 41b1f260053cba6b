"""What is said of a field, in Nepali and in English."""

from collections.abc import Mapping, Sequence

_DIGITS = str.maketrans("0123456789", "०१२३४५६७८९")

_CROP_NE = {"maize": "मकै", "cotton": "कपास"}
_LEAVES_NE = {"maize": "पात लामा र झुकेका", "cotton": "पात चौडा"}
_LEAVES_EN = {"maize": "long, arching leaves", "cotton": "broad leaves"}

_WEEDS_NE = {
    "grass": "घाँस, एकै ठाउँबाट निस्केका धेरै मसिना पात",
    "rosette": "जमिनमा तारा जस्तै फैलिएका पात",
    "creeper": "जमिनमा फैलिने डाँठ र साना पात",
    "upright": "ठाडो डाँठको वरिपरि अण्डाकार पात",
    "seedlings": "एकै ठाउँमा धेरै मसिना झार",
}
_WEEDS_EN = {
    "grass": "grass, many thin leaves from one place",
    "rosette": "leaves that lie flat on the ground like a star",
    "creeper": "creeping stems with small leaves",
    "upright": "oval leaves all around an upright stem",
    "seedlings": "very many tiny weeds close together",
}


def named_field(number: int, crop: str) -> str:
    """What stands below its picture."""
    return f"खेत {number:02}, {_CROP_NE[crop]}".translate(_DIGITS)


def explained(crop: str, where: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What is seen, and where, by language."""
    if not where:
        return {
            "ne": f"झार छैन: हरियो सबै {_CROP_NE[crop]} हो, लहरमा छ र {_LEAVES_NE[crop]} छन्।",
            "en": f"No weeds: all that is green is {crop}, in its row and with {_LEAVES_EN[crop]}.",
        }
    ne = "; ".join(f"{', '.join(cells)}: {_WEEDS_NE[kind]}" for kind, cells in where.items())
    en = "; ".join(f"{', '.join(cells)}: {_WEEDS_EN[kind]}" for kind, cells in where.items())
    return {
        "ne": f"झार — {ne}। {_CROP_NE[crop]} लहरमा छ, {_LEAVES_NE[crop]} छन्।",
        "en": f"Weeds in {en}. The {crop} stands in its rows, with {_LEAVES_EN[crop]}.",
    }
