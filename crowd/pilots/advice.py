"""What there is to say about a figure of a pilot that is not green."""

from crowd.pilots.card import Light, Mark, Subject
from crowd.sentences import Sentence, say

_MEND = {
    Subject.WORKERS: say("Too few people answered to tell: send the link to more."),
    Subject.AGREEMENT: say(
        "Workers answer the same tasks differently: look at those that divide them, and say in the instructions how to "
        "decide such."
    ),
    Subject.GOLDS: say(
        "Workers get golds wrong: look whether the golds are right, and whether the instructions lead to them."
    ),
    Subject.SKIPS: say("Workers pass over many tasks: look at the instructions, the items and the price."),
    Subject.REPORTS: say("Workers report many items as broken: look at their reports, and mend the items."),
    Subject.DONT_KNOWS: say("Many answers are “I don't know”: see whether items hold what is needed to decide."),
    Subject.PAY: say("An hour's work pays too little: raise the price, or make the tasks shorter."),
}

_UNKNOWN = {
    Subject.AGREEMENT: say("Too few tasks have two answers that can be compared."),
    Subject.GOLDS: say("Too few golds were answered."),
    Subject.PAY: say("No floor is known in this currency: see for yourself whether it is fair."),
}


def advice(mark: Mark) -> Sentence | None:
    """What to mend; of a grey figure, why it has no colour; nothing of a green one."""
    if mark.light is Light.GREEN:
        return None
    if mark.light is Light.RED:
        return _MEND[mark.about]
    return _UNKNOWN.get(mark.about) or say("Nothing is known yet.")
