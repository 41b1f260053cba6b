"""What tests need to know of a kind of task to try it, and a thumb that taps its way through its screens."""

import csv
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import yaml
from hypothesis import strategies as st

from bot.i18n.tongue import tongue
from bot.screens import Button, Screen
from bot.tasks import AnyFace, body_of, face_of
from bot.tasks.base import Message, of_lease
from bot.views.task import task_screen
from crowd.batches.spec import BatchSpec
from crowd.exports.base import value_text
from crowd.kinds import AnyKind, kind_named, load_spec
from crowd.kinds.base import AnswerError, Json, SteppedKind, Takes
from crowd.media.sound import Sound
from crowd.plugins import named_in

LEASE = 2**62
SOME_MEDIA = {
    "picture": json.dumps(["0" * 64, 4000, 3000, "a.jpg"]),
    "sound": json.dumps(["1" * 64, 4200, 3100, -24.5, 0.0, "a.mp3"]),
}
"""What kinds read in the place of a file's name."""
Cells = dict[str, str]


class Sample(Protocol):
    """One kind, as tests try it."""

    @property
    def name(self) -> str:
        """Of the kind."""

    def fields(self) -> dict[str, Any]:
        """What a batch file has of the kind's own, for the tests through the house."""

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        """The same, any that may be posted."""

    def item(self, number: int) -> Cells:
        """The cells of an item of a batch with `fields`."""

    def right(self, number: int) -> Json:
        """The right answer to that item."""

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        """The cells of any item that may be posted."""

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        """In what form the kind's `read_answer` gets that answer."""

    def written(self) -> st.SearchStrategy[str]:
        """Texts that a worker may write as an answer; only asked of kinds that are written."""


@runtime_checkable
class WithFiles(Protocol):
    """A kind whose items name files."""

    def put_files(self, folder: Path, numbers: range) -> None:
        """Put the files of these items of a batch into its folder."""


def samples() -> list[Sample]:
    """Of each kind."""
    from tests.kinds import samples as folder

    return list(named_in(sys.modules[folder.__name__], "SAMPLE").values())


def spec_of(sample: Sample, fields: dict[str, Any]) -> BatchSpec:
    """A batch of the kind, as it is stored."""
    return load_spec(
        {
            "name": "A batch",
            "kind": sample.name,
            "language": "sw",
            "items": "items.csv",
            "currency": "USD",
            "price": "0.02",
            "instructions": {"en": "Do it."},
            "dont_know": True,
            **fields,
        }
    )


_batches = count()


