"""Which locales there are, and which one a person gets. A locale is a folder with a catalog; nothing lists them."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from unicodedata import normalize
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_timezone_location

from crowd.ownnames import OWN_NAMES

CATALOGS = Path(__file__).parent / "catalogs"
SOURCE = "en"
"""The locale that texts are written in; it needs no catalog."""

# Older codes, and languages whose speakers rather read another's screens than English.
_NEAREST = {
    "ary": "ar", "arz": "ar", "arq": "ar", "apc": "ar", "ajp": "ar", "shi": "ar", "zgh": "ar", "kab": "ar",
    "bm": "fr", "ff": "fr", "ln": "fr", "mg": "fr", "wo": "fr", "sg": "fr", "mos": "fr", "dyu": "fr",
    "ay": "es", "ca": "es", "gl": "es", "gn": "es", "qu": "es", "quc": "es", "kea": "pt_BR",
    "be": "ru", "ce": "ru", "kk": "ru", "ky": "ru", "tg": "ru", "tt": "ru", "uz": "ru",
    "awa": "hi", "bho": "hi", "hne": "hi", "mai": "hi", "mag": "hi", "raj": "hi", "sat": "hi", "gom": "mr", "kok": "mr",
    "sd": "ur", "ks": "ur", "skr": "ur", "pnb": "ur", "pa-arab": "ur", "pa-pk": "ur", "as": "bn", "syl": "bn",
    "prs": "fa", "haz": "fa", "ckb": "ar", "az-ir": "fa", "lrc": "fa", "tk": "ru",
    "in": "id", "jv": "id", "ms": "id", "su": "id", "min": "id", "tl": "fil", "ceb": "fil", "ilo": "fil", "war": "fil",
    "swc": "sw", "swh": "sw", "rn": "rw", "xh": "zu", "nd": "zu", "ss": "zu", "ti": "am", "om": "am", "yue": "zh_Hans",
    "aa": "so", "fuv": "ha", "kr": "ha", "dje": "ha", "shn": "my", "kac": "my", "ksw": "my", "hmn": "lo",
}  # fmt: skip


@cache
def available() -> tuple[str, ...]:
    """Every locale there is a catalog for, and the source."""
    folders = (path.name for path in CATALOGS.iterdir() if (path / "LC_MESSAGES" / "kazi.po").exists())
    return tuple(sorted({SOURCE, *folders}))


def negotiate(code: str | None) -> str:
    """The locale nearest to a language code as phones send it. Any string will do; the last resort is English."""
    wanted = (code or "").strip().replace("_", "-")
    here = {name.replace("_", "-").lower(): name for name in available()}
    parts = wanted.lower().split("-")
    while parts:
        name = "-".join(parts)
        near = _NEAREST.get(name, "").replace("_", "-").lower()
        if name in here or near in here:
            return here.get(name) or here[near]
        same_language = sorted(other for other in here if other.split("-")[0] == name)
        if same_language:
            return here[same_language[0]]
        parts.pop()
    return SOURCE


@cache
def babel_locale(code: str) -> Locale:
    """CLDR's locale for a code; for one that CLDR does not know, the nearest it does."""
    for candidate in (code, code.replace("_", "-").split("-", maxsplit=1)[0], _NEAREST.get(code, ""), SOURCE):
        try:
            return Locale.parse(candidate.replace("-", "_"))
        except (ValueError, UnknownLocaleError, TypeError):
            continue
    return Locale.parse(SOURCE)


@cache
def language_name(code: str, locale: str) -> str:
    """What a language is called, in the language of a locale."""
    return babel_locale(locale).languages.get(code.replace("-", "_")) or own_name(code)


@cache
def own_name(code: str) -> str:
    """What a language calls itself; its code where nobody has said."""
    if code in OWN_NAMES:
        return OWN_NAMES[code]
    try:
        name = Locale.parse(code.replace("-", "_")).display_name
    except (ValueError, UnknownLocaleError):
        name = None
    return (name or babel_locale(SOURCE).languages.get(code) or code).capitalize()


def likely_country(code: str | None) -> str | None:
    """The country where most speakers of a phone's language are, by CLDR's likely subtags."""
    parts = (code or "").replace("_", "-").split("-")
    for part in reversed(parts[1:]):
        if _is_country(part.upper()):
            return part.upper()
    likely: str | None = get_global("likely_subtags").get(parts[0].lower())
    country = likely.rsplit("_", 1)[-1] if likely else ""
    return country if _is_country(country) else None


def _is_country(code: str) -> bool:
    """Not a continent, nor the world, nor what CLDR keeps for tests."""
    return len(code) == 2 and code in babel_locale(SOURCE).territories and bool(time_zones(code))


