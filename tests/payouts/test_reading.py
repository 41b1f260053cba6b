"""What a worker enters, in the scripts and ways that people write it."""

from random import Random

import phonenumbers
import pytest
from babel.core import get_global
from hypothesis import given, settings
from hypothesis import strategies as st
from schwifty import IBAN, registry
from schwifty.exceptions import SchwiftyException

from crowd.payouts.method import Asked
from crowd.payouts.methods import methods
from crowd.payouts.reading import EntryError, Fault, masked, read

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "country", "kept"),
    [
        ("0712 345 678", "KE", "+254712345678"),
        ("+254 712-345-678", "KE", "+254712345678"),
        ("٠٧١٢٣٤٥٦٧٨", "KE", "+254712345678"),
        ("۰۳۰۱۲۳۴۵۶۷۸", "PK", "+923012345678"),
        ("०७१२३४५६७८\u200f", "KE", "+254712345678"),
        ("0911 234 567", "ET", "+251911234567"),
    ],
)
def test_a_phone_number_is_kept_as_e164(text: str, country: str, kept: str) -> None:
    assert read(Asked.PHONE, text, country) == kept
    assert phonenumbers.is_valid_number(phonenumbers.parse(kept))


@pytest.mark.parametrize("text", ["12", "0712", "hello", "+254 712 345 67", "+999 123456789", "0712345678; DROP"])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(EntryError) as raised:
        read(Asked.PHONE, text, "KE")
    assert raised.value.fault is Fault.PHONE


METHODS = methods()


def is_taken(asked: Asked, text: str, country: str) -> bool:
    try:
        read(asked, text, country)
    except EntryError:
        return False
    return True


