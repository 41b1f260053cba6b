"""What holds of every kind: it can be shown and answered, and its answers can be kept, compared and added up."""

import json
import random
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.tasks import faces, is_confirmed, item_in_words, said_in_words, taken
from bot.tasks.base import of_lease
from bot.views.task import echo_screen, task_screen
from crowd.batches.spec import BatchSpec
from crowd.exports.base import value_text
from crowd.kinds import kind_named, kinds
from crowd.kinds.base import Json, Takes
from crowd.loop.leases import Expired
from sandbox.meter import message_bytes
from sandbox.text.entities import finish
from sandbox.text.html import parse_html
from tests.bot.looks import faults, toast_faults
from tests.kinds.sample import LEASE, SOME_MEDIA, Sample, Tapping, samples, spec_of

pytestmark = pytest.mark.unit
each = pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_every_kind_has_a_face_and_is_tried_here() -> None:
    assert set(kinds()) == set(faces()) == {sample.name for sample in samples()}


def batch(sample: Sample, data: st.DataObject) -> tuple[BatchSpec, Json]:
    """Any batch of the kind, and an item of it."""
    fields: dict[str, Any] = data.draw(sample.any_fields())
    spec = spec_of(sample, fields)
    payload = kind_named(sample.name).read_item(spec, data.draw(sample.any_item(fields)))
    assert json.loads(json.dumps(payload)) == payload
    return spec, payload


def answer(sample: Sample, spec: BatchSpec, payload: Json, data: st.DataObject, locale: str = "en") -> Json:
    """What somebody says to it, by taps on what is shown and by messages."""
    return thumb(sample, spec, payload, data, locale).answer()


def thumb(sample: Sample, spec: BatchSpec, payload: Json, data: st.DataObject, locale: str) -> Tapping:
    luck = random.Random(data.draw(st.integers(0, 10_000)))
    if taken(spec, payload, None) is not Takes.TEXT:
        return Tapping(spec, payload, locale, luck)
    written = (data.draw(sample.written()) for _ in count())
    return Tapping(spec, payload, locale, luck, messages=written)


@each
@given(data=st.data())
@quick
def test_whatever_may_be_posted_can_be_shown_and_answered_in_every_locale(sample: Sample, data: st.DataObject) -> None:
    spec, payload = batch(sample, data)
    locale = data.draw(st.sampled_from(available()))
    tapping = thumb(sample, spec, payload, data, locale)
    said = tapping.answer()
    assume(said is not None)
    if is_confirmed(spec, payload):
        tapping.seen.append(echo_screen(tongue(locale), Expired(LEASE, spec, payload), said))
    wrong = {screen.text: found for screen in tapping.seen if (found := faults(screen))}
    assert wrong == {}
    assert not [told for told in tapping.told if toast_faults(told)]
    assert said_in_words(spec, payload, said, locale, of_lease(LEASE))
    assert item_in_words(spec, payload, locale)


@each
@given(data=st.data())
@quick
def test_the_face_knows_by_which_taps_and_messages_an_answer_is_given(sample: Sample, data: st.DataObject) -> None:
    spec, payload = batch(sample, data)
    said = answer(sample, spec, payload, data)
    assume(said is not None)
    locale = data.draw(st.sampled_from(available()))
    assert Tapping(spec, payload, locale, random.Random(0)).give(said) == said


@each
@given(data=st.data())
@quick
def test_an_answer_comes_back_from_an_export_as_it_was_given(sample: Sample, data: st.DataObject) -> None:
    spec, payload = batch(sample, data)
    said = answer(sample, spec, payload, data)
    assume(said is not None)
    kind = kind_named(sample.name)
    assert json.loads(json.dumps(said)) == said
    cell = value_text(said)
    assert cell is not None
    assert kind.read_gold(spec, kind.payload(payload), cell) == said
    again = kind.read_answer(spec, kind.payload(payload), sample.said(spec, payload, said))
    assert again == said


