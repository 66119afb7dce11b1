"""Removing packs: only installed ones that nobody needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.encoders import resolve
from photofind.core.errors import LibraryDamagedError, PackError
from photofind.core.library_writer import LibraryWriter
from photofind.core.packs import install_pack, remove_pack
from photofind.core.packs.removing import packs_in_use
from photofind.core.settings import Settings
from tests.packs.conftest import left_behind
from tests.support.packs import zip_pack


@pytest.fixture(autouse=True)
def installed(tmp_path: Path) -> None:
    install_pack(str(zip_pack(tmp_path / "pack.zip")))


def test_a_removed_pack_leaves_nothing(models: Path) -> None:
    remove_pack("colours", library=models / "none")
    assert left_behind() == []
    assert not models.exists()


def test_a_broken_pack_can_be_removed(models: Path) -> None:
    (models / "colours" / "pack.toml").write_text("?")
    (models / "colours" / "more").mkdir()
    remove_pack("colours")
    assert left_behind() == []


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("efficientnet-lite0", "comes with photofind"),
        ("none", "No model pack none"),
        ("../models/colours", "cannot be the name"),
        ("", "cannot be the name"),
        ("colours:only", "cannot be the name"),
        (".staging", "cannot be the name"),
    ],
)
def test_what_cannot_be_removed(name: str, complaint: str) -> None:
    before = left_behind()
    with pytest.raises(PackError, match=complaint):
        remove_pack(name)
    assert left_behind() == before


def test_a_pack_that_a_library_needs_stays(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with LibraryWriter(library, Settings(workers=1)) as writer:
        writer.want_pack("colours")
    assert packs_in_use(library) == {"colours"}
    with pytest.raises(PackError, match="uses the model pack colours"):
        remove_pack("colours", library=library)
    searched_with(library, "colours")
    with LibraryWriter(library, Settings(workers=1)) as writer:
        writer.want_pack("efficientnet-lite0")
    assert packs_in_use(library) == {"colours", "efficientnet-lite0"}
    with pytest.raises(PackError, match="uses the model pack colours"):
        remove_pack("colours", library=library)
    searched_with(library, "efficientnet-lite0")
    remove_pack("colours", library=library)
    assert left_behind() == []


def searched_with(library: Path, name: str) -> None:
    """Let a library be one whose photos are all embedded with a pack."""
    chosen = resolve(name)
    with Catalog.open_writer(library / "library.db") as catalog, catalog.transaction():
        pack = catalog.vectors.put_pack(chosen.key, chosen.spec, chosen.pack.dimension)
        catalog.set_active_pack(pack.key)


def test_the_model_of_new_libraries_stays() -> None:
    for preferred in ("colours", "colours:only"):
        with pytest.raises(PackError, match="settings"):
            remove_pack("colours", preferred=preferred)
    remove_pack("colours", preferred="other:colours")


def test_a_library_that_cannot_tell(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "library.db").write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(LibraryDamagedError):
        remove_pack("colours", library=tmp_path / "library")
    assert left_behind()
