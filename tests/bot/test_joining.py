"""From /start to the first paid answer."""

from datetime import UTC, datetime

import pytest

from bot.i18n.locales import available, city_of, countries_speaking, country_name, zones_to_choose
from bot.i18n.tongue import tongue
from bot.views import joining
from tests.bot import looks
from tests.bot.chat import Chat, Person, own_language


async def joined(person: Person, language: str, *, start: str = "/start") -> None:
    await person.say(start)
    await person.tap("agree")
    await person.tap(f"lang:{language}")
    await person.tap(f"level:{language}:native")
    await person.tap("langs:done")


@pytest.mark.parametrize("locale", available())
async def test_a_newcomer_gets_from_start_to_a_paid_answer_in_their_language(chat: Chat, locale: str) -> None:
    language = own_language()
    batch = await chat.batch(language, 3, title={"en": f"Title in {language}"})
    voice = tongue(locale)
    person = await chat.person(locale)
    screen = await person.say("/start")
    assert "Amina" in screen.text
    assert screen.labels[0] == "✅ " + voice.say("I agree")
    screen = await person.tap("agree")
    assert voice.say("Which languages do you read and write?") in screen.text
    screen = await person.tap(f"lang:{language}")
    assert voice.say("mother tongue") in screen.labels
    screen = await person.tap(f"level:{language}:native")
    assert voice.say("mother tongue") in screen.text
    screen = await person.tap("langs:done")
    screen = await person.tap("country", screen)
    screen = await person.say(country_name("KE", locale))
    assert country_name("KE", locale) in screen.text
    screen = await person.tap("place:ok")
    assert f"Title in {language}" in screen.text
    screen = await person.tap(f"w:{batch.batch_id}")
    assert "Say what it is." in screen.text
    first = await person.tap(f"go:{batch.batch_id}")
    assert "sentence" in first.text
    second = await person.tap(r"a:\d+:0")
    assert second.message_id == first.message_id
    assert second.edited
    assert voice.gain(20_000, "USD") in second.text
    assert "sentence" in second.text
    assert second.lease_id != first.lease_id
    assert await person.answers() == 1


async def test_a_link_to_a_batch_leads_to_it_after_joining(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, 2, title={"en": "Another one"}, price="0.50")
    batch = await chat.batch(language, 2, title={"en": "The one of the link"})
    person = await chat.person("en")
    await joined(person, language, start=f"/start {batch.slug}")
    if not (await person.screen()).has("place:ok"):
        await person.tap("country:.*")
    screen = await person.tap("place:ok")
    assert "The one of the link" in screen.text
    assert screen.has(f"go:{batch.batch_id}")
    assert "Another one" not in screen.text


async def test_a_link_to_a_batch_hides_no_other_work(chat: Chat) -> None:
    language = own_language()
    other = await chat.batch(language, 2)
    batch = await chat.batch(language, 2)
    person = await chat.worker(language)
    screen = await person.say(f"/start {batch.slug}")
    assert screen.has(f"go:{batch.batch_id}")
    screen = await person.tap("work:1")
    assert screen.has(f"w:{other.batch_id}")
    await person.tap(f"w:{other.batch_id}")
    assert (await person.tap(f"go:{other.batch_id}")).has(r"a:\d+:0")


async def test_a_link_to_a_batch_that_is_not_on_offer_shows_what_is(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 2)
    closed = await chat.batch(language, 2)
    await chat.run("UPDATE batch SET state = 'paused' WHERE id = $1", closed.batch_id)
    person = await chat.worker(language)
    assert (await person.say(f"/start {closed.slug}")).has(f"w:{batch.batch_id}")


