"""``search --batch``: one JSON object per line in, one per line out, in the order of the lines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from photofind.cli import output
from photofind.cli.answers import about, at_recall, filters_of, minus_terms, results
from photofind.core.errors import QueryError, UserError
from photofind.core.library import Library
from photofind.core.paths import can_be_a_path
from photofind.core.queries import Query

_BATCH_KEYS = {
    *("id", "words", "images", "ids", "minus_words", "minus_images", "folder", "since", "until"),
    *("limit", "nprobe", "recall", "exact", "exclude_query", "expand"),
}

_LONGEST_LINE = 1 << 23
_MOST_IMAGES = 1000
"""As many images of a kind a query may have: each is read, or looked up, and held until all of them are."""


def run_batch(library: Library, source: str) -> int:
    """Answer each line of a file, ``-`` for standard input; return the exit status."""
    with _lines(source) as lines:
        for text in _bounded(lines):
            if text.strip():
                output.document(_answer(library, text))
    return 0


def _answer(library: Library, text: str) -> dict[str, Any]:
    identity: dict[str, Any] = {}
    try:
        asked = _parsed(text)
        identity = _identity(asked)
        result = library.search(at_recall(library, _query(asked), _recall(asked)))
    except UserError as error:
        return {**identity, "error": str(error)}
    return {**identity, "results": results(result), "elapsed_ms": round(result.elapsed_ms, 3), **about(result)}


def _parsed(text: str) -> dict[str, Any]:
    try:
        asked = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise QueryError(f"This line is not JSON: {error}.") from error
    if not isinstance(asked, dict):
        raise QueryError("A query must be a JSON object.")
    return asked


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text:.40} is too large a number")
    return number


def _identity(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what an answer repeats of its query; raise QueryError when that can be read but not be written."""
    if "id" not in asked:
        return {}
    try:
        json.dumps(asked["id"], allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise QueryError(f"'id' cannot be repeated: {error}; give the query a simpler one.") from error
    return {"id": asked["id"]}


def _query(asked: dict[str, Any]) -> Query:
    unknown = sorted(key for key, value in asked.items() if key not in _BATCH_KEYS and value)
    if unknown:
        raise QueryError(
            f"This version cannot search by {', '.join(unknown)}; it knows {', '.join(sorted(_BATCH_KEYS))}."
        )
    images, minus_images = _images(asked, "images"), _images(asked, "minus_images")
    ids = _few_of(asked, "ids", int)
    words = _texts(asked, "words")
    limit, nprobe = _number(asked, "limit", 50), _number(asked, "nprobe", None)
    assert limit is not None
    return Query(
        images=images,
        photo_ids=ids,
        words=words,
        others=minus_terms(_texts(asked, "minus_words"), minus_images),
        filters=filters_of(_texts(asked, "folder"), _text(asked, "since"), _text(asked, "until")),
        expand=bool(asked.get("expand")),
        limit=limit,
        nprobe=nprobe,
        exact=bool(asked.get("exact")),
        exclude_query=bool(asked.get("exclude_query")),
    )


def _images(asked: dict[str, Any], key: str) -> tuple[str, ...]:
    images: tuple[str, ...] = _few_of(asked, key, str)
    for image in images:
        if not can_be_a_path(image):
            raise QueryError(f"{image!r} cannot be the name of an image.")
    return images


def _texts(asked: dict[str, Any], key: str) -> tuple[str, ...]:
    """Return one text or a list of them; blank ones are left out."""
    value = asked.get(key)
    texts: tuple[str, ...] = (value,) if isinstance(value, str) else _list_of(asked, key, str)
    return tuple(text for text in texts if text.strip())


def _text(asked: dict[str, Any], key: str) -> str | None:
    value = asked.get(key)
    if value is not None and not isinstance(value, str):
        raise QueryError(f"{key!r} must be a text.")
    return value or None


def _list_of(asked: dict[str, Any], key: str, kind: type[Any]) -> tuple[Any, ...]:
    value = asked.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, kind) and not isinstance(item, bool) for item in value):
        raise QueryError(f"{key!r} must be a list of {kind.__name__} values.")
    return tuple(value)


def _few_of(asked: dict[str, Any], key: str, kind: type[Any]) -> tuple[Any, ...]:
    values = _list_of(asked, key, kind)
    if len(values) > _MOST_IMAGES:
        raise QueryError(f"{key!r} has more than {_MOST_IMAGES:,} entries; name fewer of them.")
    return values


def _number(asked: dict[str, Any], key: str, default: int | None) -> int | None:
    value = asked.get(key)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool):
        raise QueryError(f"{key!r} must be a whole number.")
    return value


def _recall(asked: dict[str, Any]) -> float | None:
    value = asked.get("recall")
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise QueryError("'recall' must be a number from 0 to 1.")
    if asked.get("nprobe") is not None or asked.get("exact"):
        raise QueryError("A query has one of 'nprobe', 'recall' and 'exact'; leave the others away.")
    return float(value)


def _bounded(lines: TextIO) -> Iterator[str]:
    """Yield lines; raise QueryError at one that is none but a film, or a device that never ends."""
    number = 1
    while text := lines.readline(_LONGEST_LINE):
        if len(text) == _LONGEST_LINE and not text.endswith("\n"):
            raise QueryError(f"Line {number} of the queries is longer than {_LONGEST_LINE:,} characters; shorten it.")
        yield text
        number += 1


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
