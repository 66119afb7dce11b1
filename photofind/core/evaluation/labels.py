"""Which photos belong together: those of one folder, or those that a file gives one label.

Everything is counted by embedding: copies of a file share theirs and are one photo here, which is asked once and is no
answer to itself. Where copies have different labels, nobody knows which one is meant, and they are left out.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog, Pack
from photofind.core.errors import QueryError
from photofind.core.evaluation.label_file import read_label_file

FOLDERS = "folders"
"""What is said instead of a file's name when folders are the labels."""

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Labelled photos, in the order of their vids.

    ``labels``, shape (n,), are places in ``names``; ``vids``, shape (n,), are rows of the pack's vectors.
    ``unlabelled`` is the number of other photos with embeddings, ``contradictory`` how many of them are copies with
    different labels, and ``unknown`` how many paths of the file name no photo of the library that has an embedding.
    """

    names: tuple[str, ...]
    labels: Ids
    vids: Ids
    unlabelled: int = 0
    contradictory: int = 0
    unknown: int = 0

    def sizes(self) -> Ids:
        """Return how many photos each label has."""
        return np.bincount(self.labels, minlength=len(self.names))

    def check(self) -> None:
        """Raise QueryError when there is nothing to be found: no two photos have one label."""
        if not len(self.vids):
            unknown = f" (all {self.unknown:,} paths of the file are unknown to the library)" if self.unknown else ""
            raise QueryError(f"No photo of the library has a label{unknown}; {_ADVICE}")
        if self.sizes().max() < 2:
            raise QueryError(f"No two photos of the library have the same label; {_ADVICE}")


_ADVICE = "put those that belong together into one folder below the indexed one, or name a CSV file: path,label."


def read_labels(source: str, catalog: Catalog, pack: Pack) -> Labels:
    """Return the labels of a pack's photos, as folders or a CSV file (``source``) have them; in one commit.

    Raises
    ------
    QueryError
        When the file cannot be read or is none.
    """
    return folder_labels(catalog, pack) if source == FOLDERS else file_labels(Path(source), catalog, pack)


def folder_labels(catalog: Catalog, pack: Pack) -> Labels:
    """Return as the label of each photo the folder it lies in, by its path below the root.

    So ``train/dogs`` and ``test/dogs`` are two labels, and ``dogs`` below one root and ``dogs`` below another are the
    same one. Photos that lie in a root itself have none.
    """
    vids, folder_ids = catalog.copies.folders(pack.id)
    names: dict[str, int] = {}
    label_of: dict[int, int] = {}
    for root in catalog.files.roots():
        for folder in catalog.files.folders(root.id):
            below = os.path.relpath(folder.path, root.path)
            if below != os.curdir:
                label_of[folder.id] = names.setdefault(below, len(names))
    labels = np.fromiter((label_of.get(each, -1) for each in folder_ids.tolist()), np.int64, len(vids))
    return _settled(vids, labels, tuple(names), catalog, pack)


def file_labels(path: Path, catalog: Catalog, pack: Pack) -> Labels:
    """Return the labels that a CSV file gives; raises QueryError as `read_label_file` does."""
    names: dict[str, int] = {}
    vids, labels = [], []
    unknown = 0
    for place, label in read_label_file(path).items():
        photo_id = catalog.lists.photo_at(*os.path.split(place))
        vid = catalog.vectors.of_photo(pack.id, photo_id) if photo_id is not None else None
        if vid is None:
            unknown += 1
            continue
        vids.append(int(vid))
        labels.append(names.setdefault(label, len(names)))
    return _settled(np.array(vids, np.int64), np.array(labels, np.int64), tuple(names), catalog, pack, unknown)


def _settled(vids: Ids, labels: Ids, names: tuple[str, ...], catalog: Catalog, pack: Pack, unknown: int = 0) -> Labels:
    """Return one label for each vid: photos in no folder of their own are none, copies have to agree."""
    vids, labels = vids[labels >= 0], labels[labels >= 0]
    pairs = np.unique(np.stack([vids, labels], axis=1), axis=0)
    distinct, first, counts = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    agreed = counts == 1
    used, renumbered = np.unique(pairs[first[agreed], 1], return_inverse=True)
    live, _ = catalog.copies.live(pack.id)
    return Labels(
        tuple(names[number] for number in used.tolist()),
        renumbered.reshape(-1).astype(np.int64),
        distinct[agreed],
        unlabelled=len(live) - int(agreed.sum()),
        contradictory=int((~agreed).sum()),
        unknown=unknown,
    )


def sample(labels: Labels, most: int, generator: np.random.Generator) -> Ids:
    """Return which photos are asked, sorted: those whose label has another one, ``most`` of them at random."""
    able = np.flatnonzero(labels.sizes()[labels.labels] > 1)
    return able if len(able) <= most else np.sort(generator.choice(able, most, replace=False))
