"""``photofind search``: one query from the command line, or many from a file of JSON lines (``batch``)."""

from __future__ import annotations

import argparse
import datetime
from dataclasses import fields
from pathlib import Path
from typing import Any

from photofind.cli import output
from photofind.cli.answers import about, at_recall, filters_of, left_out, minus_terms, results
from photofind.cli.batch import run_batch
from photofind.core.errors import QueryError
from photofind.core.library import Library
from photofind.core.queries import Hit, Query, SearchResult, Words
from photofind.core.settings import Settings


def run_search(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Answer a query or a batch of them; return the exit status."""
    with Library(library, settings) as opened:
        if arguments.batch is not None:
            if any((arguments.words, arguments.image, arguments.id, arguments.minus, arguments.minus_image)):
                raise QueryError("--batch answers the queries of a file; leave other words and images away.")
            return run_batch(opened, arguments.batch)
        query = at_recall(opened, _query(arguments), arguments.recall)
        result = opened.search(query)
        for problem in result.problems:
            output.tell(problem)
        if result.left_out:
            output.tell(left_out(result))
        _print(query, result, as_json=arguments.json)
    return 0


def _query(arguments: argparse.Namespace) -> Query:
    words = " ".join(arguments.words)
    return Query(
        images=tuple(arguments.image),
        photo_ids=tuple(arguments.id),
        words=(words,) if arguments.words else (),
        others=minus_terms(arguments.minus, arguments.minus_image),
        filters=filters_of(arguments.folder, arguments.since, arguments.until),
        expand=arguments.expand,
        limit=arguments.limit,
        nprobe=arguments.nprobe,
        exact=arguments.exact,
        exclude_query=arguments.exclude_query,
    )


def _print(query: Query, result: SearchResult, *, as_json: bool) -> None:
    if as_json:
        output.document(
            {
                "query": _asked(query),
                "nprobe": result.nprobe,
                "exact": result.exact,
                "elapsed_ms": round(result.elapsed_ms, 3),
                **about(result),
                "results": results(result),
            }
        )
        return
    if result.understood:
        output.tell(f"Understood: {result.understood}")
    if result.unknown:
        output.tell(f"Nothing is known of: {', '.join(result.unknown)}")
    for hit in result.hits:
        output.line(f"{hit.score:.4f}  {hit.path}{'  (offline)' if hit.offline else ''}{_why(hit)}")
    if not result.hits:
        output.tell(_nothing_found(result))


def _why(hit: Hit) -> str:
    return f"  [{'; '.join(hit.why)}]" if hit.why else ""


def _nothing_found(result: SearchResult) -> str:
    if result.unknown:
        return "Nothing found: try other words, or search by an image."
    if result.matching == 0:
        return "Nothing found: no photo passes the filters."
    if result.problems or result.understood or result.left_out:
        return "Nothing found."
    return "Nothing found: the library holds no photos yet."


def _asked(query: Query) -> dict[str, Any]:
    """Return the query as the document repeats it: what was not asked for is left out, but for images and ids."""
    minus = [term.of for term in query.others]
    asked: dict[str, Any] = {"images": list(query.images), "ids": list(query.photo_ids), "limit": query.limit}
    optional = {
        "words": " ".join(query.words),
        "minus_words": [each.text for each in minus if isinstance(each, Words)],
        "minus_images": [each for each in minus if isinstance(each, str)],
        **{f.name: value for f in fields(query.filters) if (value := _plain(getattr(query.filters, f.name)))},
        "expand": query.expand,
    }
    return asked | {name: value for name, value in optional.items() if value}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, datetime.date) else value