@cache
def time_zones(country: str) -> tuple[str, ...]:
    """The time zones of a country, by their IANA names."""
    zones = get_global("zone_territories")
    return tuple(sorted(zone for zone, territory in zones.items() if territory == country and "/" in zone))


# Where most people of a country live, for countries of many zones; CLDR does not say.
_MAIN_ZONES = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CY": "Asia/Nicosia",
    "ES": "Europe/Madrid",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "PG": "Pacific/Port_Moresby",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}


def usual_time_zone(country: str) -> str:
    """The time zone that most people of a country are in."""
    return _MAIN_ZONES.get(country) or next(iter(time_zones(country)), "UTC")


# Cities of many people, for zones that hold others too.
_LARGE_CITIES = (
    "America/Edmonton",
    "America/Manaus",
    "America/Rio_Branco",
    "America/Winnipeg",
    "Asia/Krasnoyarsk",
    "Asia/Novosibirsk",
    "Asia/Yakutsk",
    "Europe/Samara",
)


def zones_to_choose(country: str, now: datetime) -> tuple[str, ...]:
    """One time zone of a country for each way its clocks go for a year from now on."""
    known = get_global("windows_zone_mapping").values()
    ways: dict[tuple[timedelta | None, ...], list[str]] = {}
    for zone in time_zones(country):
        there = ZoneInfo(zone)
        way = tuple((now + timedelta(days=day)).astimezone(there).utcoffset() for day in range(0, 366, 7))
        ways.setdefault(way, []).append(zone)
    usual = usual_time_zone(country)
    return tuple(
        min(zones, key=lambda zone: (zone != usual, zone not in _LARGE_CITIES, zone not in known, zone))
        for zones in ways.values()
    )


@cache
def city_of(zone: str, locale: str) -> str:
    """The city by which a time zone is known."""
    try:
        return str(get_timezone_location(zone, locale=babel_locale(locale), return_city=True))
    except KeyError:  # CLDR has hardly any names in it
        return city_of(zone, SOURCE)


@cache
def country_name(country: str, locale: str) -> str:
    """What a country is called."""
    named = babel_locale(locale).territories.get(country) or babel_locale(SOURCE).territories.get(country, country)
    return str(named)


# Islands and outposts where a language may be everybody's and yet few workers live.
_OUTPOSTS = (
    "AC AQ AS AX BL BQ BV CC CK CP CX DG EA EH FK FO GF GG GI GL GP GS GU HM IC IM IO JE KY MF MP MQ MS NC NF NU PF PM "
    "PN PR RE SH SJ SX TA TC TF TK UM VA VG VI WF YT"
)


# Where most speakers of the languages of many countries are; CLDR's share of each country says nothing of its size.
_MOST_SPEAKERS = {
    "ar": "EG DZ SD IQ MA SA YE SY TN JO LY LB",
    "en": "US IN NG PK PH GB ZA KE UG GH CA AU",
    "es": "MX CO ES AR US PE VE CL EC GT CU BO",
    "fr": "FR CD CI CM CA MA DZ MG SN BF ML BE",
    "ha": "NG NE GH CM",
    "pt": "BR AO MZ PT GW CV TL ST",
    "sw": "TZ KE UG CD RW BI",
}


@cache
def countries_speaking(language: str) -> tuple[str, ...]:
    """Countries where a language is spoken, those of most speakers first; where that is not known, of most people."""
    most = _MOST_SPEAKERS.get(language, "").split()
    speakers: list[tuple[float, str]] = []
    for territory, languages in get_global("territory_languages").items():
        share = languages.get(language, {}).get("population_percent", 0)
        if share and len(territory) == 2 and territory not in _OUTPOSTS:
            speakers.append((-share, territory))
    return tuple(dict.fromkeys([*most, *(territory for _, territory in sorted(speakers))]))


@cache
def all_countries(locale: str) -> dict[str, str]:
    """Every country's name as `folded` has it, in a locale and in English, with its code."""
    codes = [code for code in map(str, babel_locale(SOURCE).territories) if _is_country(code)]
    names = {folded(country_name(code, SOURCE)): code for code in codes}
    return {**names, **{folded(country_name(code, locale)): code for code in codes}}


@cache
def all_languages(locale: str) -> dict[str, str]:
    """Every language's name as `folded` has it, in a locale, in English and in its own words, with its code."""
    codes = [code for code in map(str, babel_locale(SOURCE).languages) if code.isalpha() and len(code) in {2, 3}]
    named = {folded(own_name(code)): code for code in {*codes, *OWN_NAMES}}
    for screens in (SOURCE, locale):
        named |= {folded(language_name(code, screens)): code for code in codes}
    return {name: code for name, code in named.items() if name}


def folded(name: str) -> str:
    """A name as people type it on a phone: no accents, apostrophes, hyphens or capitals."""
    return "".join(c for c in normalize("NFKD", name.casefold()) if c.isalnum())
