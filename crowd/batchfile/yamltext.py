"""YAML with places: what a batch file says, and where it says it.

Every scalar stays the text that was written: `no` is Norwegian and not false, 0.10 is exact, a value of 1 is "1".
The model that the text is validated with makes numbers and yes or no of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from crowd.batchfile.problem import FileError, Problems, error, shown
from crowd.batchfile.unseen import CONTROL
from crowd.sentences import Sentence, say

LARGEST = 1024 * 1024
"""Bytes of a batch file."""

_DEEPEST = 12
_MOST_NODES = 20_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as it was written."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: Place
    entries: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Names with values, and where each name stands."""

    place: Place
    entries: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping


def plain(node: Node) -> object:
    """The node as plain lists, dictionaries and texts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(entry) for entry in node.entries]
    return {name: plain(entry) for name, entry in node.entries.items()}


def read_yaml(data: bytes, file: str, problems: Problems) -> Mapping:
    """What a batch file says. Names that stand twice are added to the problems; raises FileError for all else."""
    text = _decoded(data, file)
    try:
        return _Reader(_checked(yaml.parse(text, Loader=_LOADER), file), file, problems).document()
    except yaml.MarkedYAMLError as failure:
        raise _not_yaml(failure, text, file) from None
    except yaml.reader.ReaderError as failure:
        place = _place_of(text, failure.position) if isinstance(failure.position, int) else Place(1, 1)
        raise _refused(file, place, say("has a character that YAML does not allow"), say("Take it out.")) from None


def _refused(file: str, place: Place, what: Sentence, mend: Sentence) -> FileError:
    return FileError(error(file, place.line, place.column, what, mend))


def _decoded(data: bytes, file: str) -> str:
    if len(data) > LARGEST:
        raise FileError(
            error(
                file,
                None,
                None,
                say("is larger than 1 MiB: a batch file says what is to be done, it does not hold the items"),
                say("Put the items into a file of their own and name it under {code}.", code="`items:`"),
            )
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        before = data[: failure.start].decode("utf-8-sig", "replace")
        place = _place_of(before, len(before))
        what = say("byte {byte} is not UTF-8", byte=f"0x{data[failure.start]:02X}")
        raise _refused(file, place, what, say("Save the file with the encoding UTF-8.")) from None
    for place_in_text, character in enumerate(text):
        if character < " " and character not in "\t\n\r":
            place = _place_of(text, place_in_text)
            raise _control(file, place, character)
    return text


def _place_of(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _not_yaml(failure: yaml.MarkedYAMLError, text: str, file: str) -> FileError:
    mark = failure.problem_mark or failure.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    lines = text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in str(failure.problem):
        what = say("a tab stands where YAML wants spaces")
        return _refused(file, place, what, say("Indent with spaces, two for each level."))
    why = " ".join(part for part in (failure.context, failure.problem) if part)
    mend = say("Look at this line and the one before: often a space after a colon, a quote or an indent is missing.")
    return _refused(file, place, say("is not valid YAML here ({reason})", reason=why), mend)


def _control(file: str, place: Place, character: str) -> FileError:
    what = say("has the control character {code}", code=f"U+{ord(character):04X}")
    return _refused(file, place, what, say("Take it out: a batch file is plain text."))


def _checked(events: Iterator[yaml.Event], file: str) -> Iterator[yaml.Event]:
    depth = 0
    for count, event in enumerate(events):
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent) or anchor:
            what = say("uses the YAML anchor or alias {name}", name=shown(anchor or ""))
            mend = say("Write the value out in each place; a * or & at the start of a text needs quotes around it.")
            raise _refused(file, _place(event), what, mend)
        if tag:
            what = say("uses the YAML tag {tag}", tag=shown(tag))
            mend = say("Leave it out; a ! at the start of a text needs quotes around it.")
            raise _refused(file, _place(event), what, mend)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or count > _MOST_NODES:
            what = say("is nested deeper, or has more parts, than any batch file")
            mend = say("See {path} for what a batch file holds.", path="docs/batch.schema.json")
            raise _refused(file, _place(event), what, mend)
        yield event


class _Reader:
    def __init__(self, events: Iterator[yaml.Event], file: str, problems: Problems) -> None:
        self._events = events
        self._file = file
        self._problems = problems

    def document(self) -> Mapping:
        next(self._events)  # the stream's start
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            mend = say("See {path} for a batch file to start from.", path="examples/")
            raise FileError(error(self._file, 1, 1, say("is empty"), mend))
        node = self._node(next(self._events))
        if not isinstance(node, Mapping):
            mend = say("Start with a line such as {code}.", code="`name: …`")
            raise _refused(self._file, node.place, say("must be names with values"), mend)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            mend = say("Put each batch into a file of its own.")
            raise _refused(self._file, _place(after), say("holds a second document"), mend)
        return node

    def _node(self, event: yaml.Event) -> Node:
        place = _place(event)
        if isinstance(event, yaml.ScalarEvent):
            if control := CONTROL.search(event.value):  # written as an escape: the text of the file has none
                raise _control(self._file, place, control[0])
            return Scalar(place, event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            sequence = Sequence(place)
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                sequence.entries.append(self._node(event))
            return sequence
        mapping = Mapping(place)
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._entry(mapping, event)
        return mapping

    def _entry(self, mapping: Mapping, event: yaml.Event) -> None:
        key = self._node(event)
        value = self._node(next(self._events))
        if not isinstance(key, Scalar):
            what = say("has a list or a mapping for a name")
            raise _refused(self._file, key.place, what, say("Names are plain words."))
        if key.text in mapping.keys:
            first = mapping.keys[key.text]
            what = say("{name} stands twice; the first is on line {line}", name=shown(key.text), line=first.line)
            mend = say("Keep one of the two.")
            self._problems.add(error(self._file, key.place.line, key.place.column, what, mend))
            return
        mapping.keys[key.text] = key.place
        mapping.entries[key.text] = value
