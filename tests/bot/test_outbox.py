"""What workers are told without having asked."""

from datetime import timedelta

from structlog.testing import capture_logs

from crowd.loop.leases import expire_leases
from tests.bot.chat import Chat, Person, eventually, own_language


async def with_a_task(chat: Chat) -> Person:
    language = own_language()
    batch = await chat.batch(language)
    person = await chat.worker(language)
    await person.begin(batch)
    return person


async def times_up(chat: Chat) -> None:
    chat.clock.advance(timedelta(minutes=11).total_seconds())
    await expire_leases(chat.database)


async def pushes(chat: Chat, person: Person) -> list[dict[str, object]]:
    return [call for call in await chat.calls_to(person, "sendMessage") if "Time for your last" in str(call)]


async def test_whose_time_ran_out_is_told_once_and_silently(chat: Chat) -> None:
    person = await with_a_task(chat)
    task = await person.screen()
    await times_up(chat)
    notice = await person.until(lambda screen: "Time for your last task ran out" in screen.text)
    await times_up(chat)
    told = await pushes(chat, person)
    assert [call["parameters"]["disable_notification"] for call in told] == [True]  # type: ignore[index]
    assert notice.message_id != task.message_id
    await person.tap("work")

    async def nothing_waits() -> bool:
        return bool(await chat.value("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND failed IS NULL") == 0)

    await eventually(nothing_waits)
    assert len(await pushes(chat, person)) == 1


async def test_nobody_is_told_who_blocked_or_stopped(chat: Chat) -> None:
    blocked, stopped, there = [await with_a_task(chat) for _ in range(3)]
    await blocked.block(True)

    async def is_blocked() -> bool:
        return await blocked.state() == "blocked"

    await eventually(is_blocked)
    await chat.run("UPDATE worker SET state = 'stopped' WHERE person_id = $1", stopped.id)
    await times_up(chat)
    await there.until(lambda screen: "Time for your last task ran out" in screen.text)
    assert await pushes(chat, blocked) == []
    assert await pushes(chat, stopped) == []


async def test_who_stops_after_the_notice_was_written_is_not_told(chat: Chat) -> None:
    person = await with_a_task(chat)
    await chat.fault("sendMessage", 429, retry_after=1)
    await times_up(chat)
    await eventually(lambda: used_up(chat))
    await person.say("/stop")
    chat.clock.advance(2)
    await eventually(lambda: given_up(chat, person))
    assert [call["status"] for call in await pushes(chat, person)] == [429]


async def used_up(chat: Chat) -> bool:
    return not (await chat.control("GET", "/faults"))["faults"]


async def given_up(chat: Chat, person: Person) -> bool:
    failed = await chat.value("SELECT failed FROM outbox WHERE person_id = $1 AND sent_at IS NULL", person.id)
    return failed is not None


async def test_a_push_to_one_who_has_blocked_marks_them(chat: Chat) -> None:
    person = await with_a_task(chat)
    await chat.fault("sendMessage", 403, description="Forbidden: bot was blocked by the user")
    await times_up(chat)
    await eventually(lambda: given_up(chat, person))
    assert await person.state() == "blocked"
    await person.say("/work")
    assert await person.state() == "active"


async def test_a_wait_asked_for_holds_all_pushes(chat: Chat) -> None:
    people = [await with_a_task(chat) for _ in range(4)]
    await chat.fault("sendMessage", 429, retry_after=1)
    before = len(await chat.calls("sendMessage"))
    await times_up(chat)
    await eventually(lambda: used_up(chat))

    async def all_told() -> bool:
        chat.clock.advance(1)  # from when the wait is counted is the bot's affair
        screens = [await person.screen() for person in people]
        return all("Time for your last task ran out" in screen.text for screen in screens)

    await eventually(all_told)
    calls = [call for call in (await chat.calls("sendMessage"))[before:] if "Time for your last" in str(call)]
    assert [call["status"] for call in calls] == [429, 200, 200, 200, 200]
    assert calls[1]["at"] - calls[0]["at"] >= 1


async def test_pushes_go_on_after_the_database_was_away(chat: Chat) -> None:
    person = await with_a_task(chat)
    await chat.run("ALTER TABLE outbox RENAME TO outbox_away")
    with capture_logs() as logged:

        async def failed() -> bool:
            return any(one["event"] == "pushing.failed" for one in logged)

        await eventually(failed)
    await chat.run("ALTER TABLE outbox_away RENAME TO outbox")
    await times_up(chat)
    await person.until(lambda screen: "Time for your last task ran out" in screen.text)
