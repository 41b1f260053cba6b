"""A sandbox with small bots that speak the Bot API over HTTP, for tests of what people do on their phones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sandbox.server import running
from sandbox.settings import Bot, Settings

Json = dict[str, Any]
HARMLESS = ("query is too old", "message is not modified")
TOKEN = "4242:SCRIPTED-bot-token"


class ScriptedBot:
    """Calls methods of the Bot API, and hears updates one by one, as a test's script wants it."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http, self._token = http, token
        self._offset = 0
        self._unheard: list[Json] = []

    async def call(self, method: str, **parameters: Any) -> Any:
        """The `result` of a method; a refusal is an error of the test, unless it is harmless."""
        answer = (await self._http.post(f"/bot{self._token}/{method}", json=parameters, timeout=60)).json()
        if not answer["ok"] and any(text in answer["description"] for text in HARMLESS):
            return None
        assert answer["ok"], f"{method}: {answer}"
        return answer["result"]

    async def hear(self, wait_s: int = 20) -> list[Json]:
        """The next updates, confirmed as soon as they are asked for again."""
        if self._unheard:
            unheard, self._unheard = self._unheard, []
            return unheard
        found: list[Json] = await self.call("getUpdates", offset=self._offset, timeout=wait_s)
        if found:
            self._offset = found[-1]["update_id"] + 1
        return found

    async def heard(self, kind: str) -> Json:
        """The next update of a kind, such as `message`; others are passed over."""
        while True:
            updates = await self.hear()
            for number, update in enumerate(updates):
                if kind in update:
                    self._unheard = updates[number + 1 :]
                    content: Json = update[kind]
                    return content

    async def say(self, chat_id: int, text: str, rows: list[list[tuple[str, str]]] | None = None, **more: Any) -> int:
        """Sends a text with inline buttons (label, data); gives the message's id."""
        message = await self.call("sendMessage", chat_id=chat_id, text=text, **_keyboard(rows), **more)
        return int(message["message_id"])

    async def edit(
        self, chat_id: int, message_id: int, text: str, rows: list[list[tuple[str, str]]] | None = None, **more: Any
    ) -> None:
        """Edits a text and its buttons."""
        await self.call("editMessageText", chat_id=chat_id, message_id=message_id, text=text, **_keyboard(rows), **more)


def _keyboard(rows: list[list[tuple[str, str]]] | None) -> Json:
    if rows is None:
        return {}
    keys = [[{"text": label, "callback_data": data} for label, data in row] for row in rows]
    return {"reply_markup": {"inline_keyboard": keys}}


@dataclass(frozen=True)
class Question:
    """One task: with `labels` to tap, or, without any, to be answered by a text."""

    item: str
    labels: tuple[str, ...] = ()


@dataclass
class QuizBot:
    """Asks for a language and a name, then hands out questions, in one message that is edited.

    A text answer is echoed and must be confirmed. `answers` is what a database would hold: one answer a person
    and question, whatever was tapped twice; `repeats` counts the taps that came again.
    """

    bot: ScriptedBot
    questions: tuple[Question, ...]
    answers: dict[tuple[int, int], str] = field(default_factory=dict)
    skipped: set[tuple[int, int]] = field(default_factory=set)
    languages: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    repeats: int = 0
    asked_for_work: int = 0
    _next: dict[int, int] = field(default_factory=dict)
    _draft: dict[int, str] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """The bot runs while the block does; if it fails, so does the block."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self._run())
            yield
            task.cancel()

    async def has_answers(self, number: int) -> None:
        """Returns when so many answers are there."""
        while len(self.answers) < number:
            self._changed.clear()
            await self._changed.wait()

    async def _run(self) -> None:
        while True:
            for update in await self.bot.hear():
                if "message" in update:
                    await self._heard_text(update["message"])
                elif "callback_query" in update:
                    await self._heard_tap(update["callback_query"])
                self._changed.set()

    async def _heard_text(self, message: Json) -> None:
        person, text = message["from"]["id"], message.get("text", "")
        if text == "/start":
            rows = [[("English", "lang:en"), ("Kiswahili", "lang:sw")], [("አማርኛ", "lang:am")]]
            await self.bot.say(person, "Which language?", rows)
        elif text == "/work":
            self.asked_for_work += 1
            await self.bot.say(person, *self._screen(person))
        elif person not in self.names:
            self.names[person] = text
            await self.bot.say(person, *self._screen(person))
        else:
            self._draft[person] = text
            question = self.questions[self._next[person]]
            rows = [[("Yes", "keep"), ("No", "drop")]]
            await self.bot.say(person, f"{question.item}\n\nYou wrote: {text}\nIs that right?", rows)

    async def _heard_tap(self, query: Json) -> None:
        person, data, message = query["from"]["id"], query["data"], query["message"]
        kind, _, rest = data.partition(":")
        toast = "Saved"
        if kind == "lang" and person not in self.languages:
            self.languages[person] = rest
            await self._answer(query, "")
            await self.bot.edit(person, message["message_id"], "Thank you. What is your name?")
            return
        number = self._next.get(person, 0)
        if (
            kind == "lang"
            or (kind == "keep" and person not in self._draft)
            or (kind in {"a", "skip"} and int(rest.partition(":")[0]) != number)
        ):
            self.repeats += 1
            await self._answer(query, "Already saved")
            return
        if kind == "a":
            self.answers[person, number] = self.questions[number].labels[int(rest.partition(":")[2])]
        elif kind == "keep":
            self.answers[person, number] = self._draft.pop(person)
        elif kind == "skip":
            self.skipped.add((person, number))
            toast = "Skipped"
        self._next[person] = number + 1
        await self._answer(query, toast)
        await self.bot.edit(person, message["message_id"], *self._screen(person))

    async def _answer(self, query: Json, text: str) -> None:
        await self.bot.call("answerCallbackQuery", callback_query_id=query["id"], text=text)

    def _screen(self, person: int) -> tuple[str, list[list[tuple[str, str]]]]:
        number = self._next.setdefault(person, 0)
        if number >= len(self.questions):
            return "No more work for now.", []
        question = self.questions[number]
        rows = [[(label, f"a:{number}:{i}")] for i, label in enumerate(question.labels)]
        text = f"Task {number + 1} of {len(self.questions)}\n\n“{question.item}”\n\nPays 0.02 USD"
        return text, [*rows, [("Skip", f"skip:{number}")]] if question.labels else rows


@dataclass(frozen=True)
class Stage:
    """A sandbox with one bot that does what a test tells it."""

    base_url: str
    bot: ScriptedBot
    http: httpx.AsyncClient

    async def person(self, first_name: str = "Asha", language_code: str = "en", *, started: bool = True) -> int:
        """Somebody new, who has sent /start already, and the bot has heard it."""
        person = {"first_name": first_name, "language_code": language_code}
        user_id = int((await self.http.post("/sandbox/users", json=person)).json()["id"])
        if started:
            await self.http.post(f"/sandbox/users/{user_id}/messages", json={"text": "/start"})
            while (await self.bot.heard("message"))["from"]["id"] != user_id:
                pass
        return user_id


@asynccontextmanager
async def open_stage(port: int = 0, state_file: Path | None = None) -> AsyncIterator[Stage]:
    """A sandbox in this event loop, gone at the end of the block; what is in `state_file` is taken over."""
    settings = Settings((Bot(TOKEN, "scripted_bot", "Scripted"),), port=port, state_file=state_file)
    async with running(settings) as sandbox, httpx.AsyncClient(verify=False, base_url=sandbox.base_url) as http:
        yield Stage(sandbox.base_url, ScriptedBot(http, TOKEN), http)
