"""Comparing what a walk found with what the catalog knows, folder by folder.

A file that is new or whose stamp differs becomes *pending*: it waits, in the catalog, to be read. A file that is gone
is only noted here; whether it moved or was removed is settled at the end of the run, when all new files have been read.
Photos on a volume that is away are marked offline, never removed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from photofind.core.catalog import Catalog, Folder, KnownFile, Root
from photofind.core.indexing.messages import UNREADABLE
from photofind.core.paths import is_within
from photofind.core.records import ContentId, FileStamp, PhotoId
from photofind.core.scan import Entry, Listing, is_away


@dataclass(slots=True)
class Tally:
    """What a run found, in numbers of files."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    moved: int = 0
    unchanged: int = 0
    embedded: int = 0
    in_cloud: int = 0


@dataclass(slots=True)
class Scope:
    """A part of the file system that one run looks at: a root, or a folder below it."""

    root_id: int
    top: str
    is_root: bool
    known: dict[str, Folder] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    unlisted: list[str] = field(default_factory=list)
    away: set[str] = field(default_factory=set)

    @property
    def is_away(self) -> bool:
        """Whether the whole scope is gone, or turned out to be the empty mount point of a volume that is away."""
        return self.top in self.away


class Reconciler:
    """Takes the listings of one or several scopes; every call happens inside a transaction of the caller."""

    def __init__(self, catalog: Catalog, tally: Tally) -> None:
        self._catalog = catalog
        self._tally = tally
        self.missing: dict[PhotoId, KnownFile] = {}
        self.gone_folders: list[int] = []
        self.queued = 0

    def open_scope(self, root: Root, top: str) -> Scope:
        """Begin a scope with what the catalog knows below ``top``."""
        folders = self._catalog.files.folders(root.id)
        known = {folder.path: folder for folder in folders if is_within(folder.path, top)}
        return Scope(root.id, top, is_root=top == root.path, known=known)

    def take(self, scope: Scope, listing: Listing) -> None:
        """Note the differences between a listing and the catalog."""
        scope.seen.add(listing.path)
        known = scope.known.get(listing.path)
        if self._is_away(scope, known, listing):
            scope.away.add(listing.path)
            return
        if listing.error is not None and is_away(scope.top):
            scope.away.add(scope.top)  # unplugged in the middle of the walk: no folder of it has an error
            return
        if listing.error is not None:
            scope.unlisted.append(listing.path)
            self._catalog.files.put_folder(scope.root_id, listing.path, is_mount=listing.is_mount, error=listing.error)
            return
        if known is None and not listing.files and not listing.is_mount:
            return  # nothing to remember, unless it is what tells a volume that is away from folders that are gone
        folder_id = self._catalog.files.put_folder(scope.root_id, listing.path, is_mount=listing.is_mount, error=None)
        before = self._catalog.files.in_folder(folder_id) if known else {}
        self._compare(folder_id, before, listing.files)

    def close_scope(self, scope: Scope) -> None:
        """Settle the known folders that the walk did not come upon."""
        unseen = [folder for path, folder in scope.known.items() if path not in scope.seen]
        away = [*scope.away, *(folder.path for folder in unseen if folder.is_mount)]
        offline = [folder.id for path, folder in scope.known.items() if _is_below(path, away)]
        self._catalog.files.set_folders_offline(offline)
        for folder in unseen:
            if not _is_below(folder.path, [*away, *scope.unlisted]):
                self.gone_folders.append(folder.id)
                self.missing.update((f.id, f) for f in self._catalog.files.in_folder(folder.id).values())

    def _is_away(self, scope: Scope, known: Folder | None, listing: Listing) -> bool:
        """Tell whether a folder is the mount point of a volume that is away: empty, or with what lay below it."""
        if listing.path == scope.top and scope.is_root and listing.is_empty:
            return bool(scope.known)
        if known is None or not known.is_mount or listing.is_mount or listing.error is not None:
            return False
        there = {entry.name for entry in listing.files}
        if there & self._catalog.files.in_folder(known.id).keys():
            return False
        return not any(
            path != known.path and is_within(path, known.path) and os.path.isdir(path) for path in scope.known
        )

    def _compare(self, folder_id: int, before: dict[str, KnownFile], entries: Collection[Entry]) -> None:
        new: list[tuple[str, FileStamp]] = []
        again: list[tuple[PhotoId, FileStamp]] = []
        gone = dict(before)
        if _are_renumbered(before, entries):
            renumbered = [(gone[e.name].id, e.stamp.file_id) for e in entries if e.name in gone]
            self._catalog.files.set_file_ids(renumbered)
            stamps = {entry.name: entry.stamp for entry in entries}
            gone = {name: replace(file, stamp=stamps.get(name, file.stamp)) for name, file in gone.items()}
        for entry in entries:
            file = gone.pop(entry.name, None)
            if file is None:
                if entry.in_cloud:
                    self._tally.in_cloud += 1
                else:
                    new.append((entry.name, entry.stamp))
            elif entry.in_cloud or _is_settled(file, entry.stamp):
                self._tally.unchanged += file.state == "photo"
            else:
                again.append((file.id, entry.stamp))
        self._catalog.files.add_pending(folder_id, new)
        self._catalog.files.set_pending(again)
        self.queued += len(new) + len(again)
        self.missing.update((file.id, file) for file in gone.values())


def _are_renumbered(before: dict[str, KnownFile], entries: Collection[Entry]) -> bool:
    """Tell whether the file system has given every known file of a folder another id, and changed nothing else.

    FAT numbers its files anew at every mount, and so do some network drives. One file alone proves nothing: it may have
    been replaced by another of its size and time.
    """
    known = [(before[entry.name].stamp, entry.stamp) for entry in entries if entry.name in before]
    return len(known) > 1 and all(
        old.file_id != new.file_id and (old.size, old.mtime_ns) == (new.size, new.mtime_ns) for old, new in known
    )


def _is_below(path: str, tops: Iterable[str]) -> bool:
    return any(is_within(path, top) for top in tops)


def settle_missing(
    catalog: Catalog,
    missing: dict[PhotoId, KnownFile],
    new: dict[PhotoId, ContentId],
    tally: Tally,
    added: Collection[PhotoId] = (),
) -> None:
    """Decide of every missing file whether it moved to the place of a new one with its content, or is removed.

    A moved photo keeps its id at the new place. ``new`` are the photos, with their contents, that came since moves were
    settled the last time; ``added`` are those of them that this run has counted as added.
    """
    newcomers: dict[ContentId, list[PhotoId]] = {}
    for photo_id, content_id in new.items():
        newcomers.setdefault(content_id, []).append(photo_id)
    removed = []
    for file in missing.values():
        waiting = newcomers.get(file.content_id) if file.content_id is not None else None
        if waiting:
            newcomer = waiting.pop(0)
            catalog.files.take_place(file.id, newcomer)
            tally.moved += 1
            tally.added -= newcomer in added
        else:
            removed.append(file)
    catalog.files.remove(file.id for file in removed)
    contents = {file.content_id for file in removed if file.content_id is not None}
    catalog.vectors.refresh_live(contents)
    tally.removed += sum(file.content_id is not None for file in removed)


def _is_settled(file: KnownFile, stamp: FileStamp) -> bool:
    if file.state == "pending":
        return file.stamp == stamp
    return file.stamp == stamp and file.error_kind != UNREADABLE
