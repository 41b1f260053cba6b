"""What there is to say about a figure of a pilot that is not green."""

from crowd.pilots.card import Light, Mark, Subject
from crowd.sentences import Sentence, say


def advice(mark: Mark) -> Sentence | None:
    """What to mend; of a grey figure, why it has no colour; nothing of a green one."""
    if mark.light is Light.GREEN:
        return None
    return _mend(mark.about) if mark.light is Light.RED else _unknown(mark.about)


def _mend(about: Subject) -> Sentence:
    match about:
        case Subject.WORKERS:
            return say("Too few people answered to tell: send the link to more.")
        case Subject.AGREEMENT:
            return say(
                "Workers answer the same tasks differently: look at those that divide them, and say in the "
                "instructions how to decide such."
            )
        case Subject.GOLDS:
            return say(
                "Workers get golds wrong: look whether the golds are right, and whether the instructions lead to them."
            )
        case Subject.SKIPS:
            return say("Workers pass over many tasks: look at the instructions, the items and the price.")
        case Subject.REPORTS:
            return say("Workers report many items as broken: look at their reports, and mend the items.")
        case Subject.DONT_KNOWS:
            return say("Many answers are “I don't know”: see whether items hold what is needed to decide.")
        case Subject.PAY:
            return say("An hour's work pays too little: raise the price, or make the tasks shorter.")


def _unknown(about: Subject) -> Sentence:
    match about:
        case Subject.AGREEMENT:
            return say("Too few tasks have two answers that can be compared.")
        case Subject.GOLDS:
            return say("Too few golds were answered.")
        case Subject.PAY:
            return say("There is no limit for this yet: see for yourself whether it is fair.")
        case _:
            return say("Nothing is known yet.")
