"""The panel's words and figures in the requester's language."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from admin import i18n
from admin.i18n import chosen, locales, wording
from admin.web import page

NOW = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.unit


def test_a_locale_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(locale="ar")
    catalog.add("Batches", "دفعات")
    catalog.add(("%(number)s gold", "%(number)s golds"), tuple(f"{form} %(number)s" for form in range(6)))
    written = BytesIO()
    write_po(written, catalog)
    (tmp_path / "ar.po").write_bytes(written.getvalue())
    monkeypatch.setattr(i18n, "_FOLDER", tmp_path)
    caches = (i18n.locales, i18n._translations, i18n.wording, page._templates)
    for cache in caches:
        cache.cache_clear()
    try:
        assert chosen("ar-EG,ar;q=0.9,en;q=0.5") == "ar_EG"
        assert wording("ar_EG").gettext("Batches") == "دفعات"
        arabic = wording("ar")
        assert arabic.direction == "rtl"
        assert arabic.gettext("Batches") == "دفعات"
        assert arabic.ngettext("%(number)s gold", "%(number)s golds", 3) == "3 %(number)s"
        assert page._templates("ar").from_string('{{ _("Batches") }}').render() == "دفعات"
        assert arabic.gettext("Workers") == "Workers", "what is not translated stays in English"
    finally:
        for cache in caches:
            cache.cache_clear()


@pytest.mark.parametrize("locale", locales())
def test_a_language_is_called_by_a_name(locale: str) -> None:
    for code in ("am", "ary", "ha", "sw-KE", "pcm", "ha-Latn-NG"):
        assert wording(locale).language(code) not in {code, code.split("-")[0]}
    assert wording(locale).language("qab") == "qab", "nobody knows a name for it"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "xx",
        "en,en-GB;q=0.5",
        "en_XX",
        "*",
        ";;;,",
        "en;q=x",
        "q=1",
        "é" * 600,
        "sw;q=0,en;q=0.1",
        "../../etc/passwd",
    ],
)
def test_without_a_fitting_locale_it_is_english(said: str) -> None:
    assert chosen(said) == "en"
    assert locales()[0] == "en"


@pytest.mark.parametrize(
    ("micros", "currency", "shown"),
    [
        (20_000, "USD", "$0.02"),
        (0, "USD", "$0.00"),
        (4_095_000, "USD", "$4.095"),
        (1, "USD", "$0.000001"),
        (-25_200_000, "USD", "-$25.20"),
        (1_000_000_000_000_000, "KES", "KES1,000,000,000.00"),
        (1_500_000, "JPY", "¥1.5"),
        (250_000_000, "JPY", "¥250"),
        (9_007_199_254_740_993, "USD", "$9,007,199,254.740993"),
    ],
)
def test_money_is_shown_to_the_last_micro_unit(micros: int, currency: str, shown: str) -> None:
    assert wording("en").money(micros, currency) == shown


def test_a_share_is_never_all_before_it_is_all() -> None:
    percent = wording("en").percent
    assert [percent(share) for share in (0, 0.00001, 0.4, 0.99999, 1)] == ["0%", "0.1%", "40%", "99.9%", "100%"]


def test_times_are_told_as_people_tell_them() -> None:
    words = wording("en")
    assert words.ago(NOW - timedelta(seconds=5), NOW) == "just now"
    assert words.ago(NOW + timedelta(seconds=5), NOW) == "just now"
    assert words.ago(NOW - timedelta(minutes=5), NOW) == "5 minutes ago"
    assert words.ago(NOW - timedelta(days=40), NOW) == "Nov 28, 2029"
    assert words.duration(2_340) == "2.3 sec"
    assert words.duration(150_000) == "2.5 min"


def test_dates_are_written_as_in_ones_country() -> None:
    long_ago = NOW - timedelta(days=40)
    assert chosen("en-gb,en;q=0.5") == "en_GB"
    assert wording("en_GB").ago(long_ago, NOW) == "28 Nov 2029"
    assert wording("en_IN").money(1_234_567_000_000, "INR") == "₹12,34,567.00"


def test_languages_have_names() -> None:
    words = wording("en")
    assert [words.language(code) for code in ("sw", "ary", "pt-BR", "qqq")] == [
        "Swahili", "Moroccan Arabic", "Brazilian Portuguese", "qqq",
    ]  # fmt: skip
