"""transcribe: a clip is played, and the worker writes what is said in it."""

from bot.screens import Body
from bot.tasks.base import Ask
from bot.tasks.item import of_item
from bot.tasks.writing import WritingFace
from crowd.kinds.item import Item
from crowd.kinds.transcribe import TranscribeSpec


class TranscribeFace(WritingFace[TranscribeSpec]):
    """Write down what is heard."""

    name = "transcribe"
    in_writing = False

    def show(self, ask: Ask[TranscribeSpec, Item]) -> Body:
        """See Face."""
        return of_item(ask, f"✍️ <i>{ask.voice.say('Listen, and write what you hear as a message.')}</i>")


FACE = TranscribeFace()
