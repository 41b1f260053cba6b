"""What a worker enters, in the scripts and ways that people write it."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN

from crowd.payouts.method import Asked
from crowd.payouts.reading import EntryError, Fault, masked, read

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "country", "kept"),
    [
        ("0712 345 678", "KE", "+254712345678"),
        ("+254 712-345-678", "NG", "+254712345678"),
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
    from random import Random

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
