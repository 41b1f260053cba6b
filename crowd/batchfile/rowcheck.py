"""The checks of each row of the items, and the task lines of those that pass."""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from crowd.batches.spec import BatchSpec
from crowd.batchfile.layout import GOLD, ID, PRACTICE, Layout
from crowd.batchfile.mediafiles import MediaFiles
from crowd.batchfile.practicerows import MOST_PRACTICE, NO, YES, PracticeItem, says_practice
from crowd.batchfile.problem import Problems, error, has_rows, listed, shown, warning
from crowd.batchfile.shuffled import Buckets
from crowd.batchfile.taskline import gold_line, line_end, ordinary_line
from crowd.batchfile.twins import Keys
from crowd.batchfile.unseen import BIDI, CONTROL, shows_nothing
from crowd.exports.cells import runs
from crowd.kinds import AnyKind
from crowd.kinds.base import Holds, ItemError, Json
from crowd.sentences import Sentence, say

LONGEST_ID = 200
LONGEST_EXPLANATION = 1000

_BLOCK = 2000
_LINES_IN_MEMORY = 128 * 1024 * 1024
_KEYS_IN_MEMORY = 64 * 1024 * 1024
_STARTS = frozenset("=+-@＝＋－＠|%\t\r")


@dataclass
class _Oddity:
    """Something odd that many rows may have: said once."""

    what: Sentence
    mend: Sentence
    rows: int = 0
    first: tuple[int, str] = (0, "")


def _oddities() -> dict[str, _Oddity]:
    return {
        "formula": _Oddity(
            say("begins like a formula of a spreadsheet"),
            say("It is kept as it is; exports put an apostrophe before it so that no spreadsheet runs it."),
        ),
        "bidi": _Oddity(
            say("has characters that turn the direction of text ({codes})", codes="U+202A..E, U+2066..9"),
            say("Take them out unless they are meant: they can make a text look like another."),
        ),
        "damaged": _Oddity(
            say("has the character {code}, which stands for text that was lost in a conversion", code="U+FFFD"),
            say("Export the items again from where they come."),
        ),
        "explained": _Oddity(
            say("has an explanation but no gold: the explanation is ignored"),
            say("Fill in gold, or leave the explanation empty."),
        ),
        "unexplained": _Oddity(
            say("is practice without an explanation"),
            say("Say why the answer is right: that is what practice teaches."),
        ),
    }


