"""“The check is wrong”: its button, and what is said to who taps it."""

from bot.i18n.tongue import Tongue
from bot.screens import Button
from crowd.golds.contesting import Contested


def contest_button(voice: Tongue, answer_id: int, where: str = "", *, number: int | None = None) -> Button:
    """To say that a check is wrong. `where` is where the button stands; `number` tells it from others there."""
    if number is None:
        words = voice.say("The check is wrong")
    else:
        words = voice.say("Check {number} is wrong", number=voice.number(number))
    return Button(f"✋ {words}", f"cw:{answer_id}:{where}" if where else f"cw:{answer_id}")


def contested_line(voice: Tongue) -> str:
    """Below a check that was said to be wrong; HTML."""
    return "✋ " + voice.say("You say that it is wrong. A person looks at it.")


def contest_toast(voice: Tongue, done: Contested) -> str:
    """What happens next; plain."""
    if done is Contested.UNKNOWN:
        return voice.say("There is no check here that counts against you.")
    return voice.say("Thank you. A person looks at this check. If it is wrong, your score and money are put right.")
