"""The letters by which answers of a pack are named: those that people count with where they are."""

from collections.abc import Mapping

LATIN = "abcdefghijklmnopqrstuvwxyz"

_BY_LANGUAGE: Mapping[str, str] = {
    "am": "ሀለሐመሠረሰሸቀበተቸኀነኘአከኸወዐዘዠየደጀገጠጨጰጸፀፈፐ",
    "ar": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
    "bn": "কখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহ",
    "fa": "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
    "gu": "કખગઘચછજઝટઠડઢણતથદધનપફબભમયરલવશષસહ",
    "hi": "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
    "km": "កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភមយរលវសហឡអ",
    "ko": "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허",
    "lo": "ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮ",
    "my": "ကခဂဃငစဆဇညတထဒဓနပဖဗဘမယရလဝသဟအ",
    "pa": "ਕਖਗਘਚਛਜਝਟਠਡਢਣਤਥਦਧਨਪਫਬਭਮਯਰਲਵਸਹ",
    "ru": "абвгдежзиклмнопрстуфхцчшщэюя",
    "si": "අආඇඉඊඋඑඔකගචජටඩතදනපබමයරලවසහ",
    "ta": "அஆஇஈஉஊஎஏஐஒஓகசடதபறயரலவழளநமன",
    "te": "అఆఇఈఉఊఎఏఐఒఓకగచజటడతదనపబమయరలవశసహ",
    "th": "กขคงจฉชซญดตถทธนบปผพฟภมยรลวศสหอฮ",
    "uk": "абвгдежзиклмнопрстуфхцчшщюя",
    "ur": "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنوہی",
}
_LIKE = {"mr": "hi", "ne": "hi"}

# Letters of different alphabets that look the same on a phone, small or large.
_ALIKE = (
    "aаα", "bвβ", "cс", "eеε", "hнη", "kкκ", "mм", "oоο", "pрρ", "tтτ", "xхχ", "yуυ", "iіι", "jј", "sѕ", "nп",
    "uи", "rг",
)  # fmt: skip
_FORMS = {"ا": "أآإٱ", "أ": "اآإٱ", "ی": "يى", "ي": "یى", "ک": "ك", "ك": "ک", "ه": "ةۃہھ", "ہ": "هھة", "و": "ؤ"}
"""How a letter is also typed."""


def letters_of(locale: str) -> str:
    """The letters that answers are named by in a locale, in their order."""
    language = locale.replace("_", "-").split("-", maxsplit=1)[0]
    return _BY_LANGUAGE.get(_LIKE.get(language, language), LATIN)


def places(shown: str, answers: int) -> dict[str, int]:
    """By letter that may be typed, the place of the answer that it names; of so many answers, from 0.

    Those that are shown, in each of their forms, and Latin ones too; but none that somebody could take for another
    letter that is shown.
    """
    known = {letter: place for place, letter in enumerate(shown[:answers])}
    for letter, place in list(known.items()):
        for form in _FORMS.get(letter, ""):
            known.setdefault(form, place)
    for place, letter in enumerate(LATIN[:answers]):
        if all(known.get(other, place) == place for other in _looks_like(letter)):
            known.setdefault(letter, place)
    return known


def _looks_like(letter: str) -> set[str]:
    return {other for alike in _ALIKE if letter in alike for other in alike}
