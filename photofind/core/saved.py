"""Searches that the user saved by name: one JSON file in the library's folder.

::

    read ──▶ searches.json ──damaged──▶ searches.json.damaged, and a warning
    change: lock ──▶ read ──▶ change ──▶ new file ──fsync──▶ in the place of the old one

They are not in ``library.db``, which the writer process alone may change: a search must be saved at once, also while
that process is busy for hours or another photofind is the writer. A lock of their own lets two windows change them at
the same time without losing what the other one did.

What a search asks for is a JSON object that this module stores and does not look into. The file has a checksum, which
need not be there: older files and those that somebody wrote by hand have none.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from photofind.core.bounded_files import read_whole
from photofind.core.document_sums import SUM_KEY, has_right_sum, with_sum
from photofind.core.errors import LibraryVersionError, QueryError, StorageError
from photofind.core.ownership import DATABASE
from photofind.core.private_files import PRIVATE_FILE, claim, misplaced
from photofind.core.whole_files import write_whole

LOG = logging.getLogger(__name__)

SAVED_FILE: Final = "searches.json"
MOST_SEARCHES: Final = 200
LONGEST_NAME: Final = 100
_LOCK_FILE: Final = "searches.lock"
_LOCK_SECONDS: Final = 10.0
_VERSION: Final = 1
_LARGEST_BYTES: Final = 200_000_000
_LARGEST_QUERY: Final = 100_000
"""Characters of one query: all of them, spread over lines, stay below the size that is read."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A name and what it asks for, as a JSON object."""

    name: str
    query: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """All saved searches in the order of their names; ``warning`` is a sentence when some of the file was damaged."""

    searches: tuple[SavedSearch, ...] = ()
    warning: str = ""

    def find(self, name: str) -> SavedSearch | None:
        """Return the search of this name, without regard to case."""
        wanted = _key(name)
        return next((search for search in self.searches if _key(search.name) == wanted), None)


@dataclass(slots=True)
class _Contents:
    searches: list[SavedSearch] = field(default_factory=list)
    is_damaged: bool = False


