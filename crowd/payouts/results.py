"""What a provider hands back: which payouts of a file arrived, and why others did not."""

import csv
import io
import re
from dataclasses import dataclass

from crowd.sentences import Listed, SentenceError, say

LARGEST = 5 * 1024 * 1024
_REFERENCE = re.compile(r"KAZI-(\d{1,18})")

# The codes are those of ISO 20022 (external code set “payment transaction status”). Money has left for good with none
# but ACSC, settled, and ACCC, on the payee's account; what was checked, accepted or is being processed may fail still.
_PAID = {"paid", "success", "successful", "completed", "ok", "acsc", "accc"}
_FAILED = {"failed", "failure", "rejected", "error", "returned", "rjct"}
_UNDER_WAY = {
    "accepted", "pending", "processing", "submitted", "queued", "in progress", "rcvd", "pdng", "pres", "accp", "acfc",
    "acpd", "acsp", "actc", "acwc", "acwp", "patc",
}  # fmt: skip
_LONGEST = 200
_MUST = ("reference", "status")


class ResultsError(SentenceError):
    """A file of results cannot be read. Says which line is wrong and how to mend it; nothing was taken over."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one payout."""

    payout_id: int
    paid: bool
    reference: str
    """The provider's; may be empty."""
    reason: str
    """Why it failed; may be empty where it was paid."""

    @property
    def name(self) -> str:
        """Our reference."""
        return f"KAZI-{self.payout_id}"


@dataclass(frozen=True, slots=True)
class Results:
    """What a provider hands back of a file."""

    outcomes: tuple[Outcome, ...]
    under_way: tuple[int, ...] = ()
    """Payouts that the provider has and has not ended: nothing follows from that."""


def read_results(data: bytes) -> Results:
    """A table (CSV) with `reference` and `status`, and perhaps `provider_reference` and `reason`. Raises ResultsError.

    Of a payout that is under way in one line and has ended in another the end holds.
    Names of columns are found in any case, and cells may have the `'` that keeps spreadsheets from running them.
    """
    rows = _rows(data)
    names = [name.strip().casefold() for name in next(iter(rows), [])]
    for wanted in _MUST:
        if wanted not in names:
            raise ResultsError(
                say(
                    "line 1: there is no column {column}; there must be {columns}", column=wanted, columns=Listed(_MUST)
                )
            )
    found: dict[int, Outcome] = {}
    under_way = dict[int, None]()
    for line, cells in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in cells):
            row = {name: cell.strip().removeprefix("'") for name, cell in zip(names, cells, strict=False)}
            number, status = _reference(row, line), row.get("status", "").casefold()
            if status in _UNDER_WAY:
                under_way[number] = None
                continue
            outcome = _outcome(number, status, row, line)
            if found.setdefault(outcome.payout_id, outcome) != outcome:
                raise ResultsError(
                    say("line {line}: {reference} stands there twice, and differs", line=line, reference=outcome.name)
                )
    return Results(tuple(found.values()), tuple(each for each in under_way if each not in found))


def _rows(data: bytes) -> list[list[str]]:
    if len(data) > LARGEST:
        raise ResultsError(say("the file is larger than {most} MB", most=LARGEST // 1024 // 1024))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ResultsError(say("the file is not in UTF-8: save it as “CSV UTF-8”")) from None
    try:
        dialect = csv.Sniffer().sniff(text[:4096], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        return list(csv.reader(io.StringIO(text, newline=None), dialect))
    except csv.Error as error:
        raise ResultsError(say("the file is no table (CSV): {error}", error=str(error))) from None


def _reference(row: dict[str, str], line: int) -> int:
    named = _REFERENCE.fullmatch(row.get("reference", "").upper())
    if named is None:
        raise ResultsError(
            say(
                "line {line}: {text} is no reference of ours, such as {example}",
                line=line,
                text=row.get("reference", "")[:50],
                example="KAZI-12",
            )
        )
    return int(named[1])


def _outcome(number: int, status: str, row: dict[str, str], line: int) -> Outcome:
    if status not in _PAID | _FAILED:
        raise ResultsError(
            say("line {line}: the status {status} is neither paid nor failed", line=line, status=status[:50])
        )
    paid, reason = status in _PAID, row.get("reason", "")[:_LONGEST]
    if not paid and not reason:
        raise ResultsError(
            say(
                "line {line}: {reference} failed, and no {column} says why: the worker is told it",
                line=line,
                reference=f"KAZI-{number}",
                column="reason",
            )
        )
    return Outcome(number, paid, row.get("provider_reference", "")[:_LONGEST], "" if paid else reason)
