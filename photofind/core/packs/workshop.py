"""The place where packs are put together, and the one step by which they become visible.

::

    models/                    the user's packs
      clip-vit-b-32/           a complete, verified pack
      .staging/                there only while something is under way, or a download waits to go on
        lock                   held by the process that installs or removes
        new-x7f3/              a pack that is being put together
        old-clip-vit-b-32/     the pack that a new one is taking the place of
        gone-clip-vit-b-32/    a pack that is being removed
        3fa9….part             a download that was interrupted, named by its checksum

All is on one file system, so that a rename is all it takes. A process that dies between the two renames of a
replacement leaves the old pack in ``old-…``; the next one puts it back.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from photofind.core import paths
from photofind.core.errors import PackError, StorageError
from photofind.core.private_files import PRIVATE_FILE, make_private_folder

LOG = logging.getLogger(__name__)
_STAGING: Final = ".staging"
_LOCK: Final = "lock"
_NEW, _OLD, _GONE, _PART = "new-", "old-", "gone-", ".part"
_PATIENCE_SECONDS: Final = 7 * 24 * 3600.0
"""How long an interrupted download waits to go on."""


class Workshop:
    """The staging folder, held by this process; see :func:`open_workshop`."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._folder = models / _STAGING

    def new_folder(self) -> Path:
        """Return an empty folder to put a pack together in; what is not published is swept."""
        return Path(tempfile.mkdtemp(prefix=_NEW, dir=self._folder))

    def partial(self, sha256: str) -> Path:
        """Return the file, which need not exist, of a download whose whole content has this checksum."""
        return self._folder / f"{sha256}{_PART}"

    def publish(self, folder: Path, name: str) -> Path:
        """Make a folder the installed pack of this name, in the place of one that is there; return where it is."""
        target, old = self._models / name, self._folder / f"{_OLD}{name}"
        replaces = os.path.lexists(target)
        if replaces:
            target.replace(old)
        try:
            folder.replace(target)
        except OSError:
            if replaces:
                old.replace(target)
            raise
        return target

    def withdraw(self, name: str) -> None:
        """Take an installed pack away."""
        (self._models / name).replace(self._folder / f"{_GONE}{name}")

    def sweep(self) -> None:
        """Delete what is not needed any more, and put back what an unfinished replacement has moved aside."""
        for entry in list(self._folder.iterdir()):
            name = entry.name.removeprefix(_OLD)
            if name != entry.name and not os.path.lexists(self._models / name):
                entry.replace(self._models / name)
            elif entry.name.startswith((_NEW, _OLD, _GONE)) or _is_forgotten(entry):
                _discard(entry)


@contextlib.contextmanager
def open_workshop() -> Iterator[Workshop]:
    """Hold the staging folder beside the user's packs; on leaving, sweep it and, if it is empty, remove it.

    Raises
    ------
    PackError
        When another process holds it.
    StorageError
        When the disk refuses, there or anywhere in the body.
    """
    from filelock import FileLock, Timeout

    models = paths.user_models()
    folder = models / _STAGING
    try:
        make_private_folder(folder)
        lock = FileLock(folder / _LOCK, mode=PRIVATE_FILE)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise PackError("Another photofind is installing or removing a model; wait for it.") from error
    except OSError as error:
        raise _refusal(models, error) from error
    workshop = Workshop(models)
    try:
        workshop.sweep()
        yield workshop
    except OSError as error:
        raise _refusal(models, error) from error
    finally:
        with contextlib.suppress(OSError):
            workshop.sweep()
        lock.release()
        for leave in ((folder / _LOCK).unlink, folder.rmdir, models.rmdir):
            with contextlib.suppress(OSError):  # somebody else came in, or there is something in it
                leave()


def _refusal(models: Path, error: OSError) -> StorageError:
    return StorageError(f"Cannot store model packs in {models}: {error.strerror or error}.")


def _is_forgotten(entry: Path) -> bool:
    return entry.suffix == _PART and time.time() - entry.stat().st_mtime > _PATIENCE_SECONDS


def _discard(entry: Path) -> None:
    try:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    except OSError as error:
        LOG.warning("left behind until the next time: %s", error)
