"""What a worker sees of the ladder: the refresher with the reasons, the re-test, and how it went."""

from tests.bot.chat import Chat, Person, own_language
from tests.requester.scene import Item


async def begun(chat: Chat) -> Person:
    language = own_language()
    golds = [Item(f"g{one}", f"gold {one}", "good") for one in range(60)]
    rows = [*golds, *(Item(f"i{one}", f"task {one}") for one in range(60))]
    batch = await chat.batch(language, rows, overlap={"least": 20, "most": 20})
    person = await chat.worker(language)
    await person.begin(batch)
    return person


async def test_a_refresher_shows_what_was_wrong_and_why_and_work_goes_on(chat: Chat) -> None:
    person = await begun(chat)
    screen = await person.screen()
    for _ in range(40):
        screen = await person.tap(r"a:\d+:1")
        if "A short refresher" in screen.text:
            break
    assert "The right answer: Good" in screen.text
    assert "+$0.02" in screen.text
    assert screen.has(r"i:\d+")
    assert (await person.tap(r"b:\d+")).has(r"a:\d+:1")


async def test_a_paused_worker_tries_again_from_the_paused_screen(chat: Chat) -> None:
    person = await begun(chat)
    screen = await person.screen()
    for _ in range(60):
        if "paused for you" in screen.text:
            break
        screen = await person.tap(r"b:\d+") if screen.has(r"b:\d+") else await person.tap(r"a:\d+:1")
    screen = await person.tap("try")
    assert "A re-test is work as usual" in screen.text
    assert "Look again" in screen.text or screen.has("work")
    screen = await person.tap(r"try:\d+")
    assert "The re-test has begun" in screen.text
    assert "The re-test has begun" not in (await person.forge("try:1")).text  # a batch that gives none
    await person.say("/work")
    for _ in range(60):
        screen = await person.tap(r"a:\d+:0")
        assert "practice check" not in screen.text
        if "You passed the re-test" in screen.text:
            break
    assert "You passed the re-test" in screen.text
    assert screen.has(r"a:\d+:0"), "and the next task is there"
