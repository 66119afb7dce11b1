"""The library in numbers."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from photofind.core.catalog import Catalog, Root
from photofind.core.vectors.files import epoch_folder


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The index of the active pack: ``delta`` are the vectors that no segment covers yet; ``bytes`` on disk."""

    nlist: int
    segments: int
    bytes: int
    delta: int
    dead: int


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What a library holds. ``bytes`` is all of it on disk; ``missing_vectors`` await (re-)embedding."""

    library: str
    photos: int
    offline: int
    pending: int
    vectors: int
    missing_vectors: int
    model: str | None
    wanted_model: str | None
    bytes: int
    index: IndexStatus
    roots: list[Root]


def read_status(library: Path, catalog: Catalog) -> LibraryStatus:
    """Read the numbers of a library, all from one commit."""
    with catalog.snapshot():
        roots = catalog.files.roots()
        pack = catalog.active_pack()
        epoch = catalog.vectors.epoch(pack) if pack else None
        segments = catalog.vectors.segments(epoch.id) if epoch else []
        dead = len(catalog.vectors.dead(pack.id)) if pack else 0
        next_vid = pack.next_vid if pack else 0
        index = IndexStatus(
            nlist=epoch.nlist if epoch else 1,
            segments=len(segments),
            bytes=_size(epoch_folder(library, epoch.id)) if epoch else 0,
            delta=next_vid - (segments[-1].end_vid if segments else 0),
            dead=dead,
        )
        return LibraryStatus(
            library=str(library),
            photos=catalog.files.count_photos(),
            offline=catalog.files.count_offline(),
            pending=catalog.files.count_pending([root.id for root in roots]),
            vectors=next_vid - dead,
            missing_vectors=catalog.contents.count_missing_embeddings(pack.id, reachable=False) if pack else 0,
            model=pack.spec if pack else None,
            wanted_model=catalog.target_spec(),
            bytes=_size(library),
            index=index,
            roots=roots,
        )


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):  # unlike rglob() it takes what a writer removes meanwhile
        for name in names:
            with contextlib.suppress(OSError):
                total += os.stat(os.path.join(parent, name)).st_size
    return total