async def test_who_moves_can_change_country_and_time_zone(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    await person.say("/languages")
    assert "Tanzania" in (await person.tap("place")).text
    assert "send /country" in (await person.tap("country")).text
    assert "I know no country of that name" in (await person.say("/country Atlantis")).text
    assert "I know no country" not in (await person.say("/country")).text
    assert "Kenya" in (await person.say("/country  kenya")).text
    assert (await person.tap("place:ok")).lease_id == task.lease_id
    row = await chat.value("SELECT country || ' ' || time_zone FROM worker WHERE person_id = $1", person.id)
    assert row == "KE Africa/Nairobi"
    assert await person.state() == "active"


async def test_a_country_is_asked_only_of_those_who_are_in(chat: Chat) -> None:
    person = await chat.person("en")
    assert (await person.say("/country Kenya")).has("agree")
    person = await chat.worker(own_language())
    await person.say("/stop")
    assert (await person.say("/country Kenya")).has("return")
    assert (await person.forge("place")).has("return")
    assert await chat.value("SELECT country FROM worker WHERE person_id = $1", person.id) == "TZ"


async def test_a_link_to_no_batch_is_a_start_like_any_other(chat: Chat) -> None:
    person = await chat.person("en")
    for payload in ("nosuchbatch", "x" * 64, "'; --", "☃", "1 2 3"):
        screen = await person.say(f"/start {payload}")
        assert screen.text.startswith("💬 That link leads to no batch that is open.\n\n")
        assert screen.has("agree")
    assert "That link" not in (await person.say("/start")).text


@pytest.mark.parametrize("steps", range(5))
async def test_who_leaves_while_joining_comes_back_to_where_they_were(chat: Chat, steps: int) -> None:
    language = own_language()
    await chat.batch(language, 1)
    person = await chat.person("sw")
    await person.say("/start")
    for wanted in ["agree", f"lang:{language}", f"level:{language}:good", "langs:done"][:steps]:
        await person.tap(wanted)
    for said in ("/start", "/work", "habari", "/start again"):
        screen = await person.say(said)
        assert screen.has({0: "agree", 1: f"lang:{language}", 2: f"lang:{language}"}.get(steps, "place:ok|country:.*"))


@pytest.mark.parametrize("back", ["/start", "return"])
@pytest.mark.parametrize("steps", range(4))
async def test_who_stops_while_joining_comes_back_to_joining(chat: Chat, steps: int, back: str) -> None:
    language = own_language()
    await chat.batch(language, 1)
    person = await chat.person("sw")
    await person.say("/start")
    for wanted in ["agree", f"lang:{language}", f"level:{language}:good"][:steps]:
        await person.tap(wanted)
    stopped = await person.say("/stop")
    screen = await (person.say(back) if back == "/start" else person.tap(back, stopped))
    assert screen.has(["agree", f"lang:{language}", f"lang:{language}", "place:ok"][steps])
    assert await person.state() == "joining"


async def test_who_comes_back_to_the_languages_still_finds_the_one_of_their_phone(chat: Chat) -> None:
    person = await chat.person("ko")
    await person.say("/start")
    before = await person.tap("agree")
    assert before.has("lang:ko")
    assert (await person.say("/start")).data == before.data


@pytest.mark.parametrize("typed", ["Kenya", "  kENYA ", "케냐"])
async def test_a_country_is_found_by_its_name(chat: Chat, typed: str) -> None:
    person = await chat.person("ko")
    await person.say("/start")
    await person.tap("agree")
    await person.tap("lang:ko")
    await person.tap("level:ko:good")
    await person.tap("langs:done")
    screen = await person.say(typed)
    assert country_name("KE", "ko") in screen.text
    assert city_of("Africa/Nairobi", "ko") in screen.text
    await person.tap("place:ok")
    row = await chat.value("SELECT country || ' ' || time_zone FROM worker WHERE person_id = $1", person.id)
    assert row == "KE Africa/Nairobi"


async def test_accents_and_apostrophes_are_not_needed_in_the_name_of_a_country(chat: Chat) -> None:
    person = await chat.person("fr")
    await joined(person, "fr")
    for typed in ("cote d'ivoire", "Côte d’Ivoire", "COTE D IVOIRE"):
        assert country_name("CI", "fr") in (await person.say(typed)).text


async def test_the_guess_of_a_time_zone_is_where_most_people_live(chat: Chat) -> None:
    person = await chat.person("en")
    await joined(person, "en")
    assert "New York" in (await person.screen()).text


async def test_a_name_of_no_country_asks_again(chat: Chat) -> None:
    person = await chat.person("ko")
    await joined(person, "ko")
    for typed in ("Atlantis", "?", "🇰🇪", "x" * 4096):
        screen = await person.say(typed)
        assert screen.text.startswith("⚠️ " + tongue("ko").say("I know no country of that name."))
        assert tongue("ko").say("If it is not here, write its name as a message.") in screen.text
        assert screen.has("country:KR")


@pytest.mark.parametrize("locale", available())
def test_a_place_is_told_by_its_city_and_the_time_there(locale: str) -> None:
    voice, noon = tongue(locale), datetime(2030, 1, 7, 12, tzinfo=UTC)
    for country, zone, hour in (("TZ", "Africa/Dar_es_Salaam", 15), ("ET", None, 15), ("BR", "America/Manaus", 8)):
        screen = joining.place_screen(voice, looks.worker(country=country, time_zone=zone), noon)
        assert voice.time(noon.replace(hour=hour)) in screen.text
        assert country_name(country, locale) in screen.text
        assert city_of(zone or "Africa/Addis_Ababa", locale) in screen.text
        assert "/" not in screen.text


def test_time_zones_are_one_for_each_way_that_clocks_go() -> None:
    winter = datetime(2030, 1, 7, 17, tzinfo=UTC)
    worker = looks.worker(country="US")
    screen = joining.zone_screen(tongue("en"), worker, winter)
    labels = [button.label.replace("\u202f", " ") for row in screen.buttons for button in row]
    assert labels == [
        "Adak · 7:00 AM", "Honolulu · 7:00 AM", "Anchorage · 8:00 AM", "Los Angeles · 9:00 AM", "Denver · 10:00 AM",
        "Phoenix · 10:00 AM", "Chicago · 11:00 AM", "New York · 12:00 PM",
    ]  # fmt: skip
    assert zones_to_choose("KE", winter) == ("Africa/Nairobi",)
    assert "نيويورك" in "".join(
        button.label for row in joining.zone_screen(tongue("ar"), worker, winter).buttons for button in row
    )


def test_the_countries_of_most_speakers_are_suggested_first() -> None:
    assert countries_speaking("en")[:4] == ("US", "IN", "NG", "PK")
    assert countries_speaking("ar")[0] == "EG"
    assert countries_speaking("pt")[0] == "BR"
    assert "EH" not in countries_speaking("ar")
    assert countries_speaking("ko")[0] in {"KP", "KR"}
    assert len(set(countries_speaking("fr"))) == len(countries_speaking("fr")) > 20


async def test_time_zones_of_a_large_country_can_be_chosen(chat: Chat) -> None:
    person = await chat.person("fr")
    await joined(person, "fr")
    await person.say("Brazil")
    await person.tap("zone")
    screen = await person.tap("zone:America/Manaus")
    assert city_of("America/Manaus", "fr") in screen.text
    await person.tap("place:ok")
    assert await person.state() == "active"


@pytest.mark.parametrize(
    "code", ["", None, "classic-zh-cn", "xx", "x" * 500, "eo", "es-419", "en-001", "-", "pt-br", "ar-EG", "☃", "ary"]
)
async def test_any_language_code_of_a_phone_gets_a_greeting_and_a_place(chat: Chat, code: str | None) -> None:
    person = await chat.person(code)
    screen = await person.say("/start")
    assert screen.has("agree")
    language = own_language()
    await chat.batch(language, 1)
    await person.tap("agree")
    await person.tap(f"lang:{language}")
    await person.tap(f"level:{language}:basic")
    await person.tap("langs:done")
    country = await chat.value("SELECT country FROM worker WHERE person_id = $1", person.id)
    assert country is None or (len(country) == 2 and country.isalpha())
    assert await person.say("Kenya")
    await person.tap("place:ok")
    assert await person.state() == "active"


async def test_another_language_of_screens_can_be_chosen_while_joining(chat: Chat) -> None:
    person = await chat.person("en")
    await person.say("/start")
    await person.tap("l")
    screen = await person.tap("Kiswahili")
    assert screen.labels[0] == "✅ " + tongue("sw").say("I agree")
    await person.tap("agree")
    await person.say("/language")
    screen = await person.tap("한국어")
    assert tongue("ko").say("Which languages do you read and write?") in screen.text


async def test_a_language_of_screens_chosen_before_the_start_is_kept(chat: Chat) -> None:
    person = await chat.person("en")
    assert (await person.say("Hello?")).has("start")
    await person.say("/language")
    screen = await person.tap("Hausa")
    assert screen.labels[0] == "✅ " + tongue("ha").say("I agree")


async def test_whoever_writes_first_is_told_how_to_begin(chat: Chat) -> None:
    for said in ("hi", "/work", "/earnings", "/stop", "/languages", "/nosuch"):
        person = await chat.person("sw")
        screen = await person.say(said)
        assert screen.text
    screen = await person.say("hi")
    assert (await person.tap("start", screen)).has("agree")


async def test_a_language_can_be_taken_away_again(chat: Chat) -> None:
    person = await chat.person("fr")
    await person.say("/start")
    await person.tap("agree")
    await person.tap("lang:fr")
    screen = await person.tap("level:fr:native")
    assert screen.has("langs:done")
    await person.tap("lang:fr")
    screen = await person.tap("level:fr:none")
    assert not screen.has("langs:done")


@pytest.mark.parametrize("typed", ["Hausa", "하우사어", " hausa "])
async def test_a_language_without_open_work_can_be_named(chat: Chat, typed: str) -> None:
    person = await chat.person("ko")
    await person.say("/start")
    await person.tap("agree")
    await person.say(f"/languages {typed}")
    await person.tap("level:ha:good")
    kept = (
        "SELECT level FROM worker_language JOIN worker w ON w.id = worker_id WHERE person_id = $1 AND language = 'ha'"
    )
    assert await chat.value(kept, person.id) == "good"


async def test_a_name_of_no_language_asks_again(chat: Chat) -> None:
    person = await chat.worker("sw")
    for typed in ("Klingonese", "?x", "x" * 4000):
        screen = await person.say(f"/languages {typed}")
        assert screen.text.startswith("⚠️ I know no language of that name.\n\n")
        assert screen.has("lang:sw")
    assert not (await person.say("/languages")).text.startswith("⚠️")


async def test_nobody_joins_without_a_language(chat: Chat) -> None:
    person = await chat.person("fr")
    await joined(person, "fr")
    place = await person.screen()
    await person.say("/languages")
    await person.tap("lang:fr")
    await person.tap("level:fr:none")
    screen = await person.tap("place:ok", place)
    assert screen.has("lang:fr")
    assert await person.state() == "joining"


async def test_every_language_with_work_can_be_chosen(chat: Chat) -> None:
    languages = [own_language() for _ in range(20)]
    for language in languages:
        await chat.batch(language, 1)
    person = await chat.person("en")
    await person.say("/start")
    screen = await person.tap("agree")
    assert {f"lang:{language}" for language in languages} <= set(screen.data)


async def test_who_blocks_while_joining_and_comes_back_is_asked_for_the_rest(chat: Chat) -> None:
    person = await chat.person("sw")
    await person.say("/start")
    await person.tap("agree")
    await person.block(True)
    await person.block(False)
    screen = await person.say("/start")
    assert screen.has("lang:.*")
