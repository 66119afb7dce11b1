"""Checksums of the descriptions of models: a flipped bit in one often leaves another that is as good as any.

A description tells the checksums of the other files of its folder; its own is in ``SHA256SUMS`` beside it, in the form
that the program ``sha256sum`` reads. Whoever makes a bundled folder writes that file, and so does the installation of a
pack. A folder without it is believed: it was installed by an older photofind, or put together by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from photofind.core import paths
from photofind.core.errors import PackError

SUMS_FILE: Final = "SHA256SUMS"
_LARGEST: Final = 64 * 1024


def check_sum(path: Path, content: bytes) -> None:
    """Raise PackError when the content of a description is not that of which the checksum is kept beside it."""
    noted = _noted(path.parent)
    if noted is not None and noted.get(path.name) != hashlib.sha256(content).hexdigest():
        raise damaged(path)


def is_vouched_for(folder: Path) -> bool:
    """Tell whether the descriptions in a folder have checksums at all."""
    return (folder / SUMS_FILE).is_file()


def damaged(path: Path) -> PackError:
    """Return the error for a description that is not what it was."""
    folder = path.parent
    what = "photofind" if folder.parent == paths.bundled_models() else f"the model {folder.name}"
    return PackError(f"{path} is damaged; install {what} again.")


def sums_of(files: Mapping[str, bytes]) -> bytes:
    """Return the content of ``SHA256SUMS`` for descriptions by their names."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return "".join(lines).encode()


def write_sums(folder: Path) -> None:
    """Write ``SHA256SUMS`` for all descriptions in a folder as they are now: for who makes or edits them."""
    files = {path.name: path.read_bytes() for path in folder.glob("*.toml")}
    (folder / SUMS_FILE).write_bytes(sums_of(files))


def _noted(folder: Path) -> dict[str, str] | None:
    """Return the checksums by names, None without the file; one that cannot be read holds none."""
    try:
        with (folder / SUMS_FILE).open("rb") as file:
            content = file.read(_LARGEST)
    except FileNotFoundError:
        return None
    except OSError:
        return {}
    pairs = (line.partition("  ") for line in content.decode("utf-8", "replace").splitlines())
    return {name: digest for digest, _, name in pairs}
