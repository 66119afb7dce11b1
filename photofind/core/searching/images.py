"""Image terms of a query become unit vectors.

A query image that lies in the library costs no decoding: its stored embedding is used as long as the file is unchanged
and the embedding is not damaged.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from photofind.core.catalog import Catalog, Pack
from photofind.core.encoders import Encoder
from photofind.core.errors import PhotoError, QueryError
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.pictures import Pictures
from photofind.core.queries import Region, Term, Words
from photofind.core.records import Embedding, FileStamp, Part, PhotoId, VectorId
from photofind.core.scan import stamp_of
from photofind.core.vectors import IndexSnapshot

_REMEMBERED = 16
_SMALLEST_REGION = 16


@dataclass(frozen=True, slots=True)
class KnownImages:
    """The vectors of those query images, by path, and query photos, by id, that the library holds."""

    paths: dict[str, VectorId]
    ids: dict[int, VectorId]

    def vids(self) -> frozenset[VectorId]:
        """Return the vectors of all of them."""
        return frozenset(self.paths.values()) | frozenset(self.ids.values())

    def without(self, vids: npt.NDArray[np.int64]) -> KnownImages:
        """Return those of them that do not have one of some vectors."""
        lost = set(vids.tolist())
        return KnownImages(
            {path: vid for path, vid in self.paths.items() if vid not in lost},
            {photo_id: vid for photo_id, vid in self.ids.items() if vid not in lost},
        )


class QueryImages:
    """Finds or makes the embeddings of query images; the last few that were made are remembered."""

    def __init__(
        self, catalog: Catalog, open_encoder: Callable[[Pack], Encoder], limits: DecodeLimits, pictures: Pictures
    ) -> None:
        self._catalog = catalog
        self._open_encoder = open_encoder
        self._limits = limits
        self._pictures = pictures
        self._pack_key = ""
        self._encoder: Encoder | None = None
        self._embedded: dict[tuple[str, Part | None, FileStamp], Embedding] = {}

    def known(self, terms: Iterable[Term], pack: Pack) -> KnownImages:
        """Return which images of a query the library holds; QueryError for the id of a photo that it does not."""
        paths: dict[str, VectorId] = {}
        ids: dict[int, VectorId] = {}
        for term in terms:
            if isinstance(term.of, str):
                if (vid := self._vid_of_path(term.of, pack)) is not None:
                    paths[term.of] = vid
            elif isinstance(term.of, int):
                ids[term.of] = self._vid_of_photo(term.of, pack)
        return KnownImages(paths, ids)

    def vectors(
        self, terms: Iterable[Term], known: KnownImages, snapshot: IndexSnapshot, pack: Pack
    ) -> list[tuple[Embedding, float]]:
        """Return the unit vector and the weight of each image term; photos that share an embedding count once each.

        Images that are not among the ``known`` ones, and photos whose embeddings are damaged, are read and embedded.

        Raises
        ------
        QueryError
            When an image cannot be read.
        """
        if pack.key != self._pack_key:
            self._pack_key, self._encoder = pack.key, None
            self._embedded.clear()
        rows = dict(zip(sorted(known.vids()), snapshot.rows(sorted(known.vids())), strict=True))
        found = []
        for term in terms:
            if isinstance(term.of, Words):
                continue
            if isinstance(term.of, Region):
                vector = self._embed(term.of.path, pack, term.of.part())
            elif isinstance(term.of, int):
                vid = known.ids.get(term.of)
                vector = self._embed(self._path_of_photo(term.of), pack) if vid is None else rows[vid]
            else:
                vid = known.paths.get(term.of)
                vector = self._embed(term.of, pack) if vid is None else rows[vid]
            found.append((vector, term.weight))
        return found

    def _vid_of_photo(self, photo_id: int, pack: Pack) -> VectorId:
        known = 0 < photo_id < 1 << 63  # or else SQLite would not even look
        vid = self._catalog.vectors.of_photo(pack.id, PhotoId(photo_id)) if known else None
        if vid is None:
            raise _no_photo(photo_id)
        return vid

    def _path_of_photo(self, photo_id: int) -> str:
        for tile in self._catalog.lists.tiles([photo_id]):
            return tile.path
        raise _no_photo(photo_id)

    def _vid_of_path(self, path: str, pack: Pack) -> VectorId | None:
        """Return the stored vector of an unchanged photo of the library."""
        folder, name = os.path.split(os.path.abspath(path))
        known = self._catalog.files.find(folder, name)
        if known is None or known.content_id is None or known.state != "photo":
            return None
        try:
            stamp = stamp_of(os.stat(path))
        except OSError:
            stamp = known.stamp  # offline: what the library has of it is all there is
        if stamp != known.stamp:
            return None
        return self._catalog.vectors.of_photo(pack.id, known.id)

    def _embed(self, path: str, pack: Pack, part: Part | None = None) -> Embedding:
        if self._encoder is None:
            self._encoder = self._open_encoder(pack)
        try:
            key = (path, part, stamp_of(os.stat(path)))
            if key not in self._embedded:
                while len(self._embedded) >= _REMEMBERED:
                    del self._embedded[next(iter(self._embedded))]
                self._embedded[key] = self._encoder.encode(self._picture(path, part, self._encoder.working_area))
            return self._embedded[key]
        except OSError as error:
            raise QueryError(f"Cannot read the image {path}: {error.strerror or error}.") from error
        except PhotoError as error:
            raise QueryError(f"Cannot search by {path}: {error}.") from error

    def _picture(self, path: str, part: Part | None, working_area: int) -> Image.Image:
        if part is None:
            return self._pictures.decode(path, limits=self._limits, working_area=working_area).image
        photo = self._pictures.decode(path, limits=self._limits, working_area=working_area, part=part)
        left, top, right, bottom = part
        width, height = (right - left) * photo.facts.width, (bottom - top) * photo.facts.height
        if min(width, height) < _SMALLEST_REGION:
            size = f"{width:.0f} \N{MULTIPLICATION SIGN} {height:.0f} pixels"
            raise QueryError(f"The region of {path} has only {size}; draw a larger one.")
        return photo.image


def _no_photo(photo_id: int) -> QueryError:
    return QueryError(f"There is no photo with the id {photo_id} in this library.")
