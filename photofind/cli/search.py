"""``photofind search``: one query, or many from a file of JSON lines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from photofind.cli import output
from photofind.core.errors import QueryError, UserError
from photofind.core.library import Library
from photofind.core.paths import can_be_a_path
from photofind.core.search import Query, SearchResult
from photofind.core.settings import Settings

_BATCH_KEYS = {"id", "images", "ids", "limit", "nprobe", "exact", "exclude_query"}


def run_search(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Answer a query or a batch of them; return the exit status."""
    with Library(library, settings) as opened:
        if arguments.batch is not None:
            return _run_batch(opened, arguments.batch)
        query = Query(
            images=tuple(arguments.image),
            photo_ids=tuple(arguments.id),
            limit=arguments.limit,
            nprobe=arguments.nprobe,
            exact=arguments.exact,
            exclude_query=arguments.exclude_query,
        )
        _print(query, opened.search(query), as_json=arguments.json)
    return 0


def _print(query: Query, result: SearchResult, *, as_json: bool) -> None:
    if as_json:
        asked = asdict(query)
        output.document(
            {
                "query": {"images": asked["images"], "ids": asked["photo_ids"], "limit": query.limit},
                "nprobe": result.nprobe,
                "exact": result.exact,
                "elapsed_ms": round(result.elapsed_ms, 3),
                "results": _results(result),
            }
        )
        return
    for hit in result.hits:
        output.line(f"{hit.score:.4f}  {hit.path}{'  (offline)' if hit.offline else ''}")
    if not result.hits:
        output.tell("Nothing found: the library holds no photos yet.")


def _results(result: SearchResult) -> list[dict[str, Any]]:
    return [
        {
            "path": hit.path,
            "id": hit.photo_id,
            "score": round(hit.score, 6),
            **({"offline": True} if hit.offline else {}),
        }
        for hit in result.hits
    ]


def _run_batch(library: Library, source: str) -> int:
    with _lines(source) as lines:
        for text in lines:
            if text.strip():
                output.document(_answer(library, text))
    return 0


def _answer(library: Library, text: str) -> dict[str, Any]:
    identity: dict[str, Any] = {}
    try:
        asked = _parsed(text)
        identity = {"id": asked["id"]} if "id" in asked else {}
        result = library.search(_query(asked))
    except UserError as error:
        return {**identity, "error": str(error)}
    return {**identity, "results": _results(result), "elapsed_ms": round(result.elapsed_ms, 3)}


def _parsed(text: str) -> dict[str, Any]:
    try:
        asked = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise QueryError(f"This line is not JSON: {error}.") from error
    if not isinstance(asked, dict):
        raise QueryError("A query must be a JSON object.")
    return asked


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _query(asked: dict[str, Any]) -> Query:
    unknown = sorted(key for key, value in asked.items() if key not in _BATCH_KEYS and value)
    if unknown:
        raise QueryError(
            f"This version cannot search by {', '.join(unknown)}; it knows {', '.join(sorted(_BATCH_KEYS))}."
        )
    images = _list_of(asked, "images", str)
    for image in images:
        if not can_be_a_path(image):
            raise QueryError(f"{image!r} cannot be the name of an image.")
    ids = _list_of(asked, "ids", int)
    limit, nprobe = _number(asked, "limit", 50), _number(asked, "nprobe", None)
    assert limit is not None
    return Query(
        images=images,
        photo_ids=ids,
        limit=limit,
        nprobe=nprobe,
        exact=bool(asked.get("exact")),
        exclude_query=bool(asked.get("exclude_query")),
    )


def _list_of(asked: dict[str, Any], key: str, kind: type[Any]) -> tuple[Any, ...]:
    value = asked.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, kind) and not isinstance(item, bool) for item in value):
        raise QueryError(f"{key!r} must be a list of {kind.__name__} values.")
    return tuple(value)


def _number(asked: dict[str, Any], key: str, default: int | None) -> int | None:
    value = asked.get(key)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool):
        raise QueryError(f"{key!r} must be a whole number.")
    return value


@contextmanager
def _lines(source: str) -> Iterator[TextIO]:
    from_stdin = source == "-"
    try:
        # Bytes that are no UTF-8 stay what they are: they may belong to the name of a file.
        file = open(  # noqa: SIM115 - closed below; errors of reading are not those of opening
            0 if from_stdin else source, encoding="utf-8-sig", errors="surrogateescape", closefd=not from_stdin
        )
    except OSError as error:
        raise QueryError(f"Cannot read the queries in {source}: {error.strerror or error}.") from error
    with file:
        yield file
