"""Back and forward over what the window showed, each place with the scroll position and selection it was left with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from photofind.gui.query import WindowQuery

State = TypeVar("State")

_MOST_PLACES = 200


@dataclass(slots=True)
class Place(Generic[State]):
    """Something the window showed: the answer to a query, a listing under filters, or all photos when it is None."""

    query: WindowQuery | None
    state: State | None = None


class History(Generic[State]):
    """A line of places with a current one; going somewhere new cuts off what lay ahead. Starts at all photos."""

    def __init__(self) -> None:
        self._places: list[Place[State]] = [Place(None)]
        self._at = 0

    @property
    def current(self) -> Place[State]:
        """The place the window shows."""
        return self._places[self._at]

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place before the current one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a place after the current one."""
        return self._at + 1 < len(self._places)

    def trail(self, length: int) -> list[tuple[int, Place[State]]]:
        """Return up to ``length`` places before the current one, oldest first, each with its distance (negative)."""
        first = max(0, self._at - length)
        return [(number - self._at, self._places[number]) for number in range(first, self._at)]

    def leave(self, state: State | None) -> None:
        """Remember how the current place looks, before another is shown."""
        self.current.state = state

    def visit(self, query: WindowQuery | None) -> bool:
        """Go to a new place; tell whether it is one: the current query again is not."""
        if query == self.current.query:
            return False
        del self._places[self._at + 1 :]
        self._places.append(Place(query))
        del self._places[: -_MOST_PLACES or None]
        self._at = len(self._places) - 1
        return True

    def amend(self, query: WindowQuery | None) -> Place[State] | None:
        """Let the current place, which was a step on the way, be about another query; cut off what lay ahead.

        One that has become the same as the place before it is left for that place, which is returned, as if the user
        had never gone from there.
        """
        if query == self.current.query:
            return None
        del self._places[self._at + 1 :]
        if self._at > 0 and self._places[self._at - 1].query == query:
            self._at -= 1
            del self._places[self._at + 1 :]
            return self.current
        self._places[self._at] = Place(query)
        return None

    def go(self, distance: int) -> Place[State] | None:
        """Move by ``distance`` places (negative is back); None when there is no such place."""
        target = self._at + distance
        if not 0 <= target < len(self._places) or not distance:
            return None
        self._at = target
        return self.current
