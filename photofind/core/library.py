"""The façade of the core for whoever reads: a library on disk, opened any number of times.

:class:`Library` answers queries and reports; :mod:`photofind.core.library_writer` brings it up to date and repairs it.
What only the search or the doctor needs is imported when it is used: a window that opens would wait for it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from photofind.core.accuracy import Accuracy
from photofind.core.catalog import Catalog, FileError, ThumbnailStore
from photofind.core.catalog.history import Moment
from photofind.core.errors import QueryError
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.paths import can_be_a_path
from photofind.core.progress import Control
from photofind.core.queries import ExactCheck, Filters, IndexShape, Query, SearchResult
from photofind.core.records import Listing, PhotoId, PhotoRecord, RootSummary, SortKey, Tile
from photofind.core.serving_pack import open_pack, open_words
from photofind.core.settings import Settings

if TYPE_CHECKING:
    from photofind.core.doctor import Diagnosis
    from photofind.core.duplicates.finding import Finder
    from photofind.core.duplicates.reading import DuplicateReader
    from photofind.core.evaluation.calibrating import Calibrator
    from photofind.core.health import IndexHealth
    from photofind.core.search import Searcher
    from photofind.core.status import LibraryStatus

LOG = logging.getLogger(__name__)
DATABASE = "library.db"
THUMBNAILS = "thumbnails.db"


class Library:
    """A library opened for reading; sees what the writer commits, from the next call on.

    ``pictures`` decode the files that it is asked about: who must outlive every one of them decodes in processes apart.
    ``after`` is the newest moment at which its numbers were read before; it must not have been undone by a back-up.
    """

    def __init__(
        self, folder: Path, settings: Settings, pictures: Pictures = IN_PLACE, *, after: Moment | None = None
    ) -> None:
        self.folder = folder
        self.pictures = pictures
        self._settings = settings
        if not os.path.isfile(folder / DATABASE):  # it never raises
            raise QueryError(f"There is no library in {folder}; run `photofind index FOLDER` first.")
        self._catalog = Catalog.open_reader(folder / DATABASE)
        self._opened_searcher: Searcher | None = None
        try:
            self._catalog.follow(after)
        except BaseException:
            self._catalog.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the library's files go."""
        if self._opened_searcher is not None:
            self._opened_searcher.close()
        self._catalog.close()

    def follow(self) -> Moment:
        """Return the newest moment of the library that was seen, for who opens it again.

        To be called before photos are looked up by numbers that were read earlier. Raises StorageError when another
        library, or an older one, is in the place of this one.
        """
        return self._catalog.follow()

    def search(self, query: Query) -> SearchResult:
        """Return the photos that look most like the query; see :meth:`Searcher.search` and :meth:`follow`."""
        self._catalog.follow()
        return self._searcher.search(query)

    @property
    def _searcher(self) -> Searcher:
        if self._opened_searcher is None:
            from photofind.core.search import Searcher

            limits = DecodeLimits.of(
                megapixels=self._settings.photo_megapixels, megabytes=self._settings.photo_megabytes
            )
            self._opened_searcher = Searcher(
                self.folder,
                self._catalog,
                open_pack,
                limits,
                open_words,
                settings=self._settings,
                pictures=self.pictures,
            )
        return self._opened_searcher

    def prepare_words(self) -> None:
        """Open what reads words, which takes a while, before somebody waits for it; PackError when it is not here."""
        pack = self._catalog.active_pack()
        if pack is not None:
            open_words(pack)

    def index_shape(self) -> IndexShape:
        """Return over what nprobe ranges; cheap, but the first call opens the index as the first search does."""
        return self._searcher.shape()

    def check_exactly(self, query: Query, found: Collection[int], control: Control) -> ExactCheck | None:
        """Return what an answer lacked that showed ``found`` photos; see :meth:`Searcher.check_exactly`."""
        self._catalog.follow()
        return self._searcher.check_exactly(query, found, control)

    def accuracy(self) -> Accuracy | None:
        """Return what a calibration has measured of the index as it is now, None without one that still holds."""
        return self.index_shape().accuracy

    def is_calibration_due(self) -> bool:
        """Tell whether there is something to measure that no calibration which still holds has measured."""
        shape = self.index_shape()
        return shape.vectors > 1 and shape.accuracy is None

    def nprobe_for(self, recall: float) -> int | None:
        """Return the least measured nprobe with which searches find this share of the ten nearest photos.

        None when only comparing with every photo does, and where every search does so anyway. Raises QueryError when
        nothing that still holds was measured.
        """
        shape = self.index_shape()
        accuracy = shape.accuracy
        if accuracy is None and shape.nlist <= 1:  # an empty library cannot be measured, and yet be asked
            return None
        if accuracy is None:
            raise QueryError(
                "What this library's index finds was not measured since it changed; run `photofind evaluate` first."
            )
        point = accuracy.cheapest(recall)
        return point.nprobe if point.recall_at_10 >= recall else None

    def calibrator(self, control: Control | None = None, queries: int | None = None) -> Calibrator:
        """Return what measures the index and keeps the result; it writes nothing but its own file.

        ``queries`` caps the photos that are asked, by default as many as a small error takes.
        """
        from photofind.core.evaluation.calibrating import Calibrator

        return Calibrator(self.folder, self._catalog, self._settings, control or Control(), queries)

    def health(self) -> IndexHealth:
        """Return what the index is like and what could be done for it, changing nothing."""
        from photofind.core.health import examine_index

        return examine_index(self.folder, self._catalog, self._settings)

    def list_photos(
        self,
        sort: SortKey = SortKey.DATE,
        *,
        descending: bool = True,
        limit: int | None = None,
        filters: Sequence[Filters] = (),
    ) -> Listing:
        """Return all photos in an order, those on absent volumes too, or only the first ``limit`` of them.

        With filters, only the photos that all of these keep.
        """
        with self._catalog.snapshot():
            if not filters:
                return self._catalog.lists.photos(sort, descending=descending, limit=limit)
            listing = self._catalog.lists.photos(sort, descending=descending, limit=None)
            return listing.kept([self._catalog.filtering.photo_ids(each) for each in filters], limit)

    def cameras(self) -> list[str]:
        """Return the names of the cameras that photos were taken with, sorted."""
        return self._catalog.contents.cameras()

    def formats(self) -> list[str]:
        """Return the formats that the photos have, as filters name them, sorted."""
        return self._catalog.contents.formats()

    def tiles(self, photo_ids: Sequence[int]) -> list[Tile]:
        """Return what it takes to show these photos, in their order; unknown ids are left out."""
        return self._catalog.lists.tiles(photo_ids)

    def photo(self, photo_id: int) -> PhotoRecord | None:
        """Return all that the library knows of a photo, None when it has none with this id."""
        return self._catalog.lists.photo(photo_id)

    def photo_at(self, path: str) -> PhotoId | None:
        """Return the photo at a path if the library has it; the file itself is not looked at."""
        return self._catalog.lists.photo_at(*os.path.split(os.path.abspath(path))) if can_be_a_path(path) else None

    def roots(self) -> list[RootSummary]:
        """Return the folders that the user added, in the order of their paths."""
        with self._catalog.snapshot():
            return self._catalog.lists.roots()

    def count_photos(self) -> int:
        """Return the number of photos, those on absent volumes too."""
        return self._catalog.files.count_photos()

    def revision(self) -> int:
        """Return a number that grows when what the lists of photos and roots say may have changed; cheap to ask."""
        return self._catalog.revision()

    def status(self) -> LibraryStatus:
        """Return the library's numbers."""
        from photofind.core.status import read_status

        return read_status(self.folder, self._catalog)

    def duplicates(self) -> DuplicateReader:
        """Open what was found of duplicates; the caller closes it, before the library and in the same thread."""
        from photofind.core.duplicates.calibration import Calibration
        from photofind.core.duplicates.reading import DuplicateReader

        return DuplicateReader(self.folder, self._catalog, Calibration.for_pack(self._pack_spec()))

    def finder(self, control: Control | None = None) -> Finder:
        """Return what looks for duplicates; it writes nothing but its own file, beside whoever writes the library."""
        from photofind.core.duplicates.calibration import Calibration
        from photofind.core.duplicates.crew import Files
        from photofind.core.duplicates.finding import Finder

        limits = DecodeLimits.of(megapixels=self._settings.photo_megapixels, megabytes=self._settings.photo_megabytes)
        files = Files(self.folder / DATABASE, self.folder / THUMBNAILS, limits, self.pictures)
        calibration = Calibration.for_pack(self._pack_spec())
        return Finder(self.folder, self._catalog, files, calibration, self._settings.workers, control or Control())

    def _pack_spec(self) -> str:
        pack = self._catalog.active_pack()
        return pack.spec if pack is not None else ""

    def errors(self) -> Iterator[FileError]:
        """Yield the error list."""
        return self._catalog.files.errors()

    def thumbnails(self) -> ThumbnailStore:
        """Open the library's thumbnails for reading; the caller closes them."""
        return ThumbnailStore.open(self.folder / THUMBNAILS, writable=False)

    def examine(self) -> Diagnosis:
        """Return what is wrong with the library, changing nothing."""
        from photofind.core.doctor import examine

        return examine(self.folder, self._catalog, self.folder / THUMBNAILS)
