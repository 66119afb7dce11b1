"""How file names are shown: Qt's strings cannot hold what stands for bytes that are no text."""

from __future__ import annotations


def displayable(path: str) -> str:
    """Return ``path`` with each undecodable byte, and any other half of a character, as a replacement character."""
    return path.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
