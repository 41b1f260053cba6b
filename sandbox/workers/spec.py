"""What a crowd in a process of its own is to do, as JSON."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.workers.character import Character
from sandbox.workers.knowledge import Knowledge, Right
from sandbox.workers.manners import Manners
from sandbox.workers.people import make_people
from sandbox.workers.worker import Limits


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class People(_Strict):
    """A crowd made by `make_people`."""

    count: int = Field(ge=1)
    seed: int = 0
    languages: tuple[str, ...] = Field(("en",), min_length=1)
    at_once: bool = False
    """Everybody taps without a pause, whatever their character."""

    def characters(self) -> list[Character]:
        """The people, as characters."""
        made = make_people(self.count, seed=self.seed, languages=self.languages)
        if not self.at_once:
            return made
        return [
            Character(
                skill=one.skill,
                language_code=one.language_code,
                first_name=one.first_name,
                double_tap=one.double_tap,
                skip=one.skip,
                dont_know=one.dont_know,
                seed=one.seed,
            )
            for one in made
        ]


class CrowdSpec(_Strict):
    """Who works, what they know, how they behave, and when they stop.

    ```json
    {"people": {"count": 8, "seed": 1, "languages": ["sw", "en"]},
     "items": {"Habari njema": "Positive", "Sijui": {"labels": ["Neutral", "Unclear"]},
               "Good morning": {"text": "Habari za asubuhi"},
               "Good night": {"turns": [{"pattern": "^can:"}, {"text": "Usiku mwema"}, {"pattern": "^ok:"},
                                        {"sort": "voice", "content": "T2dnUw…", "name": "a.ogg"}]}},
     "answers": ["Positive", "Neutral", "Negative"],
     "manners": {"rules": [{"tap": "^lang:{language_code}$"}, {"when": "your name", "send": "{first_name}"}],
                 "skip": "^skip:"},
     "limits": {"idle_s": 5, "nudges": 1, "answers": 100}, "seconds": 60}
    ```
    """

    people: People | None = None
    characters: tuple[Character, ...] = ()
    """Given one by one, instead of or beside `people`."""
    items: dict[str, Right | str | tuple[str, ...]] = {}
    answers: tuple[str, ...] = ()
    manners: Manners = Manners()
    limits: Limits = Limits()
    seconds: float | None = Field(None, gt=0)
    """Time after which everybody stops."""

    @model_validator(mode="after")
    def _has_somebody(self) -> "CrowdSpec":
        if self.people is None and not self.characters:
            raise ValueError("name at least one character, or a number of people")
        return self

    @classmethod
    def read(cls, path: Path) -> "CrowdSpec":
        """The spec in a JSON file; raises pydantic's ValidationError, which names what is wrong."""
        return cls.model_validate_json(path.read_bytes())

    def everybody(self) -> list[Character]:
        """All characters, those of `people` last."""
        return [*self.characters, *(self.people.characters() if self.people else [])]

    def knowledge(self) -> Knowledge:
        """What all of them know."""
        return Knowledge(self.items, self.answers)
