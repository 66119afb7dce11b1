"""What single queries and batches share: options become parts of a query, results become documents."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from photofind.core.errors import QueryError
from photofind.core.library import Library
from photofind.core.queries import Filters, Query, SearchResult, Term, Words
from photofind.core.words.dates import ambiguity, parse_when


def minus_terms(words: Sequence[str], images: Sequence[str]) -> tuple[Term, ...]:
    """Return the terms for what the hits should not be like."""
    return (*(Term(Words(text), -1.0) for text in words), *(Term(path, -1.0) for path in images))


def filters_of(folders: Sequence[str], since: str | None, until: str | None) -> Filters:
    """Return the filter that the options name.

    Raises
    ------
    QueryError
        When a date cannot be read, or the name of a folder is empty.
    """
    if not all(folders):  # it would be the current folder
        raise QueryError("The name of the folder is empty; name the folder to look in.")
    return Filters(
        folders=tuple(os.path.abspath(folder) for folder in folders),
        since=_day(since, end=False) if since is not None else None,
        until=_day(until, end=True) if until is not None else None,
    )


def _day(text: str, *, end: bool) -> datetime.date:
    span = parse_when(text, today=datetime.date.today())
    if span is None:
        raise QueryError(ambiguity(text) or f"{text!r} is not a date; write 2019, 2019-05 or 2019-05-01.")
    return span[1] if end else span[0]


def at_recall(library: Library, query: Query, recall: float | None) -> Query:
    """Return the query with the least nprobe that was measured to find this share of the ten nearest photos.

    Where none does, every photo is compared. Raises QueryError when nothing was measured of the index as it is now.
    """
    if recall is None:
        return query
    nprobe = library.nprobe_for(recall)
    return replace(query, nprobe=nprobe, exact=nprobe is None)


def about(result: SearchResult) -> dict[str, Any]:
    """Return what a document says about how words and filters were taken, without what there is nothing to say of."""
    told: dict[str, Any] = {
        "understood": result.understood,
        "unknown": list(result.unknown),
        "problems": list(result.problems),
        "matching": result.matching,
        "left_out": result.left_out or None,
    }
    return {name: value for name, value in told.items() if value or value == 0}


def left_out(result: SearchResult) -> str:
    """Return the sentence about photos that were not compared; there are some."""
    if result.left_out == 1:
        return "1 photo could not be compared: its embedding is damaged; run `photofind doctor` on this library."
    return (
        f"{result.left_out:,} photos could not be compared: their embeddings are damaged;"
        " run `photofind doctor` on this library."
    )


def results(result: SearchResult) -> list[dict[str, Any]]:
    """Return the hits as documents repeat them."""
    return [
        {
            "path": hit.path,
            "id": hit.photo_id,
            "score": round(hit.score, 6),
            **({"why": list(hit.why)} if hit.why else {}),
            **({"offline": True} if hit.offline else {}),
        }
        for hit in result.hits
    ]