NUMBERS = [
    (country, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    for country in sorted(phonenumbers.SUPPORTED_REGIONS)
    for kind in phonenumbers.PhoneNumberType.values()
    if (number := phonenumbers.example_number_for_type(country, kind)) is not None
]
"""Of each kind that the numbering plan of a country has."""
WALLETS = sorted(each for each in phonenumbers.SUPPORTED_REGIONS if METHODS["mobile_money"].serves(each, "USD"))


def is_mobile_in(country: str, text: str) -> bool:
    """As the numbering plans have it."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return False
    kinds = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    return (
        phonenumbers.is_valid_number(number)
        and phonenumbers.region_code_for_number(number) == country
        and phonenumbers.number_type(number) in kinds
    )


@pytest.mark.parametrize("country", WALLETS)
def test_mobile_money_goes_to_mobile_numbers_of_the_workers_country_alone(country: str) -> None:
    taken = [number for _, number in NUMBERS if is_taken(Asked.PHONE, number, country)]
    assert taken == [number for _, number in NUMBERS if is_mobile_in(country, number)]
    assert taken, "there are mobile numbers"
    assert {phonenumbers.region_code_for_number(phonenumbers.parse(number)) for number in taken} == {country}


@given(st.data())
@settings(max_examples=300)
def test_a_number_is_taken_exactly_when_the_numbering_plan_has_it(data: st.DataObject) -> None:
    country = data.draw(st.sampled_from(WALLETS))
    own = [number for where, number in NUMBERS if where == country]
    known = data.draw(st.sampled_from(own) | st.sampled_from([number for _, number in NUMBERS]))
    changed = data.draw(st.lists(st.tuples(st.integers(1, len(known) - 1), st.sampled_from("0123456789")), max_size=4))
    digits = list(known)
    for place, digit in changed:
        digits[place] = digit
    text = "".join(digits)[: data.draw(st.integers(len(known) - 2, len(known)))]
    code = f"+{phonenumbers.country_code_for_region(country)}"
    if text.startswith(code) and data.draw(st.booleans()):
        text = data.draw(st.sampled_from(["0", ""])) + text.removeprefix(code)
    assert is_taken(Asked.PHONE, text, country) == is_mobile_in(country, text)


@pytest.mark.parametrize("text", ["+442079460958", "020 2012345", "+255712345678", "0800 123 456"])
def test_landlines_and_numbers_of_other_countries_have_no_wallet_here(text: str) -> None:
    assert not is_taken(Asked.PHONE, text, "KE")


def has_ibans(country: str) -> bool:
    try:
        return registry.get_iban_spec(country).country == country
    except SchwiftyException:
        return False


WITH_IBANS = sorted(country for country in get_global("territory_currencies") if has_ibans(country))
EUROPE = {
    "AD", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MC", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "SM", "VA",
}  # fmt: skip
"""That are in the euro payments area for sure (European Payments Council, list of SEPA scheme countries)."""


def as_by_hand(text: str) -> bool:
    """The check digits by ISO 13616, and the form that the IBAN registry has for the country."""
    turned = text[4:] + text[:4]
    form = registry.get_iban_spec(text[:2]).regex
    return int("".join(str(int(each, 36)) for each in turned)) % 97 == 1 and form.fullmatch(text[4:]) is not None


@pytest.mark.filterwarnings("ignore:No national checksum")
@pytest.mark.parametrize("country", WITH_IBANS)
@settings(max_examples=25)
@given(
    seed=st.integers(0, 2**31),
    mistyped=st.lists(st.tuples(st.integers(2, 14), st.sampled_from("0123456789AZ")), max_size=2),
)
def test_an_iban_is_taken_exactly_when_it_is_right(country: str, seed: int, mistyped: list[tuple[int, str]]) -> None:
    text = made = IBAN.random(country_code=country, random=Random(seed)).compact
    for place, letter in mistyped:
        text = text[:place] + letter + text[place + 1 :]
    if text == made:
        assert read(Asked.IBAN, text, country) == made
    elif is_taken(Asked.IBAN, text, country):
        assert as_by_hand(text)
    try:
        IBAN(text, validate_bban=True)
    except SchwiftyException:
        assert not is_taken(Asked.IBAN, text, country)
    assert METHODS["bank"].takes(Asked.IBAN, text) == METHODS["bank"].serves(country, "EUR")


def test_euros_go_to_accounts_where_they_are_sent_as_at_home_and_nowhere_else() -> None:
    served = {country for country in get_global("territory_currencies") if METHODS["bank"].serves(country, "EUR")}
    assert served >= EUROPE
    assert not served & {"BR", "SA", "TR", "UA", "PK", "AE", "IL", "KZ", "GE", "EG", "TN"}
    for text in ("BR1800360305000010009795493C1", "SA0380000000608010167519"):
        assert read(Asked.IBAN, text, "DE") == text, "an IBAN it is"
        assert not METHODS["bank"].takes(Asked.IBAN, text)


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("Amina Juma", True), ("أمينة جمعة", True), ("王芳", True), ("Ñandú Ó", True),
        ("𝔸𝔹", False), ("𝔸𝔹 𝒞", False), ("𞤀𞤣", False), ("A 𝔹", False), ("ߒߞߏ", False),
    ],
)  # fmt: skip
def test_a_name_that_no_bank_could_read_is_not_taken_for_a_bank(name: str, taken: bool) -> None:
    assert METHODS["bank"].takes(Asked.NAME, read(Asked.NAME, name, "DE")) == taken
    assert METHODS["mobile_money"].takes(Asked.NAME, name), "its file has all letters"


def test_an_iban_is_kept_without_blanks_and_a_mistyped_digit_is_found() -> None:
    for text in ("de89 3704 0044 0532 0130 00", "DE89-3704-0044-0532-0130-00", "DE89370400440532013000"):
        assert read(Asked.IBAN, text, "DE") == "DE89370400440532013000"
    right = "DE89370400440532013000"
    for place in range(4, len(right)):
        for digit in "0123456789":
            wrong = right[:place] + digit + right[place + 1 :]
            if wrong != right:
                with pytest.raises(EntryError) as raised:
                    read(Asked.IBAN, wrong, "DE")
                assert raised.value.fault is Fault.IBAN


@given(st.sampled_from(["DE", "FR", "ES", "NL", "BE", "IT", "AT", "PT", "FI"]), st.integers(0, 2**31))
def test_every_iban_is_taken(country: str, seed: int) -> None:
    made = IBAN.random(country_code=country, random=Random(seed))
    assert read(Asked.IBAN, made.formatted, country) == made.compact


def test_names_and_words_are_tidied_and_those_without_letters_refused() -> None:
    assert read(Asked.NAME, "  أمينة\n Juma ", "KE") == "أمينة Juma"
    assert read(Asked.WORDS, "call 0712", "KE") == "call 0712"
    for text, fault in (("1234", Fault.NAME), ("", Fault.EMPTY), ("\u200b \n", Fault.EMPTY), ("a" * 201, Fault.LONG)):
        with pytest.raises(EntryError) as raised:
            read(Asked.NAME, text, "KE")
        assert raised.value.fault is fault


@given(
    st.sampled_from(Asked),
    st.text(st.characters(exclude_categories=[]), max_size=250),
    st.sampled_from(["KE", "DE", "ZZ"]),
)
def test_whatever_is_entered_is_kept_or_refused(asked: Asked, text: str, country: str) -> None:
    try:
        kept = read(asked, text, country)
    except EntryError:
        return
    assert kept
    assert read(asked, kept, country) == kept, "what is kept would be taken again"
    assert kept.encode()


def test_screens_show_the_last_characters_alone() -> None:
    assert masked("+254712345678") == "•••• 5678"
    assert masked("1234567") == "••••"