@dataclass
class RowCheck:
    """Takes rows one by one; afterwards it knows all that a batch is made of."""

    spec: BatchSpec
    kind: AnyKind
    layout: Layout
    file: str
    problems: Problems
    digest: "hashlib._Hash"
    files: MediaFiles
    lines: Buckets | None = field(default_factory=lambda: Buckets(_LINES_IN_MEMORY))
    """The task lines; None once there is an error."""
    tasks: int = 0
    golds: int = 0
    first: Json = None
    first_gold: Json = None
    rights: Counter[str | int] = field(default_factory=Counter)
    """How many golds each answer has, where the possible ones are few."""
    practice: list[PracticeItem] = field(default_factory=list)
    """As many as there may be; `practice_rows` counts them all."""
    practice_rows: int = 0

    def __post_init__(self) -> None:
        self._keys = Keys(_KEYS_IN_MEMORY)
        self._block: list[bytes] = []
        self._end = line_end(self.spec.overlap.least)
        self._oddities = _oddities()
        self._names = self.layout.kind_columns
        self._width = 1 + len(self._names)
        self._counts_rights = bool(self.kind.possible(self.spec))
        holds = {column.name: column.holds for column in self.kind.columns(self.spec)}
        self.named = {place: holds[name] for place, name in enumerate(self._names, 1) if holds[name] is not Holds.TEXT}
        """The places of cells that name files, and what these hold."""

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Check a row and keep its task."""
        joined = "".join(cells)
        if not joined.isprintable() or "\ufffd" in joined:
            seen = self._looked_at(line, cells)
            if seen is None:
                return
            cells = seen
        key = cells[0].strip()
        if not key or len(key) > LONGEST_ID:
            self._refuse_id(line, key)
            return
        self._keys.add(key, line)
        for place, cell in enumerate(cells):
            if cell and cell[0] in _STARTS and runs(cell):
                self._odd("formula", line, place)
        try:
            payload = self.kind.read_item(self.spec, self._read(cells))
            gold = cells[self._width].strip() if self.layout.gold else ""
            if self.layout.practice and (practice := says_practice(cells[-1])) is not False:
                if practice is None:
                    self._refuse_practice(line, cells[-1])
                else:
                    self._practice(line, key, payload, cells)
                return
            made = self._gold(line, key, payload, cells) if gold else self._ordinary(line, key, payload, cells)
        except ItemError as failure:
            self._refuse(line, failure.column, failure.problem, say("Mend this cell, or take the row out."))
            return
        if made is not None:
            self._block.append(made)
            if len(self._block) == _BLOCK:
                self._flush()

    def _read(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of the kind's columns, by Kazi's names; files are taken in. Raises ItemError."""
        read = dict(zip(self._names, cells[1:], strict=False))
        for place, holds in self.named.items():
            name = self._names[place - 1]
            if cell := read[name].strip():
                read[name] = orjson.dumps(self.files.take(holds, name, cell).stored).decode()
        return read

    def _ordinary(self, line: int, key: str, payload: Json, cells: Sequence[str]) -> bytes:
        if self.layout.explanations and any(self._explanations(cells)):
            self._odd("explained", line, self._width + self.layout.gold)
        if not self.tasks:
            self.first = payload
        self.tasks += 1
        return ordinary_line(key, payload, self._end)

    def _gold(self, line: int, key: str, payload: Json, cells: Sequence[str]) -> bytes | None:
        right = self.kind.read_gold(self.spec, self.kind.payload(payload), cells[self._width].strip())
        explanation = self._explanation(line, cells)
        if explanation is None:
            return None
        if not self.golds:
            self.first_gold = payload
        self.golds += 1
        if self._counts_rights:
            self.rights[right] += 1
        return gold_line(key, payload, right, explanation, self._end)

    def _practice(self, line: int, key: str, payload: Json, cells: Sequence[str]) -> None:
        self.practice_rows += 1
        if not self.layout.gold or not cells[self._width].strip():
            mend = say("Fill in its right answer, or leave {column} empty.", column=PRACTICE)
            self._refuse(line, GOLD, say("is empty, and the row is practice"), mend)
            return
        right = self.kind.read_gold(self.spec, self.kind.payload(payload), cells[self._width].strip())
        explanation = self._explanation(line, cells)
        if explanation is None:
            return
        if not explanation:
            self._odd("unexplained", line, len(cells) - 1)
        if len(self.practice) < MOST_PRACTICE:
            self.practice.append(PracticeItem(key, payload, right, explanation))

    def _explanations(self, cells: Sequence[str]) -> Sequence[str]:
        first = self._width + self.layout.gold
        return cells[first : first + len(self.layout.explanations)]

    def _explanation(self, line: int, cells: Sequence[str]) -> dict[str, str] | None:
        """Why the right answer is right, per locale; None for one that is refused."""
        explanation = {}
        for (locale, name), cell in zip(self.layout.explanations, self._explanations(cells), strict=True):
            text = cell.strip()
            if len(text) > LONGEST_EXPLANATION:
                self._refuse(line, name, _too_long(text, LONGEST_EXPLANATION), say("Say it in fewer words."))
                return None
            if text:
                explanation[locale] = text
        return explanation

    def _looked_at(self, line: int, cells: Sequence[str]) -> list[str] | None:
        """The cells with their line breaks as \\n, or None when one of them cannot be shown to a worker."""
        tidy = [cell.replace("\r\n", "\n") for cell in cells]
        for place, cell in enumerate(tidy):
            name = self._name(place)
            control = CONTROL.search(cell) or (place == 0 and re.search("[\n\t]", cell.strip()))
            if control:
                what = say("has the control character {code}", code=f"U+{ord(control[0]):04X}")
                self._refuse(line, name, what, say("Take it out."))
                return None
            if shows_nothing(cell):
                what = say("has only characters that cannot be seen")
                self._refuse(line, name, what, say("Write a text, or leave it empty."))
                return None
            if BIDI.search(cell):
                self._odd("bidi", line, place)
            if "\ufffd" in cell:
                self._odd("damaged", line, place)
        return tidy

    def _name(self, place: int) -> str:
        return self.layout.names[place]

    def _refuse(self, line: int, name: str, what: Sentence, mend: Sentence) -> None:
        self.problems.add(error(self.file, line, self.layout.called.get(name, name), what, mend))

    def _refuse_id(self, line: int, key: str) -> None:
        if key:
            self._refuse(line, ID, _too_long(key, LONGEST_ID), say("Use a shorter id."))
        else:
            self._refuse(line, ID, say("is empty"), say("Give each row an id of its own: results go by it."))

    def _refuse_practice(self, line: int, cell: str) -> None:
        what = say("is {value}, which is neither yes nor no", value=shown(cell.strip()))
        mend = say("Write one of {yes} for practice; {no} or nothing for others.", yes=listed(YES), no=listed(NO[1:]))
        self._refuse(line, PRACTICE, what, mend)

    def _odd(self, which: str, line: int, place: int) -> None:
        oddity = self._oddities[which]
        if not oddity.rows:
            oddity.first = (line, self._name(place))
        oddity.rows += 1

    def _flush(self) -> None:
        lines, self._block = self._block, []
        self.digest.update(b"".join(lines))
        if self.lines is not None and self.problems.errors:
            self.lines.close()
            self.lines = None
        if self.lines is not None:
            self.lines.extend(lines, os.urandom(len(lines)))

    def close(self) -> None:
        """Forget all tasks."""
        self._keys.close()
        self.files.close()
        if self.lines is not None:
            self.lines.close()
            self.lines = None

    def finish(self) -> None:
        """Say what only the whole file shows: ids that stand twice, and what many rows have."""
        for twin in self._keys.twins():
            key = shown(twin.key)
            what = say("{id} stands on line {line} already", id=key, line=twin.first)
            if has_rows(self.file):
                what = say("{id} stands on row {row} already", id=key, row=twin.first)
            self._refuse(twin.line, ID, what, say("Give each row an id of its own, or take the second row out."))
        self._keys.close()
        self._flush()
        for item in self.practice:
            self.digest.update(orjson.dumps(["practice", item.key, item.payload, item.right, item.explanation]) + b"\n")
        for oddity in self._oddities.values():
            if oddity.rows:
                line, name = oddity.first
                what = oddity.what
                if oddity.rows > 1:
                    what = say("{oddity}; so do {more:,} more cells", oddity=what, more=oddity.rows - 1)
                column = self.layout.called.get(name, name)
                self.problems.add(warning(self.file, line, column, what, oddity.mend))


def _too_long(text: str, most: int) -> Sentence:
    return say("has {length} characters; {most} at most", length=len(text), most=most)