class SavedSearches:
    """The saved searches of one library; every call reads the file anew, so it shows what other windows did.

    All methods raise LibraryVersionError when a newer photofind wrote the file, and StorageError when the disk refuses.
    Those that change something return what is on the shelf afterwards.
    """

    def __init__(self, library: Path) -> None:
        self._library = library
        self._file = library / SAVED_FILE

    def list(self) -> Shelf:
        """Return all saved searches; what is damaged of the file is set aside, and the rest is shown."""
        contents = self._read()
        if not contents.is_damaged:
            return _shelf(contents.searches)
        with self._locked():
            return self._mended()

    def save(self, name: str, query: Mapping[str, Any]) -> Shelf:
        """Save a search, in the place of the one that has this name already.

        Raises
        ------
        QueryError
            When the name will not do, there are too many searches, or the query is too long to keep.
        """
        fresh = SavedSearch(clean_name(name), query)
        if len(json.dumps(query)) > _LARGEST_QUERY:
            raise QueryError("This search is too long to be saved; take something out of it.")
        with self._locked():
            before = self._mended()
            others = [search for search in before.searches if _key(search.name) != _key(fresh.name)]
            if len(others) >= MOST_SEARCHES:
                raise QueryError(f"There are {MOST_SEARCHES} saved searches already; remove one first.")
            return self._written([*others, fresh], before.warning)

    def put_back(self, search: SavedSearch) -> Shelf:
        """Undo a removal; nothing happens when there is a search of this name by now."""
        with self._locked():
            before = self._mended()
            if before.find(search.name) is not None or len(before.searches) >= MOST_SEARCHES:
                return before
            return self._written([*before.searches, search], before.warning)

    def rename(self, old: str, new: str) -> Shelf:
        """Give a search another name; raise QueryError when another search has it, or the search is gone."""
        name = clean_name(new)
        with self._locked():
            before = self._mended()
            search = before.find(old)
            if search is None:
                raise QueryError(f"There is no saved search “{old}” any more.")
            taken = before.find(name)
            if taken is not None and taken is not search:
                raise QueryError(f"There is a saved search “{taken.name}” already; choose another name.")
            others = [other for other in before.searches if other is not search]
            return self._written([*others, SavedSearch(name, search.query)], before.warning)

    def remove(self, name: str) -> Shelf:
        """Forget a search; one that is gone already is fine."""
        with self._locked():
            before = self._mended()
            return self._written([s for s in before.searches if _key(s.name) != _key(name)], before.warning)

    # The file

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout  # a window that opens reads only, and need not wait for it

        if not os.path.isfile(self._library / DATABASE):  # a folder with a stray file would not become a library
            raise StorageError(f"There is no library in {self._library} yet; add a folder of photos first.")
        try:
            with FileLock(self._library / _LOCK_FILE, timeout=_LOCK_SECONDS, mode=PRIVATE_FILE):
                yield
        except Timeout as error:
            raise StorageError("Another photofind is at the saved searches; try again in a moment.") from error
        except OSError as error:
            raise self._refused(error) from error

    def _read(self) -> _Contents:
        try:
            content = read_whole(self._file, _LARGEST_BYTES)
        except FileNotFoundError:
            return _Contents()
        except OSError as error:
            if error.errno == errno.EFBIG:  # no such file was ever written
                return _Contents(is_damaged=True)
            raise StorageError(
                f"Cannot read {self._file}: {error.strerror or error}; make it readable, or move it away."
            ) from error
        return _parsed(content, self._file)

    def _mended(self) -> Shelf:
        """Return what can be read; when not all can, the file is set aside first. The caller has the lock."""
        contents = self._read()
        if not contents.is_damaged:
            return _shelf(contents.searches)
        kept = self._free_name()
        claim(kept)
        shutil.copyfile(self._file, kept)
        self._written(contents.searches, "")
        warning = (
            f"Some saved searches could not be read or are not what was saved; the damaged file was kept as {kept}."
        )
        LOG.warning("%s", warning)
        return _shelf(contents.searches, warning)

    def _free_name(self) -> Path:
        number, kept = 1, self._file.with_name(f"{SAVED_FILE}.damaged")
        while os.path.lexists(kept):
            number += 1
            kept = self._file.with_name(f"{SAVED_FILE}.damaged-{number}")
        return kept

    def _written(self, searches: Sequence[SavedSearch], warning: str) -> Shelf:
        shelf = _shelf(searches, warning)
        entries = [{"name": search.name, "query": search.query} for search in shelf.searches]
        # ASCII only: names of files may hold what no encoding can write, which JSON's escapes can.
        text = json.dumps(with_sum({"version": _VERSION, "searches": entries}), indent=1)
        write_whole(self._file, [text.encode("ascii")], private=True)
        return shelf

    def _refused(self, error: OSError) -> StorageError:
        return misplaced(error) or StorageError(
            f"Cannot write the saved searches in {self._library}: {error.strerror or error}."
        )


def clean_name(name: str) -> str:
    """Return a name on one line and without stray characters; raise QueryError when nothing or too much is left."""
    whole = unicodedata.normalize("NFC", name.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    cleaned = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in whole).split())
    if not cleaned:
        raise QueryError("Give the search a name.")
    if len(cleaned) > LONGEST_NAME:
        raise QueryError(f"The name is longer than {LONGEST_NAME} characters; shorten it.")
    return cleaned


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _shelf(searches: Sequence[SavedSearch], warning: str = "") -> Shelf:
    return Shelf(tuple(sorted(searches, key=lambda search: _key(search.name))), warning)


def _parsed(content: bytes, path: Path) -> _Contents:
    try:
        table = json.loads(content.decode("utf-8"))
        fits = not isinstance(table, dict) or SUM_KEY not in table or has_right_sum(table)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        table, fits = None, False
    if not isinstance(table, dict) or type(table.get("version")) is not int:
        return _Contents(is_damaged=True)
    if table["version"] > _VERSION:
        raise LibraryVersionError(f"{path} was written by a newer photofind; update photofind to see your searches.")
    entries = table.get("searches")
    if not isinstance(entries, list):
        return _Contents(is_damaged=True)
    found: dict[str, SavedSearch] = {}
    for entry in entries:
        search = _parsed_entry(entry)
        if search is not None:
            found.setdefault(_key(search.name), search)
    kept = list(found.values())[:MOST_SEARCHES]
    return _Contents(kept, is_damaged=not fits or len(kept) != len(entries))


def _parsed_entry(entry: object) -> SavedSearch | None:
    if not isinstance(entry, dict):
        return None
    name, query = entry.get("name"), entry.get("query")
    if not isinstance(name, str) or not isinstance(query, dict):
        return None
    try:
        return SavedSearch(clean_name(name), query)
    except QueryError:
        return None