@each
@given(data=st.data())
@quick
def test_answers_are_compared_with_golds_within_bounds(sample: Sample, data: st.DataObject) -> None:
    spec, payload = batch(sample, data)
    kind = kind_named(sample.name)
    said = [answer(sample, spec, payload, data) for _ in range(3)]
    assume(None not in said)
    counts = [(value, said.count(value)) for at, value in enumerate(said) if value not in said[:at]]
    apart = kind.difference(spec, counts)
    assert 0 <= kind.chance(spec) < 1
    for one in said:
        assert kind.verdict(spec, one, one) == 1
        assert 0 <= kind.blindly(spec, one) <= 1
        if apart is not None:
            assert apart(one, one) == 0
        for other in said:
            assert 0 <= kind.verdict(spec, one, other) <= 1
            assert 0 <= kind.telling(spec, one, other) <= 1
            if apart is not None:
                assert apart(one, other) == pytest.approx(apart(other, one))
                assert apart(one, other) >= 0


@each
@given(data=st.data())
@quick
def test_answers_add_up_the_same_in_whichever_order_they_come(sample: Sample, data: st.DataObject) -> None:
    spec, payload = batch(sample, data)
    kind = kind_named(sample.name)
    said = [answer(sample, spec, payload, data) for _ in range(3)]
    assume(None not in said)
    skills = [data.draw(st.floats(0.3, 0.99)) for _ in said]

    def added(order: list[int]) -> Json:
        evidence: Json = None
        for at in order:
            evidence = json.loads(json.dumps(kind.add(spec, evidence, said[at], skills[at])))
        return kind.consensus(spec, evidence, 0.2)

    found, shuffled = added([0, 1, 2]), added([2, 0, 1])
    assert (found.label, found.votes) == (shuffled.label, shuffled.votes)
    assert found.confidence == pytest.approx(shuffled.confidence)
    assert 0 <= found.confidence <= 1
    assert found.votes == 3
    cell = value_text(found.label)
    assert cell is not None
    assert kind.read_gold(spec, kind.payload(payload), cell) == found.label, "a label is an answer like any other"


@each
@given(data=st.data())
@quick
def test_what_all_say_is_the_label_and_the_surer_the_more_say_it(sample: Sample, data: st.DataObject) -> None:
    spec, payload = batch(sample, data)
    kind = kind_named(sample.name)
    said = answer(sample, spec, payload, data)
    assume(said is not None)
    evidence: Json = None
    sure = []
    for votes in range(1, 5):
        evidence = kind.add(spec, evidence, said, 0.85)
        found = kind.consensus(spec, evidence)
        assert (found.label, found.votes) == (said, votes)
        sure.append(found.confidence)
    assert sure == sorted(sure)


@each
def test_a_task_of_ordinary_size_costs_few_bytes_beyond_its_item(sample: Sample) -> None:
    spec, kind = spec_of(sample, sample.fields()), kind_named(sample.name)
    cells = {**sample.item(1), **{name: cell for name, cell in SOME_MEDIA.items() if name in sample.item(1)}}
    payload = kind.read_item(spec, cells)
    shown = task_screen(tongue("en"), spec, payload, 123_456_789)
    formatted = finish(*parse_html(shown.text))
    rows = [[{"text": button.label, "callback_data": button.data} for button in row] for row in shown.buttons]
    content = {"text": formatted.text, "entities": [{}] * len(formatted.entities)}
    own = sum(len(value.encode()) for value in payload.values() if isinstance(value, str))
    assert message_bytes(content, {"inline_keyboard": rows}) - own <= 600


@each
def test_nobody_has_said_anything_yet(sample: Sample) -> None:
    found = kind_named(sample.name).consensus(spec_of(sample, sample.fields()), None)
    assert (found.label, found.confidence, found.votes) == (None, 0.0, 0)
