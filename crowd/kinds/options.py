"""Options to choose from, as several kinds have them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from crowd.batches.spec import POSTING, BatchSpec, Locale, Words
from crowd.kinds.base import ItemError
from crowd.kinds.written import fold
from crowd.sentences import SentenceError, say

LEAST_OPTIONS, MOST_OPTIONS = 2, 20


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


class OptionsSpec(BatchSpec):
    """A batch whose answers are made of options."""

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

    def checked(self, value: str) -> str:
        """The value of an option, from the cell of a gold. Raises ItemError."""
        return among(value, self.values)


def among(value: str, options: tuple[str, ...]) -> str:
    """A value that is one of the options, from the cell of a gold. Raises ItemError."""
    if value not in options:
        from crowd.batchfile.problem import listed, near, shown  # where golds are read, that is loaded

        meant = near(value, options)
        what = say("is {value}, which is none of the options {options}", value=shown(value), options=listed(options))
        if meant:
            what = say("{problem}; did you mean {meant}?", problem=what, meant=shown(meant))
        raise ItemError("gold", what)
    return value
