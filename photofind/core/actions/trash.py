"""What a trash has to do for this program: take a file, say where it is, give it back, and never delete anything.

``core/actions/freedesktop_trash.py`` is the one for Linux and BSD; those of Windows and macOS are handed in by whoever
has access to them.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable


class Trash(Protocol):
    """A system's trash; every method raises TrashError when it cannot do what is asked, and has done nothing then."""

    def can_take(self, path: str) -> None:
        """Return when a file at this path could be put into the trash now, without touching or making anything.

        Raises
        ------
        TrashError
            When the disk that holds it has no working trash.
        """

    def put(self, path: str) -> str:
        """Put a file into the trash and return the path where it is now.

        Raises
        ------
        TrashError
            When there is no working trash for it; it is refused, never deleted instead.
        """

    def restore(self, now_at: str, path: str) -> None:
        """Bring a file back from ``now_at`` to ``path``, whose folder exists; what is at ``path`` is never overwritten.

        Raises
        ------
        TrashError
            When something is at ``path`` by now, or the trash does not give the file back.
        """


@runtime_checkable
class PlacingTrash(Trash, Protocol):
    """A trash that can say beforehand where it would put a file, so that no crash leaves that unknown."""

    def place_for(self, path: str, token: str) -> str:
        """Return the free path where a file would go; ``token`` makes it unlike that of any other file."""

    def put_at(self, path: str, place: str) -> None:
        """Put a file into the trash at a place that :meth:`place_for` named for it."""

    def forget(self, place: str) -> None:
        """Clear away what was made ready for a file at ``place``, when no file is there after all."""


@runtime_checkable
class SearchableTrash(Trash, Protocol):
    """A trash that can be asked where a file that was put there may be; what it names is verified by its content."""

    def places_of(self, path: str) -> list[str]:
        """Return where in the trash files lie that were at ``path`` before, the latest first."""
