"""Workers whom quality control is there for: what they do must be found, and by what it was found must be seen."""

from sandbox.workers.character import Character

SPAMMER, GUESSER, PARTNER, SLEEPY = "Spammer", "Guesser", "Partner", "Sleepy"
"""How their names begin."""


def make_rogues(language_code: str, *, seed: int = 0) -> list[Character]:
    """One who always taps the first option, one who taps anything, two who share their answers, and one who tires.

    The pair works fast and knows about four in five, so that it shares errors, which betray it, and is not paused for
    them first. The sleepy one is good for some fifteen answers, and taps anything from then on.
    """
    pair = f"pair {seed}"
    return [
        Character(0.5, (1.0, 3.0), habit=0, first_name=SPAMMER, language_code=language_code, seed=seed),
        Character(0.5, (1.0, 3.0), tires_after=0, first_name=GUESSER, language_code=language_code, seed=seed + 1),
        Character(0.8, (1.0, 3.0), circle=pair, first_name=f"{PARTNER} A", language_code=language_code, seed=seed + 2),
        Character(0.8, (1.0, 3.0), circle=pair, first_name=f"{PARTNER} B", language_code=language_code, seed=seed + 3),
        Character(0.95, (2.0, 5.0), tires_after=15, first_name=SLEEPY, language_code=language_code, seed=seed + 4),
    ]
