"""Removing a pack that the user installed, unless something still needs it."""

from __future__ import annotations

from pathlib import Path

from photofind.core import paths
from photofind.core.catalog import Catalog
from photofind.core.encoders.pack import NAME_PATTERN, PACK_FILE
from photofind.core.encoders.registry import DEFAULT_PACK
from photofind.core.errors import PackError
from photofind.core.ownership import DATABASE
from photofind.core.packs.workshop import open_workshop


def remove_pack(name: str, *, library: Path | None = None, preferred: str = "") -> None:
    """Remove a pack from this user's folder, sound or not.

    Parameters
    ----------
    name
        The pack.
    library
        A library's folder, which need not exist; the pack stays when this library needs it.
    preferred
        Spec of the pack for new libraries, as the settings have it; it stays as well.

    Raises
    ------
    PackError
        There is no such pack, it comes with photofind, or it is needed; the sentence says by whom.
    StorageError
        The disk refuses.
    LibraryVersionError, LibraryDamagedError
        The library cannot tell what it needs.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise PackError(f"{name!r} cannot be the name of a model pack.")
    if (paths.bundled_models() / name / PACK_FILE).is_file():
        raise PackError(f"The model pack {name} comes with photofind and cannot be removed.")
    folder = paths.user_models() / name
    if not folder.is_dir():
        raise PackError(f"No model pack {name} is installed.")
    if _pack_of(preferred) == name:
        raise PackError(f"The settings name {name} as the model of new libraries; choose another there first.")
    if library is not None and name in packs_in_use(library):
        raise PackError(
            f"The library {library} uses the model pack {name}; first choose another with"
            f" `photofind model use {DEFAULT_PACK}` and bring the library up to date."
        )
    with open_workshop() as workshop:
        workshop.withdraw(name)


def packs_in_use(library: Path) -> frozenset[str]:
    """Return the names of the packs that a library searches with or is asked to change to; none if there is none."""
    if not (library / DATABASE).is_file():
        return frozenset()
    with Catalog.open_reader(library / DATABASE) as catalog:
        active, wanted = catalog.active_pack(), catalog.target_spec()
    return frozenset(_pack_of(spec) for spec in (active.spec if active else "", wanted or "") if spec)


def _pack_of(spec: str) -> str:
    return spec.partition(":")[0]
