"""The confusion matrix and the contested tasks as rows, for any format of exports."""

from collections.abc import Sequence

from crowd.agreement.figures import Figures
from crowd.agreement.measuring import CONTESTED
from crowd.batches.spec import BatchSpec
from crowd.exports.base import Column, Format, Row, Type
from crowd.labels.contested import contested
from crowd.labels.owncolumns import Told, own_cells, own_columns
from db.database import Tx

CONFUSION = (
    Column("label", Type.VALUE),
    Column("answer", Type.VALUE),  # none: I don't know
    Column("answers", Type.INTEGER),
    Column("share", Type.REAL),  # of the answers to tasks of this label, without “I don't know”
    Column("tasks", Type.INTEGER),  # of this label
)

_CONTESTED = (
    Column("id", Type.TEXT),  # the requester's own
    Column("task", Type.INTEGER),  # by which a decision names it
    Column("label", Type.VALUE),
    Column("confidence", Type.REAL),
    Column("split", Type.COUNTS),
    Column("dont_know", Type.INTEGER),
    Column("skips", Type.INTEGER),
    Column("reports", Type.INTEGER),
    Column("reasons", Type.TEXT),  # of skips and reports, one on a line
    Column("withdrawn", Type.YES_NO),
)


def confusion_rows(figures: Figures) -> list[Row]:
    """A row for each label and answer."""
    rows: list[Row] = []
    for option in figures.options:
        for said in option.said:
            share = said.times / option.answers if option.answers else None
            rows.append((option.label, said.value, said.times, share, option.tasks))
        rows.append((option.label, None, option.dont_know, None, option.tasks))
    return rows


async def contested_table(tx: Tx, batch_id: int, spec: BatchSpec) -> tuple[list[Column], list[Row]]:
    """The contested tasks as of when agreement was last measured: columns, those of the kind last, and a row for each.

    The most contested come first, a thousand at most.
    """
    have = await tx.value("SELECT columns FROM batch WHERE id = $1", batch_id)
    page = await contested(tx, batch_id, limit=CONTESTED)
    own = own_cells(spec, have)
    rows: list[Row] = [
        (
            case.key,
            case.id,
            case.label,
            case.confidence,
            case.split,
            case.dont_know,
            sum(each.way == "skipped" for each in case.passed),
            sum(each.way == "reported" for each in case.passed),
            "\n".join(each.reason for each in case.passed if each.reason),
            case.withdrawn,
            *own(Told(case.payload, case.label, case.split, case.evidence, case.likeness)),
        )
        for case in page.cases
    ]
    return [*_CONTESTED, *own_columns(spec, have)], rows


def written(form: Format, columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """A whole file. It takes milliseconds for a thousand rows, and Parquet waits for a thread: call it in one."""
    writer = form.writer(columns)
    try:
        return writer.begin() + writer.rows(rows) + writer.end()
    finally:
        writer.close()
