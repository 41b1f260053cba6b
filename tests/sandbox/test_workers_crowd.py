"""Simulated workers on phones of a real sandbox, with a bot that they know nothing of."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.workers import (
    Character,
    Knowledge,
    Limits,
    Manners,
    Report,
    Right,
    Rule,
    SandboxUnreachableError,
    run_crowd,
)
from sandbox.workers.__main__ import run
from tests.sandbox.scripted_bot import Question, QuizBot, ScriptedBot, Stage, open_stage

LABELS = ("Positive", "Neutral", "Negative")
TASKS = tuple(Question(f"Sentence number {n} of this quiz", LABELS) for n in range(20))
ANSWERS = {question.item: LABELS[n % 3] for n, question in enumerate(TASKS)}
MANNERS = Manners(
    rules=(
        Rule(tap="^lang:{language_code}$"),
        Rule(tap="^lang:en$"),
        Rule(when="your name", send="{first_name}"),
        Rule(tap="^keep$"),
    ),
    skip="^skip:",
)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as opened:
        yield opened


def quiz(bot: ScriptedBot, questions: tuple[Question, ...] = TASKS) -> QuizBot:
    return QuizBot(bot, questions)


def knowledge() -> Knowledge:
    return Knowledge(ANSWERS, LABELS)


def recorded(reports: list[Report], questions: tuple[Question, ...] = TASKS) -> dict[tuple[int, int], str]:
    """The answers as the phones saw them, in the form of the bot's own record."""
    numbers = {question.item: number for number, question in enumerate(questions)}
    return {
        (tap.worker, numbers[tap.item]): tap.label
        for report in reports
        for tap in report.taps
        if tap.item is not None and tap.text == "Saved"
    }


async def test_workers_get_through_onboarding_and_answer_everything(stage: Stage) -> None:
    one = quiz(stage.bot)
    people = [
        Character(1.0, language_code="sw", first_name="Asha"),
        Character(1.0, language_code="ko", first_name="가온", seed=2),
    ]
    async with one.at_work():
        reports = await run_crowd(stage.base_url, people, knowledge(), MANNERS, limits=Limits(answers=20))
    assert [report.ended for report in reports] == ["enough", "enough"]
    assert [one.languages[report.worker] for report in reports] == ["sw", "en"]
    assert [one.names[report.worker] for report in reports] == ["Asha", "가온"]
    assert [(report.answers, report.right) for report in reports] == [(20, 20), (20, 20)]
    assert one.answers == recorded(reports)
    assert set(one.answers.values()) == set(LABELS)
    assert all(one.answers[worker, n] == LABELS[n % 3] for worker, n in one.answers)


async def test_what_the_phones_saw_is_what_the_bot_has(stage: Stage) -> None:
    one = quiz(stage.bot)
    people = [Character(0.6, double_tap=0.5, skip=0.2, seed=seed) for seed in range(6)]
    async with one.at_work():
        reports = await run_crowd(
            stage.base_url,
            people,
            knowledge(),
            MANNERS,
            until=lambda _: len(one.answers) + len(one.skipped) == 6 * 20,
        )
    assert one.answers == recorded(reports)
    assert one.repeats > 0
    assert one.skipped
    assert len(one.answers) + len(one.skipped) == 6 * 20
    assert sum(report.answers for report in reports) == len(one.answers)
    right = sum(one.answers[worker, n] == LABELS[n % 3] for worker, n in one.answers)
    assert sum(report.right for report in reports) == right
    taps = [tap for report in reports for tap in report.taps if tap.item]
    assert {tap.text for tap in taps} == {"Saved", "Already saved"}
    assert all(tap.right is (ANSWERS[tap.item] == tap.label) for tap in taps if tap.item)
    assert all(tap.waited_ms > 0 for tap in taps)


async def test_free_texts_are_written_and_confirmed(stage: Stage) -> None:
    questions = tuple(Question(f"Translate this sentence, number {n}") for n in range(5))
    one = quiz(stage.bot, questions)
    rights = {question.item: Right(text=f"Sentensi ya {n}") for n, question in enumerate(questions)}
    people = [Character(1.0), Character(0.0, seed=1)]
    async with one.at_work():
        able, unable = await run_crowd(
            stage.base_url, people, Knowledge(rights), MANNERS, until=lambda _: len(one.answers) == 10
        )
    assert (able.answers, able.right) == (5, 5)
    assert (unable.answers, unable.right) == (5, 0)
    assert [one.answers[able.worker, n] for n in range(5)] == [f"Sentensi ya {n}" for n in range(5)]
    assert all(one.answers[unable.worker, n] != f"Sentensi ya {n}" for n in range(5))
    assert [sent.text for sent in able.sent if sent.item] == [f"Sentensi ya {n}" for n in range(5)]


async def test_an_idle_worker_asks_for_work_and_then_gives_up(stage: Stage) -> None:
    one = quiz(stage.bot, ())
    async with one.at_work():
        (report,) = await run_crowd(
            stage.base_url, [Character(1.0)], knowledge(), MANNERS, limits=Limits(idle_s=0.2, nudges=2)
        )
    assert (report.ended, report.nudges, report.answers) == ("idle", 2, 0)
    assert one.asked_for_work == 2
    assert [sent.text for sent in report.sent] == ["/start", "Worker", "/work", "/work"]


