"""Queries as JSON, for searches that are kept by name: written in one way, read with care.

What is read may have been changed by hand, by another version or by a damaged disk; whatever is not understood is a
``ValueError`` with a sentence. Names that are no Unicode survive, since JSON escapes the surrogates that stand for
their bytes.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Final, TypeVar

from photofind.core.errors import QueryError
from photofind.core.queries import MAX_TEXTS, MAX_WEIGHT, MAX_WORDS, Filters, Orientation, Region
from photofind.gui.query import QueryPart, WindowQuery

_T = TypeVar("_T")
_MOST_PARTS: Final = 1000
_TEXTS: Final = ("folders", "names", "within", "cameras", "places", "formats")
_DAYS: Final = ("since", "until")
_SIZES: Final = ("min_megapixels", "max_megapixels")
_SIDES: Final = ("left", "top", "right", "bottom")


def query_to_json(query: WindowQuery) -> dict[str, object]:
    """Return a query as plain values."""
    return {
        "parts": [_part_to_json(part) for part in query.parts],
        "filters": filters_to_json(query.filters),
        "expand": query.expand,
    }


def query_from_json(stored: object) -> WindowQuery:
    """Return the query that plain values stand for.

    Raises
    ------
    ValueError
        With a sentence for the user when they stand for none.
    """
    values = _mapping(stored, "search")
    parts = values.get("parts", [])
    if not isinstance(parts, list) or len(parts) > _MOST_PARTS:
        raise ValueError("The parts of this search cannot be read.")
    filters = filters_from_json(values.get("filters", {}))
    query = WindowQuery.of(map(_part_from_json, parts), filters, expand=_flag(values, "expand") or False)
    if query is None:
        raise ValueError("This search asks for nothing.")
    if sum(part.words is not None for part in query.parts) > MAX_TEXTS:
        raise ValueError(f"This search has more than {MAX_TEXTS} texts.")
    return query


def filters_to_json(filters: Filters) -> dict[str, object]:
    """Return those conditions that restrict anything as plain values."""
    stored: dict[str, object] = {}
    for each in fields(filters):
        value = getattr(filters, each.name)
        if isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, datetime.date):
            value = value.isoformat()
        if value not in ([], None):
            stored[each.name] = str(value) if isinstance(value, Orientation) else value
    return stored


def filters_from_json(stored: object) -> Filters:
    """Return the conditions that plain values stand for; raise ValueError with a sentence when they stand for none."""
    values = _mapping(stored, "filters")
    unknown = values.keys() - {each.name for each in fields(Filters)}
    if unknown:  # to leave one out would show photos that the user did not want to see
        raise ValueError(f"This search has a filter that this version does not know: {min(unknown)}.")
    return Filters(
        **{name: _texts(values, name) for name in _TEXTS},  # type: ignore[arg-type]
        **{name: _read(values, name, datetime.date.fromisoformat) for name in _DAYS},  # type: ignore[arg-type]
        **{name: _number(values, name) for name in _SIZES},  # type: ignore[arg-type]
        orientation=_read(values, "orientation", Orientation),
        has_gps=_flag(values, "has_gps"),
    )


def _part_to_json(part: QueryPart) -> dict[str, object]:
    stored: dict[str, object] = {"label": part.label}
    if part.words is not None:
        stored["words"] = part.words
    elif part.photo_id is not None:
        stored["photo"] = part.photo_id
    if part.path is not None:
        stored["path"] = part.path
    if part.region is not None:
        stored["region"] = [getattr(part.region, side) for side in _SIDES]
    if part.weight != 1.0:
        stored["weight"] = part.weight
    return stored


def _part_from_json(stored: object) -> QueryPart:
    values = _mapping(stored, "part")
    weight = _number(values, "weight")
    if weight is None:
        weight = 1.0
    elif not 0 < abs(weight) <= MAX_WEIGHT:
        raise ValueError(f"This search has a part of the weight {weight:g}.")
    label, words, path = (_text(values, name) for name in ("label", "words", "path"))
    if words is not None:
        return _words(words, weight)
    photo = values.get("photo")
    if isinstance(photo, int) and not isinstance(photo, bool) and 0 <= photo < 1 << 63:
        return QueryPart.of_photo(photo, path, weight=weight)
    if path is not None and photo is None:
        if "region" in values:
            return QueryPart.of_region(_region(path, values["region"]), weight=weight)
        return QueryPart.of_file(path, label, weight=weight)
    raise ValueError("A part of this search cannot be read.")


def _words(words: str, weight: float) -> QueryPart:
    if not words.strip() or len(words) > MAX_WORDS:
        raise ValueError("The words of this search cannot be read.")
    return QueryPart.of_words(words, weight=weight)


def _region(path: str, stored: object) -> Region:
    if not isinstance(stored, list) or len(stored) != len(_SIDES):
        raise ValueError("The region of this search cannot be read.")
    sides = dict(enumerate(stored))
    region = Region(path, *(_number(sides, side) or 0.0 for side in range(len(_SIDES))))
    try:
        region.part()
    except QueryError as error:
        raise ValueError(str(error)) from error
    return region


def _mapping(stored: object, what: str) -> Mapping[str, object]:
    if not isinstance(stored, dict) or not all(isinstance(key, str) for key in stored):
        raise ValueError(f"What should be a {what} is something else.")
    return stored


def _text(values: Mapping[str, object], name: str) -> str | None:
    value = values.get(name)
    if value is None or (isinstance(value, str) and value):
        return value
    raise ValueError(f"The {name} of this search cannot be read.")


def _texts(values: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = values.get(name, [])
    if isinstance(value, list) and all(isinstance(text, str) and text for text in value):
        return tuple(value)
    raise ValueError(f"The filter “{name}” of this search cannot be read.")


def _number(values: Mapping[_T, object], name: _T) -> float | None:
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9 and math.isfinite(value):
        return float(value)
    raise ValueError(f"The number “{name}” of this search cannot be read.")


def _flag(values: Mapping[str, object], name: str) -> bool | None:
    value = values.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise ValueError(f"The choice “{name}” of this search cannot be read.")


def _read(values: Mapping[str, object], name: str, read: Callable[[str], _T]) -> _T | None:
    """Return what a text stands for; ``read`` raises ValueError for a text that stands for nothing."""
    value = values.get(name)
    if value is None:
        return None
    try:
        if isinstance(value, str):
            return read(value)
    except ValueError:
        pass
    raise ValueError(f"The filter “{name}” of this search cannot be read.")
