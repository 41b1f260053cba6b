"""grid: worked by hand."""

import itertools
import math
from typing import Any

import pytest

from crowd.kinds.base import ItemError, Json
from crowd.kinds.grid import Grid, GridSpec
from crowd.kinds.pictureitem import PictureItem
from crowd.media.picture import Picture
from tests.kinds.sample import spec_of
from tests.kinds.samples.grid import SAMPLE

pytestmark = pytest.mark.unit
KIND, ITEM = Grid(), PictureItem(Picture("0" * 64, 1000, 800, "pictures/1.jpg"), "")


def spec(rows: int = 4, across: int = 4) -> GridSpec:
    made = spec_of(SAMPLE, {"rows": rows, "columns_across": across, "question": {"en": "Where?"}})
    assert isinstance(made, GridSpec)
    return made


def added(made: GridSpec, *said: list[str], accuracy: float = 0.8) -> Json:
    evidence: Json = None
    for each in said:
        evidence = KIND.add(made, evidence, each, accuracy)
    return KIND.consensus(made, evidence)


def test_a_verdict_is_f1_of_the_cells() -> None:
    made = spec()
    assert KIND.verdict(made, ["A1", "B2"], ["A1", "B2"]) == 1
    assert KIND.verdict(made, ["A1", "B2"], ["A1"]) == pytest.approx(
        2 / 3
    )  # all that is marked is right, half is found
    assert KIND.verdict(made, ["A1", "B2"], ["A1", "C3"]) == 1 / 2
    assert KIND.verdict(made, [], []) == 1
    assert KIND.verdict(made, [], ["A1"]) == 0
    assert KIND.verdict(made, ["A1"], []) == 0


def test_a_gold_names_cells() -> None:
    made = spec(3, 5)
    assert KIND.read_gold(made, ITEM, "b3, A1 | e2") == ["A1", "E2", "B3"]
    assert KIND.read_gold(made, ITEM, '["B3","A1"]') == ["A1", "B3"]
    assert KIND.read_gold(made, ITEM, "[]") == []
    for cell in ("F1", "A4", "1A", "weed", '["A1", 2]', "[A1]"):
        with pytest.raises(ItemError):
            KIND.read_gold(made, ITEM, cell)


def test_results_say_where_the_cells_are_in_the_picture_as_it_was_brought() -> None:
    mask, boxes = KIND.tell(spec(), ITEM, ["A1", "D4"])
    assert mask == ["1000", "0000", "0000", "0001"]
    assert boxes == [[0, 0, 250, 200], [750, 600, 1000, 800]]
    assert KIND.tell(spec(), ITEM, []) == (["0000"] * 4, [])


def test_what_is_told_of_who_knows_and_of_who_guesses_sums_to_one() -> None:
    made = spec(3, 3)
    names = [made.grid.named(cell) for cell in range(9)]
    every = [list(each) for size in range(10) for each in itertools.combinations(names, size)]
    assert math.fsum(KIND.blindly(made, said) for said in every) == pytest.approx(1)
    assert math.fsum(KIND.telling(made, ["A1", "B2"], said) for said in every) == pytest.approx(1)


def test_each_cell_is_voted_on_by_itself() -> None:
    found = added(spec(), ["A1", "B2"], ["B2", "C3"], ["A1", "B2", "D4"])
    assert found.label == ["A1", "B2"]


def test_a_label_is_as_sure_as_its_f1_is_likely_to_be() -> None:
    made = spec()
    clear = [added(made, *[["A1", "B2"]] * votes).confidence for votes in (1, 2, 4)]
    assert clear == sorted(clear)
    assert clear[-1] > 0.9
    split = added(made, ["A1", "B2"], ["A1", "B2"], ["C3"], ["C3", "D4"])
    assert split.confidence < clear[1]
    assert added(made, [], []).confidence < 1


def fields(**changed: Any) -> dict[str, Any]:
    return {"rows": 4, "columns_across": 4, "question": {"en": "Where?"}, **changed}


@pytest.mark.parametrize(
    "changed", [{"rows": 2}, {"columns_across": 7}, {"question": {}}, {"question": {"en": "x" * 201}}]
)
def test_a_grid_that_a_phone_cannot_carry_is_none(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        spec_of(SAMPLE, fields(**changed))