def write_batch(
    folder: Path,
    sample: Sample,
    *,
    tasks: int,
    golds: int,
    practice: int = 1,
    cells: Callable[[int], Cells] | None = None,
    **changed: Any,
) -> Path:
    """A batch file of the kind in a new folder, with items of which some are golds, and last ones to practise on.

    Where a kind has no golds, so many more are tasks, and none is to practise on. `cells` are further cells of an item,
    or others.
    """
    spec = {
        "name": f"Of kind {sample.name}, {next(_batches)}",
        "kind": sample.name,
        "language": "sw",
        "items": "items.csv",
        "currency": "USD",
        "price": "0.02",
        "seconds": 3,  # what an hour pays then is enough everywhere
        "instructions": {"en": "Do it."},
        "dont_know": True,
        "overlap": {"least": 3, "most": 5},
        **sample.fields(),
        **changed,
    }
    folder.mkdir(parents=True, exist_ok=True)
    has_golds = kind_named(sample.name).has_golds
    every = tasks + golds + practice * has_golds
    if isinstance(sample, WithFiles):
        sample.put_files(folder, range(every))
    (folder / "batch.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    rows = []
    for number in range(every):
        rows.append({"id": f"k{number}", **sample.item(number), **(cells(number) if cells else {})})
        if has_golds:
            rows[-1]["gold"] = value_text(sample.right(number)) or "" if number >= tasks else ""
            rows[-1]["practice"] = "yes" if number >= tasks + golds else ""
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return folder / "batch.yaml"


@dataclass
class Tapping:
    """A thumb on a task that is in hands: it taps what the screens offer, and nothing else."""

    spec: BatchSpec
    payload: Json
    locale: str
    luck: random.Random
    draft: Json = None
    view: int = 0
    messages: Iterator[Json] | None = None
    """What it sends where messages are waited for."""
    seen: list[Screen] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def kind(self) -> AnyKind:
        return kind_named(self.spec.kind)

    @property
    def face(self) -> AnyFace:
        return face_of(self.spec.kind)

    def look(self) -> Screen:
        """The screen as it is now; it is kept among those seen."""
        voice = tongue(self.locale)
        self.seen.append(task_screen(voice, self.spec, self.payload, LEASE, draft=self.draft, view=self.view))
        return self.seen[-1]

    def answer(self, taps: int = 100) -> Json:
        """Tap until something is answered; None when so many taps did not lead to it."""
        item = self.kind.payload(self.payload)
        if isinstance(self.kind, SteppedKind):
            self.draft = self.kind.begin(self.spec, item)
        for _ in range(taps):
            self.look()
            body = body_of(
                tongue(self.locale), self.spec, self.payload, of_lease(LEASE), draft=self.draft, view=self.view
            )
            buttons = [button for row in body.rows for button in row]
            takes = self.kind.takes(self.spec, item, self.draft)
            if takes is not None and (not buttons or self.luck.random() < 0.7):
                try:
                    if (said := self.send(next(self.messages or some_messages(takes, self.luck)))) is not None:
                        return said
                except AnswerError as error:
                    self.told.append(self.face.trouble(error, tongue(self.locale)))
                continue
            button = self.luck.choice(buttons)
            verb, lease, *rest = button.data.split(":")
            assert lease == str(LEASE)
            try:
                if verb == "v":
                    self.view = int(rest[0])
                elif verb == "c":
                    self.view = int(rest[0])
                    self.step(":".join(rest[1:]))
                else:
                    said = self.draft if verb == "ok" else self.face.read_tap(":".join(rest))
                    return self.kind.read_answer(self.spec, item, said)
            except AnswerError as error:
                self.told.append(self.face.trouble(error, tongue(self.locale)))
        return None

    def give(self, value: Json) -> Json:
        """Do what the face says that gives this answer; what is answered."""
        item = self.kind.payload(self.payload)
        if isinstance(self.kind, SteppedKind):
            self.draft = self.kind.begin(self.spec, item)
        for said in self.face.turns(self.spec, item, value):
            if isinstance(said, Message):
                assert self.kind.takes(self.spec, item, self.draft) is not None
                if (answered := self.send(said.said)) is not None:
                    return answered
                continue
            button = next(button for button in self._buttons() if button.data.endswith(f":{said}"))
            verb, _, *rest = button.data.split(":")
            if verb == "a":
                return self.kind.read_answer(self.spec, item, self.face.read_tap(":".join(rest)))
            self.step(":".join(rest[1:]))
        return self.kind.read_answer(self.spec, item, self.draft)

    def send(self, message: Json) -> Json:
        """One message; what is answered by it, unless it was a step."""
        item = self.kind.payload(self.payload)
        if isinstance(self.kind, SteppedKind):
            self.draft = self.kind.step(self.spec, item, self.draft, message)
            return None
        return self.kind.read_answer(self.spec, item, message)

    def _buttons(self) -> list[Button]:
        """The buttons of all pages."""
        found = []
        for view in range(5):
            body = body_of(tongue(self.locale), self.spec, self.payload, of_lease(LEASE), draft=self.draft, view=view)
            found += [button for row in body.rows for button in row]
        return found

    def step(self, said: str) -> None:
        """One step; doing it again changes nothing."""
        assert isinstance(self.kind, SteppedKind)
        item = self.kind.payload(self.payload)
        before = self.draft
        self.draft = self.kind.step(self.spec, item, before, self.face.read_tap(said))
        again = self.kind.step(self.spec, item, self.draft, self.face.read_tap(said))
        assert again == self.draft, f"{said} twice: {before} → {self.draft} → {again}"


def some_messages(takes: Takes, luck: random.Random) -> Iterator[Json]:
    """What somebody may send."""
    while True:
        if takes is Takes.SOUND:
            yield Sound("ab" * 32, luck.randrange(500, 20_000), luck.randrange(300, 9000), -25.0, 0.0).stored
        elif takes is Takes.PICTURE:
            yield {
                "picture": f"{luck.getrandbits(256):064x}", "width": luck.randrange(64, 4000),
                "height": luck.randrange(64, 4000), "sharpness": luck.uniform(0, 900), "light": luck.uniform(0, 255),
                "mark": f"{luck.getrandbits(64):016x}",
            }  # fmt: skip
        else:
            yield " ".join(luck.choices(("moja", "mbili", "<b>", "tatu & nne", "😀"), k=luck.randrange(1, 12)))


def options(count: int, labels: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Options of a batch file."""
    return [
        {"value": f"v{number}", "label": {"en": labels[number] if labels else f"Option {number}"}}
        for number in range(count)
    ]


TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)
"""Texts that may stand in an item."""


def any_thing() -> st.SearchStrategy[Cells]:
    """An item that is a text, a picture or a sound."""
    seen = st.sampled_from(sorted(SOME_MEDIA)).flatmap(
        lambda name: st.text("ab<&é😀", max_size=200).map(lambda text: {name: SOME_MEDIA[name], "text": text})
    )
    return TEXTS.map(lambda text: {"text": text}) | seen


def text_of(number: int) -> str:
    """The text of an item."""
    return f"item number {number}"
