"""chat: of two replies of a model, say which is better and why, and give the ideal answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

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
    SteppedKind,
    Takes,
)
from crowd.kinds.chatgold import PARTS, ChatSpec, part_of, texts_of
from crowd.kinds.differences import nominal
from crowd.kinds.grades import Steps
from crowd.kinds.item import LONGEST_TEXT
from crowd.kinds.judging import JudgedKind
from crowd.kinds.mutation import MutableKind
from crowd.kinds.near import ranked
from crowd.kinds.pair import SIDES, Pair, PairKind
from crowd.kinds.scale import Scale
from crowd.kinds.written import is_seen, similarity, tidied
from crowd.lengths import chat_length
from crowd.sentences import say

ALL = "all"
"""In the place of a part: there is nothing more to say."""

_VERSION = "nearest-1"


class _Better(PairKind[ChatSpec]):
    """The part of an answer that says which is better. To other answers it is right or wrong: none is in between."""

    name = "chat"

    def scale(self, spec: ChatSpec) -> Scale | None:  # noqa: ARG002
        """See PickedKind."""
        return None


_BETTER = _Better()


class Chat(
    SteppedKind[ChatSpec, Pair], FittedKind[ChatSpec, Pair], JudgedKind[ChatSpec, Pair], MutableKind[ChatSpec, Pair]
):
    """Say which of two replies is better, why, and what would be ideal. An answer is {better, why, ideal}.

    `better` is as in PairKind. A gold may have it alone, and so may a label which a fit finds that nobody said. A
    draft has the parts that were said, and `at`, the one that is asked for, or ALL. Evidence is {better, said}:
    which is better as PickedKind has it, and for each that anybody said to be, their [ideal, why] as NearKind has it.
    """

    name = "chat"
    called = say("expert chat")
    takes_s = 150
    spec = ChatSpec

    def columns(self, spec: ChatSpec) -> tuple[Column, ...]:
        """See PairKind."""
        return _BETTER.columns(spec)

    def read_item(self, spec: ChatSpec, cells: Mapping[str, str]) -> Json:
        """See PairKind. A reply that is taken over stands in one message with the reason."""
        item = _BETTER.read_item(spec, cells)
        for side in SIDES:
            if (length := chat_length(item[side])) > LONGEST_TEXT - spec.most_why:
                what = say(
                    "has {length} characters, and stands in one message with a reason of up to {why}: {most} at most",
                    length=length,
                    why=spec.most_why,
                    most=LONGEST_TEXT - spec.most_why,
                )
                raise ItemError(side, what)
        if spec.judging is not None and (length := chat_length(item.get("text", ""))) > LONGEST_TEXT - spec.most_ideal:
            what = say(
                "has {length} characters, and is judged with an ideal answer of up to {ideal}: {most} at most",
                length=length,
                ideal=spec.most_ideal,
                most=LONGEST_TEXT - spec.most_ideal,
            )
            raise ItemError("text", what)
        return item

    def payload(self, stored: Json) -> Pair:
        """See PairKind."""
        return _BETTER.payload(stored)

    def read_gold(self, spec: ChatSpec, payload: Pair, cell: str) -> Json:
        """Which is better, or a JSON object with `better` and perhaps `why` and `ideal`."""
        if not cell.startswith("{"):
            return {"better": _BETTER.read_gold(spec, payload, cell)}
        said = texts_of(cell)
        right = {"better": _BETTER.read_gold(spec, payload, said["better"])}
        for part in PARTS[1:]:
            if part in said:
                right[part] = part_of(spec, payload, part, said[part])
        return right

    mutation = _BETTER.mutation

    def mutated(self, spec: ChatSpec, stored: Json, mirrored: Json) -> Json:
        """See PairKind."""
        return _BETTER.mutated(spec, stored, mirrored)

    def mutated_answer(self, spec: ChatSpec, payload: Pair, value: Json) -> Json:
        """See PairKind; words stay as they are."""
        return {**value, "better": _BETTER.mutated_answer(spec, payload, value["better"])}

    def begin(self, spec: ChatSpec, payload: Pair) -> Json:  # noqa: ARG002
        """Nothing is said."""
        return {"at": PARTS[0]}

    def takes(self, spec: ChatSpec, payload: Pair, draft: Json) -> Takes | None:  # noqa: ARG002
        """The reason and the ideal answer are written."""
        return Takes.TEXT if draft["at"] in PARTS[1:] else None

    def step(self, spec: ChatSpec, payload: Pair, draft: Json, said: Json) -> Json:
        """`said` is a text, for the part that is asked for; or what a tap says.

        That is ["better", which], ["ideal", the side that is taken over], or ["ask", the part to be asked for], which
        may be ALL where all is said.
        """
        if isinstance(said, str):
            if draft["at"] not in PARTS[1:]:
                raise AnswerError(self.name, "no_such_option")
            return self._with(spec, payload, draft, draft["at"], self._written(spec, draft["at"], said))
        what, value = said
        if what == "ask" and value in (*PARTS, ALL) and _reaches(draft, value):
            return {**draft, "at": value}
        if what == "better":
            return self._with(spec, payload, draft, what, _BETTER.read_answer(spec, payload, value))
        if what == "ideal" and value in SIDES and "better" in draft:
            return self._with(spec, payload, draft, what, payload.side(value))
        raise AnswerError(self.name, "no_such_option")

    def _with(self, spec: ChatSpec, payload: Pair, draft: Json, part: str, value: str) -> Json:
        """The draft with one part more. A reply that may not stay as it is is no ideal answer, then or later."""
        after = {**draft, part: value}
        whole = {payload.side(side) for side in spec.may_stay(after["better"])}
        if after.get("ideal") in {payload.a, payload.b} - whole:
            if part == "ideal":
                raise AnswerError(self.name, "not_as_it_is")
            del after["ideal"]
        return {**after, "at": next((each for each in PARTS if each not in after), ALL)}

    def _written(self, spec: ChatSpec, part: str, said: str) -> str:
        least, most = spec.bounds(part)
        text = tidied(said)
        if len(text) < least or not is_seen(text):
            raise AnswerError(self.name, "answer_too_short", least=least)
        if (length := chat_length(text)) > most:
            raise AnswerError(self.name, "answer_too_long", most=most, length=length)
        return text

    def read_answer(self, spec: ChatSpec, payload: Pair, said: Json) -> Json:  # noqa: ARG002
        """`said` is a draft."""
        if not all(part in said for part in PARTS):
            raise AnswerError(self.name, "not_all_said")
        return {part: said[part] for part in PARTS}

    def verdict(self, spec: ChatSpec, right: Json, said: Json) -> float:
        """Whether the better one is right. With `near_enough` that is half, and the gold's ideal answer the other.

        That half is earned in proportion to how like it the answer is, up to `near_enough`; see `written.similarity`.
        """
        if right["better"] != said["better"]:
            return 0.0
        if spec.near_enough is None or "ideal" not in right:
            return 1.0
        return 0.5 + 0.5 * min(1.0, similarity(right["ideal"], said.get("ideal", "")) / spec.near_enough)

    def steps(self, spec: ChatSpec) -> Steps | None:
        """Half for which is better, all with an ideal answer near enough; without that it is right or wrong."""
        return None if spec.near_enough is None else Steps(0.5, 1.0)

    def telling(self, spec: ChatSpec, right: Json, said: Json) -> float:  # noqa: ARG002
        """Of which is better alone.

        The words are taken to be as probable from one who knows as from one who guesses, since a reply can be taken
        over by either. So they tell nothing, here and in `blindly`, which both sum to 1 over what can be better.
        """
        return float(right["better"] == said["better"])

    def blindly(self, spec: ChatSpec, said: Json) -> float:  # noqa: ARG002
        """Each is as likely to be called better."""
        return self.chance(spec)

    def chance(self, spec: ChatSpec) -> float:
        """One in the number of what can be better."""
        return 1 / len(spec.values)

    def expected(
        self,
        spec: ChatSpec,
        evidence: Json,
        said: Json,
        usual: Mapping[Json, float],  # noqa: ARG002
        likeness: float = 0.0,
    ) -> float | None:
        """Of which is better; none is usual."""
        even = dict.fromkeys(spec.values, self.chance(spec))
        return _BETTER.expected(spec, evidence["better"], said["better"], even, likeness) if evidence else None

    def difference(self, spec: ChatSpec, counts: Sequence[tuple[Json, int]]) -> Difference:  # noqa: ARG002
        """Of which is better: the same or not."""
        return lambda one, other: nominal(one["better"], other["better"])

    told = PARTS

    def tell(self, spec: ChatSpec, payload: Pair, label: Json) -> tuple[Json, ...]:  # noqa: ARG002
        """Each part by itself."""
        return tuple(label.get(part) for part in PARTS)

    def judged_item(self, spec: ChatSpec, payload: Pair, answer: Json) -> Json:  # noqa: ARG002
        """What the model was asked, and the ideal answer to it."""
        return {"text": "\n\n".join(part for part in (payload.text, f"➡️ {answer['ideal']}") if part)}

    def add(self, spec: ChatSpec, evidence: Json, said: Json, accuracy: float) -> Json:
        """See Kind."""
        before = evidence or {"better": None, "said": {}}
        better = _BETTER.add(spec, before["better"], said["better"], accuracy)
        return {"better": better, "said": _with_one_more(before["said"], said, accuracy)}

    def consensus(self, spec: ChatSpec, evidence: Json, likeness: float = 0.0) -> Consensus:
        """The more probable one is better, and how probable that is; with the ideal answer that is nearest to all.

        That is of those who said so, the skilled weighing more (see `near.ranked`), and the reason of who wrote it; of
        several, as where a reply is taken over, that of the most accurate.
        """
        if not evidence:
            return Consensus(None, 0.0, 0)
        found = _BETTER.consensus(spec, evidence["better"], likeness)
        return replace(found, label=_whole(found.label, evidence["said"]))

    def fit(self, spec: ChatSpec, table: AnswerTable) -> Fit:
        """As of a kind whose answers are which is better; what that tells of workers weighs their ideal answers."""
        from crowd.kinds import pickedfit  # NumPy, which only a fit needs

        better = replace(
            table,
            values=[value["better"] for value in table.values],
            golds={task: right["better"] for task, right in table.golds.items()},
        )
        fit = pickedfit.fit(_BETTER, spec, better)
        said: dict[int, Json] = {}
        for task, worker, value in zip(table.tasks, table.workers, table.values, strict=True):
            said[task] = _with_one_more(said.get(task, {}), value, fit.accuracies[worker])
        labels = {
            task: replace(found, label=table.golds[task] if task in table.golds else _whole(found.label, said[task]))
            for task, found in fit.labels.items()
        }
        known: dict[int, Json] = {task: {"better": fit.evidence[task], "said": said[task]} for task in fit.evidence}
        return replace(fit, labels=labels, evidence=known, method=f"{fit.method}+{_VERSION}")


def _reaches(draft: Json, value: str) -> bool:
    """Whether a part can be asked for: once all before it is said, ALL once everything is."""
    return all(part in draft for part in (PARTS if value == ALL else PARTS[: PARTS.index(value)]))


def _with_one_more(said: Mapping[str, Json], answer: Json, accuracy: float) -> Json:
    """What was said by who said what of which is better, with one answer more."""
    before = said.get(answer["better"], [])
    near = [round(similarity(answer["ideal"], ideal), 6) for (ideal, _), *_ in before]
    return {**said, answer["better"]: [*before, [[answer["ideal"], answer["why"]], accuracy, near]]}


def _whole(better: str, said: Mapping[str, Json]) -> Json:
    """The label, with the ideal answer of those who said so, if anybody did."""
    if better not in said:
        return {"better": better}
    _, (ideal, _), _ = ranked(said[better])[0]
    _, why = min((-accuracy, why) for (each, why), accuracy, *_ in said[better] if each == ideal)
    return {"better": better, "why": why, "ideal": ideal}


KIND = Chat()
