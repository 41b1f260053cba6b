"""transcribe: listen to a clip, and write what is said."""

from collections.abc import Mapping
from typing import Literal

from crowd.kinds.base import Column, Holds, ItemError, Json
from crowd.kinds.item import Item, OfItem, read_item
from crowd.kinds.written import WrittenKind, WrittenSpec
from crowd.sentences import say


class TranscribeSpec(WrittenSpec):
    """A batch of clips to be written down."""

    kind: Literal["transcribe"]


class Transcribe(OfItem[TranscribeSpec], WrittenKind[TranscribeSpec, Item]):
    """Write down what is heard."""

    name = "transcribe"
    called = say("transcription")
    takes_s = 40
    spec = TranscribeSpec

    def columns(self, spec: TranscribeSpec) -> tuple[Column, ...]:  # noqa: ARG002
        """The sound, and the words below it."""
        return (
            Column("sound", "the name of a sound, beside the batch file", holds=Holds.SOUND),
            Column("text", "what stands below it", required=False),
        )

    def read_item(self, spec: TranscribeSpec, cells: Mapping[str, str]) -> Json:  # noqa: ARG002
        """See Kind."""
        if not cells["sound"].strip():
            raise ItemError("sound", say("is empty: name a sound beside the batch file"))
        return read_item(cells)


KIND = Transcribe()
