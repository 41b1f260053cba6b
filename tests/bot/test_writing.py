"""Answers that are written: echoed, confirmed, and counted once."""

from tests.bot.chat import Chat, own_language


async def test_a_text_is_echoed_and_counts_once_it_is_confirmed(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    echo = await person.say("my  own   <b>words</b>")
    assert "my own <b>words</\u2060b>" in echo.text  # so broken that no phone takes it for a command
    assert await person.answers() == 0
    screen = await person.tap("ok:.*")
    assert "+$0.02" in screen.text
    assert await chat.value("SELECT value #>> '{}' FROM answer WHERE batch_id = $1", batch.batch_id) == (
        "my own <b>words</b>"
    )


async def test_a_text_can_be_written_again_before_it_is_sent(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    await person.say("first words")
    echo = await person.say("better words")
    await person.tap("ok:.*", echo)
    assert await chat.value("SELECT value #>> '{}' FROM answer WHERE batch_id = $1", batch.batch_id) == "better words"


async def test_an_old_echo_does_not_send_newer_words(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    old = await person.say("first words")
    await person.say("better words")
    screen = await person.tap("ok:.*", old)
    assert await person.answers() == 0
    assert "better words" in screen.text
    await person.tap("ok:.*", screen)
    assert await chat.value("SELECT value #>> '{}' FROM answer WHERE batch_id = $1", batch.batch_id) == "better words"


async def test_what_was_written_is_shown_until_it_is_sent(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    echo = await person.say("my words")
    await person.tap(r"s:\d+")
    assert (await person.tap(r"b:\d+")).text == echo.text
    again = await person.say("/work")
    assert again.text == echo.text
    screen = await person.tap("ok:.*", again)
    assert "my words" not in screen.text
    assert await person.answers() == 1


async def test_a_text_confirmed_twice_counts_once(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    echo = await person.say("words")
    await person.finger("ok:.*", echo, repeat=3)
    screen = await person.settled()
    assert await person.answers() == 1
    assert screen.text.startswith(("✓", "sentence"))
    await person.say("more words")
    await person.finger("ok:.*", echo)
    assert person.toast is not None
    assert "counts once" in person.toast
    assert await person.answers() == 1


async def test_a_text_too_short_or_too_long_is_sent_back_with_the_reason(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language, least_characters=5, most_characters=10)
    person = await chat.worker(language)
    task = await person.begin(batch)
    short = await person.say("a b")
    assert "at least 5 characters" in short.text
    assert short.lease_id == task.lease_id
    long = await person.say("x" * 11)
    assert "at most 10 characters. Yours has 11." in long.text
    assert (await person.say("\u200b\u2060" * 20)).text.startswith("⚠️")
    assert await person.answers() == 0


async def test_a_text_where_a_button_is_wanted_is_told_so(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    task = await person.begin(batch)
    screen = await person.say("good")
    assert "Tap one of the buttons" in screen.text
    assert screen.lease_id == task.lease_id


async def test_a_written_task_can_be_skipped_at_its_echo(chat: Chat) -> None:
    language = own_language()
    batch = await chat.text_batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    echo = await person.say("words")
    await person.tap(r"s:\d+", echo)
    screen = await person.tap(r"s:\d+:hard")
    assert "Skipped" in screen.text
    assert await person.answers() == 0
    await person.tap("ok:.*", echo)
    assert await person.answers() == 0
