"""Facts of two photos beside each other: what differs, and what is the same."""

from __future__ import annotations

from dataclasses import dataclass

from photofind.core.details import PhotoDetails
from photofind.core.evidence import Member
from photofind.core.records import PhotoRecord
from photofind.gui.preview.fact_rows import fact_rows


@dataclass(frozen=True, slots=True)
class FactPair:
    """One fact: its name, and what each photo says; empty if it says nothing."""

    name: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether the photos say different things."""
        return self.first != self.second


def fact_delta(
    first: Member, second: Member, details: tuple[PhotoDetails | None, PhotoDetails | None] = (None, None)
) -> list[FactPair]:
    """Return all facts that either photo tells, in the order of the details of a photo.

    What only the header of a file tells is left out until the headers of both have been read: before that, everything
    would look as if one photo had lost it.
    """
    known = details if None not in details else (None, None)
    one = {row.name: row.text for row in fact_rows(_record(first), known[0])}
    other = {row.name: row.text for row in fact_rows(_record(second), known[1])}
    names = _merged(list(one), list(other))
    return [FactPair(name, one.get(name, ""), other.get(name, "")) for name in names]


def _record(member: Member) -> PhotoRecord:
    return PhotoRecord(
        photo_id=member.photo_id,
        content_id=member.content_id,
        path=member.path,
        size=member.stamp.size,
        mtime_ns=member.stamp.mtime_ns,
        offline=member.offline,
        facts=member.facts,
    )


def _merged(first: list[str], second: list[str]) -> list[str]:
    """Return the names of both lists, each in its order: what only the second has stands after what it follows."""
    merged = list(first)
    place = 0
    for name in second:
        if name in merged:
            place = merged.index(name) + 1
        else:
            merged.insert(place, name)
            place += 1
    return merged
