"""Files of a batch that come packed in one .zip, unpacked beside the batch file."""

import zipfile
from pathlib import Path, PurePosixPath

from crowd.batchfile.problem import Problems, error, shown
from crowd.sentences import Sentence, say

MOST_FILES = 20_000
MOST_BYTES = 4 * 1024**3
"""Of all files, unpacked."""

LARGEST_FILE = 40 * 1024 * 1024
_BLOCK = 1024 * 1024


class _BrokenError(Exception):
    """What is wrong with an archive."""

    def __init__(self, what: Sentence) -> None:
        super().__init__(what)
        self.what = what


def unpack(archive: Path, folder: Path, name: str, problems: Problems) -> None:
    """Unpack an archive into the folder of its batch file; what is wrong with it is added to the problems.

    It is hostile until shown otherwise: nothing leaves the folder or takes the place of what is there, links are left
    out, and sizes are counted as they come, whatever the archive says of itself.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir() and not _beside_the_point(entry)]
            if len(entries) > MOST_FILES:
                raise _BrokenError(say("has {files:,} files; {most:,} at most", files=len(entries), most=MOST_FILES))
            left = MOST_BYTES
            for entry in entries:
                left -= _unpack(opened, entry, folder, min(left, LARGEST_FILE))
    except _BrokenError as broken:
        mend = say("Pack the files anew, named as the items name them, and bring it again.")
        problems.add(error(name, None, None, broken.what, mend))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        mend = say("Pack the files into a .zip without a password.")
        problems.add(error(name, None, None, say("is no .zip that can be unpacked"), mend))


def _beside_the_point(entry: zipfile.ZipInfo) -> bool:
    """What systems put into archives by themselves, and links."""
    parts = PurePosixPath(entry.filename).parts
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return is_link or any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)


def _unpack(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, most: int) -> int:
    """Unpack one file; its bytes."""
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
        raise _BrokenError(say("has a file that would leave the batch's folder: {name}", name=shown(entry.filename)))
    to = folder.joinpath(*path.parts)
    to.parent.mkdir(parents=True, exist_ok=True)
    taken = 0
    with opened.open(entry) as packed:
        try:
            file = to.open("xb")
        except FileExistsError:
            raise _BrokenError(say("has a file that is there already: {name}", name=shown(entry.filename))) from None
        with file:
            while block := packed.read(_BLOCK):
                taken += len(block)
                if taken > most:
                    raise _BrokenError(say("has too much in it: {name} is too large", name=shown(entry.filename)))
                file.write(block)
    return taken
