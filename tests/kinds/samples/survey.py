from typing import Any

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json, SteppedKind
from crowd.kinds.survey import SurveySpec
from tests.kinds.sample import SOME_MEDIA, TEXTS, Cells, options, samples, text_of

_WORDS = ("unga", "mchele", "maharage", "sukari", "chumvi", "mafuta", "samaki", "nyama")


def question(name: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "ask": {"en": f"What of {name}?", "sw": f"Vipi {name}?"}, **fields}


class SurveySample:
    name = "survey"

    def fields(self) -> dict[str, Any]:
        ends = {"low": {"en": "bad"}, "high": {"en": "very good"}}
        return {
            "questions": [
                question("often", "choice", options=options(3)),
                question("buys", "choices", options=options(4), fewest=1),
                question("fresh", "rating", ends=ends),
                question("word", "text", most_characters=200, optional=True),
            ]
        }

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        @st.composite
        def made(draw: st.DrawFn) -> dict[str, Any]:
            inner = {sample.name: sample for sample in samples() if sample.name in {"choice", "choices", "rating"}}
            questions = []
            for number in range(draw(st.integers(1, 4))):
                kind = draw(st.sampled_from([*sorted(inner), "text"]))
                own = draw(inner[kind].any_fields()) if kind in inner else {"most_characters": 300}
                ask = {draw(st.sampled_from(["en", "sw", "ar"])): draw(TEXTS)}
                optional = bool(number) and draw(st.booleans())
                questions.append({"name": f"q{number}", "kind": kind, "ask": ask, "optional": optional, **own})
            return {"questions": questions}

        return made()

    def item(self, number: int) -> Cells:
        return {"text": text_of(number)}

    def right(self, number: int) -> Json:
        told = {
            "often": f"v{number % 3}",
            "buys": [f"v{at}" for at in range(4) if ((number % 15 + 1) >> at) & 1],
            "fresh": 1 + number % 5,
        }
        text = " ".join(_WORDS[(number >> at) % len(_WORDS)] for at in range(0, 9, 2))
        return told | ({"word": text} if number % 4 else {})

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        seen = st.sampled_from(sorted(SOME_MEDIA)).flatmap(
            lambda name: st.text("ab<&é😀", max_size=40).map(lambda text: {name: SOME_MEDIA[name], "text": text})
        )
        return TEXTS.map(lambda text: {"text": text}) | seen

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        assert isinstance(spec, SurveySpec)
        parts: list[Json] = []
        for asked in spec.asked:
            if asked.name not in value:
                parts.append([2, None])
            elif isinstance(asked.kind, SteppedKind):
                parts.append([1, [asked.spec.values.index(each) for each in value[asked.name]]])  # type: ignore[attr-defined]
            else:
                parts.append([1, value[asked.name]])
        return [len(parts), parts]

    def written(self) -> st.SearchStrategy[str]:
        return TEXTS


SAMPLE = SurveySample()
