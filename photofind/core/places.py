"""Which folders an update may be asked for, and how they lie to the roots that the library has."""

from __future__ import annotations

import os
from collections.abc import Sequence

from photofind.core.catalog import Catalog, Root
from photofind.core.errors import FolderError
from photofind.core.paths import can_be_a_path, is_within
from photofind.core.scan import is_away


def places_to_update(folders: Sequence[str], catalog: Catalog) -> list[tuple[Root, str]]:
    """Return the roots and the folders in them that an update of ``folders`` looks at; without any, all roots.

    New ones become roots of the library. Raises FolderError, before anything is changed, when one is no folder.
    """
    roots = catalog.files.roots()
    if not folders:
        return [(root, root.path) for root in roots]
    for folder in folders:
        check_folder(folder, roots, catalog)
    wanted = without_nested([os.path.abspath(folder) for folder in folders])
    with catalog.transaction():
        places = {(root.id, top): (root, top) for root, top in (_placed(path, catalog) for path in wanted)}
    return [
        (root, top)
        for root, top in places.values()
        if not any(id_ == root.id and other != top and is_within(top, other) for id_, other in places)
    ]


def _placed(path: str, catalog: Catalog) -> tuple[Root, str]:
    files = catalog.files
    for root in files.roots():
        top = path_below(path, root.path)
        if top is not None:
            return root, top if os.path.isdir(top) else root.path  # it never raises
    root_id = files.add_root(path)
    for root in files.roots():
        if root.id != root_id and is_within(root.path, path):
            files.absorb_root(root.id, root_id, away=root.offline or is_away(root.path))
    return Root(root_id, path, offline=False), path


def check_folder(folder: str, roots: Sequence[Root], catalog: Catalog) -> None:
    """Raise FolderError when a folder neither exists nor is known to the library."""
    if not can_be_a_path(folder):
        raise FolderError(f"{folder!r} cannot be the name of a folder; name the folder that holds the photos.")
    path = os.path.abspath(folder)
    if catalog.files.folder(path) or any(is_within(path, root.path) and is_away(root.path) for root in roots):
        return  # if it is away, its photos become offline
    if not os.path.lexists(path):
        raise FolderError(f"The folder {path} does not exist; check its name.")
    if not os.path.isdir(path):
        raise FolderError(f"{path} is not a folder; name the folder that holds the photos.")
    try:
        with os.scandir(path):
            pass
    except OSError as error:
        raise FolderError(f"The folder {path} cannot be read: {error.strerror or error}. Check its rights.") from error


def without_nested(paths: Sequence[str]) -> list[str]:
    """Leave out what lies in another of the folders, by whatever links they are named."""
    kept: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: len(os.path.realpath(path))):
        real = os.path.realpath(path)
        if not any(is_within(real, other) or is_within(path, kept[other]) for other in kept):
            kept[real] = path
    return list(kept.values())


def path_below(path: str, root: str) -> str | None:
    """Return the name that a folder in a root, or the root itself, has there; None when it lies elsewhere."""
    if is_within(path, root):
        return path
    real, real_root = os.path.realpath(path), os.path.realpath(root)
    if is_within(real, real_root):
        return os.path.normpath(os.path.join(root, os.path.relpath(real, real_root)))
    try:
        return root if os.path.samefile(path, root) else None  # another spelling of its letters' case
    except OSError:
        return None
