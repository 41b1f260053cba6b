"""Cells of exports run in no spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.exports.cells import harmless


@pytest.mark.parametrize(
    "cell", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\ufeff=1", "=cmd|' /C calc'!A0", "＝1+1", "-1+1"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=b", "habari", "-12", "+3.5", "-1,5", "-1e9", "'=1", "ሰላም"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text())
def test_what_was_made_harmless_stays_so(cell: str) -> None:
    assert harmless(harmless(cell)) == harmless(cell)
    assert harmless(cell).removeprefix("'") == cell.removeprefix("'")