async def test_people_take_their_time(stage: Stage) -> None:
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    one = quiz(stage.bot)
    people = [Character(1.0, speed_s=(2.0, 9.0))]
    async with one.at_work():
        (report,) = await run_crowd(
            stage.base_url, people, knowledge(), MANNERS, limits=Limits(answers=15), pause=pause
        )
    assert (report.ended, report.answers) == ("enough", 15)
    assert len(paused) == 17
    assert all(2.0 <= seconds <= 9.0 for seconds in paused)
    assert len(set(paused)) > 10


async def test_a_crowd_stops_when_its_caller_has_seen_enough(stage: Stage) -> None:
    one = quiz(stage.bot)
    async with one.at_work():
        reports = await run_crowd(
            stage.base_url,
            [Character(1.0, seed=seed) for seed in range(4)],
            knowledge(),
            MANNERS,
            until=lambda reports: sum(report.answers for report in reports) >= 12,
        )
    assert {report.ended for report in reports} == {"stopped"}
    assert 12 <= sum(report.answers for report in reports) <= 15
    assert one.answers == recorded(reports)


async def test_a_waiting_crowd_stops_at_once(stage: Stage) -> None:
    """Nobody answers here: the worker waits on /start, with an hour of patience."""
    stop = asyncio.Event()
    crowd = asyncio.create_task(
        run_crowd(stage.base_url, [Character(1.0)], knowledge(), MANNERS, stop, limits=Limits(idle_s=3600))
    )
    await stage.bot.heard("message")
    stop.set()
    (report,) = await asyncio.wait_for(crowd, 5)
    assert (report.ended, [sent.text for sent in report.sent]) == ("stopped", ["/start"])


async def test_a_tap_without_an_answer_is_recorded_as_such(stage: Stage) -> None:
    stop = asyncio.Event()
    people = [Character(1.0)]
    crowd = asyncio.create_task(
        run_crowd(stage.base_url, people, knowledge(), MANNERS, stop, limits=Limits(idle_s=3600), grace_s=0.1)
    )
    message = await stage.bot.heard("message")
    await stage.bot.say(message["from"]["id"], TASKS[0].item, [[(label, label) for label in LABELS]])
    query = await stage.bot.heard("callback_query")
    stop.set()
    (report,) = await crowd
    (tap,) = report.taps
    assert (tap.data, tap.answered, tap.text, tap.right) == (query["data"], False, None, True)
    assert (report.ended, report.answers) == ("stopped", 0)


async def test_workers_wait_for_a_sandbox_that_comes_back(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    async with open_stage(state_file=state) as stage:
        one = quiz(stage.bot)
        crowd = asyncio.create_task(
            run_crowd(
                stage.base_url,
                [Character(1.0, seed=seed) for seed in range(2)],
                knowledge(),
                MANNERS,
                until=lambda _: len(one.answers) == 40,
                limits=Limits(idle_s=0.3, nudges=100),
            )
        )
        async with one.at_work():
            await one.has_answers(10)
    port = int(stage.base_url.rpartition(":")[2])
    await refuse_connections(port, 6)
    async with open_stage(port, state) as stage:
        one.bot = stage.bot
        async with one.at_work():
            reports = await crowd
    assert recorded(reports).items() <= one.answers.items()
    assert len(one.answers) == 40
    assert sum(report.retries for report in reports) > 0


async def refuse_connections(port: int, number: int) -> None:
    """In place of a sandbox: so many connections that end as soon as they begin."""
    enough = asyncio.Event()
    refused = 0

    def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal refused
        writer.close()
        refused += 1
        if refused == number:
            enough.set()

    async with await asyncio.start_server(refuse, "127.0.0.1", port):
        await asyncio.wait_for(enough.wait(), 20)


async def test_nobody_works_without_a_sandbox() -> None:
    async with open_stage() as stage:
        gone = stage.base_url
    with pytest.raises(SandboxUnreachableError):
        await run_crowd(
            gone,
            [Character(1.0)],
            knowledge(),
            MANNERS,
            limits=Limits(patience_s=0.2),
        )


async def test_a_crowd_runs_as_a_process_and_ends_cleanly_when_told(stage: Stage, tmp_path: Path) -> None:
    one = quiz(stage.bot)
    spec = {
        "people": {"count": 2, "at_once": True},
        "items": ANSWERS,
        "answers": LABELS,
        "manners": {"rules": [{"tap": "^lang:en$"}, {"when": "your name", "send": "{first_name}"}]},
        "limits": {"idle_s": 3600},
    }
    path = tmp_path / "crowd.json"
    path.write_text(json.dumps(spec))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox.workers", "--base-url", stage.base_url, "--spec", str(path)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    async with one.at_work():
        await one.has_answers(40)
        process.send_signal(signal.SIGTERM)
        out, _ = await process.communicate()
    assert process.returncode == 0
    reports = [json.loads(line) for line in out.splitlines()]
    assert [(report["ended"], report["answers"]) for report in reports] == [("stopped", 20), ("stopped", 20)]
    for report in reports:
        taps = [tap for tap in report["taps"] if tap["item"] and tap["text"] == "Saved"]
        assert sum(tap["right"] for tap in taps) == report["right"]
        assert {tap["worker"] for tap in taps} == {report["worker"]}


@pytest.mark.parametrize("spec", ["{}", None])
def test_the_command_says_that_a_spec_cannot_be_used(
    spec: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "crowd.json"
    if spec is not None:
        path.write_text(spec)
    assert run(["--base-url", "http://127.0.0.1:9", "--spec", str(path)]) == 2
    assert "crowd.json cannot be used" in capsys.readouterr().err
