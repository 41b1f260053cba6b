"""choice: pick one of a few options."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from crowd.batch import POSTING, BatchSpec, Locale, Words
from crowd.kinds.base import (
    AnswerError,
    AnswerTable,
    Column,
    Consensus,
    Difference,
    Fit,
    FittedKind,
    ItemError,
    Json,
)
from crowd.kinds.differences import nominal
from crowd.kinds.text import fold
from crowd.kinds.textitem import TextItem, read_text
from crowd.sentences import SentenceError, say

LEAST_OPTIONS, MOST_OPTIONS = 2, 20

_DECIMALS = 9
"""Odds are kept to so many decimals, so that their sum is the same in whichever order answers come."""


class Option(BaseModel):
    """One of the options."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Words = Field(max_length=100, description="what results say")
    label: dict[Locale, Annotated[Words, Field(max_length=100)]] = Field(
        min_length=1, description="what the button says, per locale"
    )


def _label(option: Option, locale: str, language: str) -> str:
    """What a phone in that locale shows: where it has no label, the one in the batch's language, English or any."""
    label = option.label
    return next((label[code] for code in (locale, language, "en") if code in label), next(iter(label.values())))


class ChoiceSpec(BatchSpec):
    """A batch of choices."""

    kind: Literal["choice"]
    options: tuple[Option, ...] = Field(min_length=LEAST_OPTIONS, max_length=MOST_OPTIONS)

    @field_validator("options")
    @classmethod
    def _distinct(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        values = [option.value for option in options]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise SentenceError(say("the value “{value}” stands twice", value=twice[0]))
        return options

    @field_validator("options")
    @classmethod
    def _told_apart(cls, options: tuple[Option, ...], info: ValidationInfo) -> tuple[Option, ...]:
        """No phone shows two buttons that read the same."""
        locales = {locale for option in options for locale in option.label} if info.context == POSTING else set()
        for locale in sorted(locales):
            seen: dict[str, Option] = {}
            for option in options:
                label = _label(option, locale, info.data.get("language", ""))
                other = seen.setdefault(fold(label), option)
                if other is not option:
                    what = say(
                        "“{one}” and “{other}” have the same label “{label}” on a phone in {locale}",
                        one=other.value,
                        other=option.value,
                        label=label,
                        locale=locale,
                    )
                    raise SentenceError(what)
        return options

    @property
    def values(self) -> tuple[str, ...]:
        """The options' values, in order."""
        return tuple(option.value for option in self.options)


class Choice(FittedKind[ChoiceSpec, TextItem]):
    """Pick one of 2 to 20 options."""

    name = "choice"
    spec = ChoiceSpec

    def columns(self, spec: ChoiceSpec) -> tuple[Column, ...]:  # noqa: ARG002
        """The text to be labelled."""
        return (Column("text", "what is to be labelled"),)

    def read_item(self, spec: ChoiceSpec, cells: Mapping[str, str]) -> Json:  # noqa: ARG002
        """See Kind."""
        return read_text(cells)

    def read_gold(self, spec: ChoiceSpec, cell: str) -> Json:
        """See Kind."""
        if cell not in spec.values:
            from crowd.batchfile.problem import listed, near, shown  # where golds are read, that is loaded

            meant = near(cell, spec.values)
            options = listed(spec.values)
            what = say("is {value}, which is none of the options {options}", value=shown(cell), options=options)
            if meant:
                what = say("{problem}; did you mean {meant}?", problem=what, meant=shown(meant))
            raise ItemError("gold", what)
        return cell

    def possible(self, spec: ChoiceSpec) -> tuple[str, ...]:
        """The options."""
        return spec.values

    def payload(self, stored: Json) -> TextItem:
        """See Kind."""
        return TextItem(stored["text"])

    def read_answer(self, spec: ChoiceSpec, said: Json) -> Json:
        """`said` is the number of an option, from 0."""
        if not isinstance(said, int) or not 0 <= said < len(spec.options):
            raise AnswerError(self.name, "no_such_option")
        return spec.options[said].value

    def verdict(self, spec: ChoiceSpec, right: Json, said: Json) -> float:  # noqa: ARG002
        """Equal or not."""
        return float(right == said)

    def expected(
        self, spec: ChoiceSpec, evidence: Json, said: Json, usual: Mapping[str, float], likeness: float = 0.0
    ) -> float | None:
        """The option's share of the odds, times what is usual; None before the first answer."""
        if not evidence:
            return None
        heat = 1 + likeness * (sum(votes for votes, _ in evidence.values()) - 1)
        odds = {value: evidence.get(value, (0, 0.0))[1] / heat for value in spec.values}
        highest = max(odds.values())
        shares = {value: usual[value] * math.exp(odds[value] - highest) for value in spec.values}
        return shares[said] / sum(shares.values())

    def difference(self, spec: ChoiceSpec, counts: Sequence[tuple[Json, int]]) -> Difference:  # noqa: ARG002
        """Options are names: one or another."""
        return nominal

    def chance(self, spec: ChoiceSpec) -> float:
        """One in the number of options."""
        return 1 / len(spec.options)

    def add(self, spec: ChoiceSpec, evidence: Json, said: Json, accuracy: float) -> Json:
        """Evidence is {value: [votes, log odds]}.

        A worker of accuracy q among K options says the right one with q, each wrong one with (1-q)/(K-1); an
        answer multiplies its option's odds by the ratio of the two (the one-coin model of Dawid and Skene 1979,
        as in Toloka's published confidence rule).
        """
        others = len(spec.options) - 1
        votes, odds = (evidence or {}).get(said, (0, 0.0))
        more = round(math.log(accuracy * others / (1 - accuracy)), _DECIMALS)
        return {**(evidence or {}), said: [votes + 1, round(odds + more, _DECIMALS)]}

    def consensus(self, spec: ChoiceSpec, evidence: Json, likeness: float = 0.0) -> Consensus:
        """The most probable option; among equals the one with more votes, then the first."""
        if not evidence:
            return Consensus(None, 0.0, 0)
        values = spec.values
        scores = {value: (odds, votes) for value, (votes, odds) in evidence.items()}
        label = max(values, key=lambda value: scores.get(value, (0.0, 0)))
        best = scores.get(label, (0.0, 0))[0]
        votes = sum(votes for _, votes in scores.values())
        heat = 1 + likeness * (votes - 1)
        total = sum(math.exp((scores.get(value, (0.0, 0))[0] - best) / heat) for value in values)
        return Consensus(label, 1 / total, votes)

    def fit(self, spec: ChoiceSpec, table: AnswerTable) -> Fit:
        """Three models of the crowd and their mean, calibrated on the golds; see `crowd.consensus`."""
        from crowd import consensus, judging  # NumPy, which only a fit needs

        number = {value: place for place, value in enumerate(spec.values)}
        tasks, workers = sorted(set(table.tasks)), sorted(set(table.workers))
        place, hand = {task: at for at, task in enumerate(tasks)}, {worker: at for at, worker in enumerate(workers)}
        gold = [number[table.golds[task]] if task in table.golds else -1 for task in tasks]
        found = consensus.fit(
            [place[task] for task in table.tasks],
            [hand[worker] for worker in table.workers],
            [number[value] for value in table.values],
            classes=len(spec.values),
            gold=gold,
        )
        votes = found.answers.per_task
        labels = {
            task: Consensus(spec.values[found.labels[at]], float(found.confidence[at]), int(votes[at]))
            for task, at in place.items()
        }
        accuracies = {worker: float(found.balanced_accuracy[at]) for worker, at in hand.items()}
        odds = found.odds.round(_DECIMALS)
        counts = found.answers.votes.astype(int)
        evidence = {
            task: {
                value: [int(counts[at, option]), float(odds[at, option])] for option, value in enumerate(spec.values)
            }
            for task, at in place.items()
        }
        shown, compared = judging.levels(found, gold, table.order, table.ms)
        return Fit(
            labels, consensus.VERSION, accuracies,
            evidence=evidence,
            usual=found.usual,
            levels={worker: tuple(shown[at].tolist()) for worker, at in hand.items()},
            compared={worker: int(compared[at]) for worker, at in hand.items()},
            likeness=found.calibration.likeness,
        )  # fmt: skip


KIND = Choice()
