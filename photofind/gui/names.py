"""How file names are shown: Qt's strings cannot hold what stands for bytes that are no text."""

from __future__ import annotations


def displayable(path: str) -> str:
    """Return ``path`` with each undecodable byte as a replacement character."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
