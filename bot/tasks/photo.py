"""photo: the worker takes a picture of what is asked for, and sends it."""

from bot.i18n.tongue import Tongue
from bot.screens import Body
from bot.tasks.base import Ask
from bot.tasks.bringing import BringingFace
from crowd.kinds.base import AnswerError, Json
from crowd.kinds.item import Item
from crowd.kinds.photo import PhotoSpec


class PhotoFace(BringingFace[PhotoSpec]):
    """Take a picture."""

    name = "photo"

    def show(self, ask: Ask[PhotoSpec, Item]) -> Body:
        """See Face."""
        asked = ask.voice.say("Take a picture of this with your phone, and send it here.")
        return Body(f"📷 <i>{asked}</i>\n\n<b>{ask.voice.block(ask.payload.text)}</b>")

    def words(self, spec: PhotoSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """That it is one."""
        return "🖼 " + voice.say("A picture")

    def echo(self, spec: PhotoSpec, value: Json, voice: Tongue) -> str:
        """See Face."""
        return f"{self.words(spec, value, voice)}\n\n{voice.say('Look at it above. Send it, or take another one.')}"

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """What somebody who looks at it would find."""
        told = {
            "too_small": voice.say("Too small. Take the picture with the camera, and send it as a photo."),
            "too_dark": voice.say("Too dark: hardly anything can be seen. Take it again with more light."),
            "too_bright": voice.say("Too bright: hardly anything can be seen. Take it again with less light."),
            "blurred": voice.say("Blurred. Hold the phone still, wait until the picture is sharp, and take it again."),
            "seen_before": voice.say("This picture was sent before. Take a new one for this task."),
        }
        return told.get(error.problem) or super().trouble(error, voice)


FACE = PhotoFace()
