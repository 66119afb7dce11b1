"""A library with a folder of photos, brought up to date in this very process: real decoders, network and index."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from photofind.core.indexing.run import IndexReport
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Control, Progress
from photofind.core.search import Query, SearchResult
from photofind.core.settings import Settings
from photofind.core.status import LibraryStatus
from tests.support.photos import put

Watch = Callable[[LibraryWriter, Progress], None]


class World:
    """Photos in ``photos``, their library in ``library``; a ``probe`` photo outside to search by."""

    def __init__(self, place: Path, settings: Settings) -> None:
        self.place = place
        self.photos = place / "photos"
        self.photos.mkdir()
        self.library = place / "library"
        self.settings = settings
        self.probe = put(place / "probe.jpg", 999)

    def put(self, name: str, content: int | bytes = 0) -> Path:
        """Write a photo below the folder of photos."""
        return put(self.photos / name, content)

    @contextmanager
    def writer(self) -> Iterator[LibraryWriter]:
        with LibraryWriter(self.library, self.settings, Control()) as writer:
            yield writer

    def update(self, *folders: Path | str, watch: Watch | None = None) -> IndexReport:
        """Bring the library up to date; without folders, with the folder of photos. ``watch`` sees all progress."""
        with self.writer() as writer:
            steps = writer.update([str(folder) for folder in folders] or [str(self.photos)])
            assert isinstance(steps, Generator)
            with closing(steps):
                for progress in steps:
                    if watch is not None:
                        watch(writer, progress)
            return writer.report

    def refresh(self) -> IndexReport:
        """Bring the library up to date with all folders that it has."""
        with self.writer() as writer:
            for _ in writer.update():
                pass
            return writer.report

    def search(self, *images: Path, limit: int = 1000, exact: bool = True) -> SearchResult:
        with Library(self.library, self.settings) as library:
            return library.search(Query(images=tuple(map(str, images)), limit=limit, exact=exact))

    def found(self) -> dict[str, int]:
        """Return every photo that a search finds: its path below ``place`` and its id."""
        return {os.path.relpath(hit.path, self.place): hit.photo_id for hit in self.search(self.probe).hits}

    def names(self) -> set[str]:
        """Return the names of the photos that a search finds, relative to the folder of photos."""
        with Library(self.library, self.settings) as library:
            hits = library.search(Query(images=(str(self.probe),), limit=1000, exact=True)).hits
        return {os.path.relpath(hit.path, self.photos) for hit in hits}

    def errors(self) -> dict[str, str]:
        """Return the error list: path below the folder of photos and reason."""
        with Library(self.library, self.settings) as library:
            return {os.path.relpath(error.path, self.photos): error.reason for error in library.errors()}

    def status(self) -> LibraryStatus:
        with Library(self.library, self.settings) as library:
            return library.status()

    def assert_sound(self) -> None:
        """Check that the doctor finds nothing."""
        with Library(self.library, self.settings) as library:
            diagnosis = library.examine()
        assert diagnosis.healthy, (diagnosis.problems, diagnosis.beyond_repair)


def counts(report: IndexReport) -> dict[str, int]:
    """Return the numbers of a report that are not zero."""
    return {name: value for name, value in asdict(report.tally).items() if value}
