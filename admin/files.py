"""What may be uploaded, through the pages and through the API alike."""

import re

LARGEST_UPLOAD = 1024**3
"""Bytes of a whole request. `kazi batch post` takes files of any size."""

BATCH_FILE = re.compile(r"[^/\\\x00-\x1f\x7f]{1,80}\.ya?ml", re.IGNORECASE)
ITEMS_FILE = re.compile(r"[^/\\\x00-\x1f\x7f]{1,80}\.(csv|jsonl|parquet|xlsx)", re.IGNORECASE)
"""Names that are no paths, with an ending that can be read."""

ARCHIVE = "files.zip"
"""What the archive is called while it is looked at, with what the items name: pictures, say."""
