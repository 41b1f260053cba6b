"""Orders as a table that any provider's upload page, and any spreadsheet, takes."""

import csv
import io
from collections.abc import Sequence

from crowd.exports.cells import harmless


def sheet(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """CSV (RFC 4180) in UTF-8; a text that a spreadsheet would run begins with `'`."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
