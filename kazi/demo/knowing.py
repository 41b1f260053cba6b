"""What simulated workers know of the example batches: by which taps, or words, each item is rightly answered."""

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import yaml

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.tasks import AnyFace, face_of
from bot.tasks.base import Message, Turn
from bot.tasks.judge import in_words
from crowd.batches.spec import BatchSpec
from crowd.kinds import AnyKind, kind_named, load_spec
from crowd.kinds.base import Holds, Json
from crowd.kinds.judge import WORDS
from crowd.kinds.judging import GOOD, BroughtKind
from crowd.kinds.options import OptionsSpec
from kazi.demo.voices import murmur
from sandbox.workers import Right, Say, Send, Tap

_SENDS = Tap("^ok:")
"""The button that sends what was put together, where that is nothing."""

_SOME_PICTURE = orjson.dumps(["0" * 64, 1000, 1000, ""]).decode()
"""What a kind reads in the place of a picture: who knows the answer need not look."""


def batch_of(folder: Path) -> BatchSpec:
    """The batch in an example's folder."""
    return load_spec(yaml.safe_load((folder / "batch.yaml").read_text(encoding="utf-8")))


def known(folder: Path) -> dict[str, Right | str | tuple[str, ...]]:
    """By the words that an item is known by on a phone, how it is rightly answered."""
    spec = batch_of(folder)
    kind, face = kind_named(spec.kind), face_of(spec.kind)
    if isinstance(kind, BroughtKind):
        return _brought(folder, spec)
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["id"]: row["label"] for row in csv.DictReader(file)}
    found: dict[str, Right | str | tuple[str, ...]] = {}
    with (folder / spec.items).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            payload = kind.read_item(spec, cells_of(kind, spec, row))
            item = kind.payload(payload)
            value = kind.read_gold(spec, item, truth[row["id"]])
            found[_words_of(payload)] = replace(_right(face, spec, item, value), among=str(folder))
    return found


def _brought(folder: Path, spec: BatchSpec) -> dict[str, Right | str | tuple[str, ...]]:
    """What is sent for each item, and how those judge it who see it below what somebody sent."""
    good = frozenset(in_words(GOOD, tongue(locale)) for locale in available())
    with (folder / spec.items).open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    return {text: Right(good, turns=(Send("voice", murmur(text), "voice.ogg"),)) for text in texts}


def words_of_judges() -> set[str]:
    """All that can be said of what others brought, in all languages."""
    return {in_words(word, tongue(locale)) for words in WORDS.values() for word in words for locale in available()}


def cells_of(kind: AnyKind, spec: BatchSpec, row: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row that the kind reads, with some picture in the place of each."""
    columns = {column.name: column for column in kind.columns(spec)}
    return {
        name: _SOME_PICTURE if columns[name].holds is Holds.PICTURE and cell else cell
        for name, cell in row.items()
        if name in columns
    }


def _right(face: AnyFace, spec: BatchSpec, item: Any, value: Json) -> Right:
    """One button is one of the answers that the batch has, so that workers can have a leaning; more come in turn."""
    if isinstance(spec, OptionsSpec) and value in spec.values:
        return Right(frozenset(spec.options[spec.values.index(value)].label.values()))
    turns = face.turns(spec, item, value)
    if len(turns) == 1 and isinstance(turns[0], Message):
        return Right(text=str(turns[0].said))
    return Right(turns=tuple(map(_done, turns)) or (_SENDS,))


def _done(turn: Turn) -> Tap | Say:
    """A turn, as a simulated worker does it on a phone."""
    if isinstance(turn, Message):
        return Say(str(turn.said))
    return Tap(rf"^[ac]:\d+:(\d+:)?{re.escape(turn)}$")


def _words_of(payload: Json) -> str:
    """The first words of an item that stand on the screen."""
    for value in payload.values():
        if isinstance(value, str):
            return value
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            return str(value[0])
    raise ValueError(f"an example's item has no words to be known by: {payload}")
