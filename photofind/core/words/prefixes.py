"""What stands behind ``name:``, ``date:`` and the like becomes `Filters`, or a sentence about what is wrong."""

from __future__ import annotations

import math
import os.path
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from ntpath import splitdrive
from pathlib import Path
from typing import Final, TypeVar

from photofind.core.queries import Filters, Orientation
from photofind.core.words.dates import ambiguity, parse_when
from photofind.core.words.splitting import Token

_T = TypeVar("_T", date, float)

MAX_VALUE: Final = 1_000
"""Characters behind a prefix: no name of a file is longer on the systems that photofind runs on, and few paths are."""

MAX_CONDITIONS: Final = 100
"""Prefixes in one text: what a database question can hold, and more than anybody means."""

FORMATS: Final = {
    "JPEG": "jpeg jpg jpe jfif mpo",
    "PNG": "png apng",
    "WEBP": "webp",
    "GIF": "gif",
    "TIFF": "tiff tif",
    "BMP": "bmp dib",
    "PNM": "pnm pbm pgm ppm",
    "JPEG2000": "jpeg2000 jp2 j2k j2c jpc jpf jpx",
    "AVIF": "avif avifs",
    "HEIF": "heif heic heics heifs hif",
    "RAW": "raw dng nef cr2 cr3 arw orf rw2 raf pef srw",
}
"""The formats of the catalog, and what people call them. One maker's RAW files are not told from another's."""

_FORMAT_OF: Final = {alias: name for name, aliases in FORMATS.items() for alias in aliases.split()}
_SIZE: Final = re.compile(r"(>=|<=|>|<|=)?(\d{1,6}(?:[.,](\d{1,3}))?)(?:mp|mpx|megapixels?)?", re.ASCII)
_SIZES: Final = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)(?:mp)?\.\.(\d{1,6}(?:[.,]\d{1,3})?)(?:mp)?", re.ASCII)
_UNITS: Final = frozenset({"mp", "megapixel", "megapixels"})
_EXAMPLES: Final = {
    "name": "name:IMG_12",
    "folder": 'folder:"My trip"',
    "camera": "camera:Canon",
    "date": "date:2019",
    "since": "since:2019",
    "until": "until:2019",
    "after": "after:2019",
    "before": "before:2019",
    "type": "type:jpg",
    "place": "place:Kyoto",
    "size": "size:>5mp",
    "is": "is:portrait",
    "has": "has:gps",
}

_DAY: Final = timedelta(days=1)
_FIRST: Final = date.min + _DAY
_LAST: Final = date.max - _DAY
_SIDES: Final[dict[str, Callable[[date, date], tuple[date, date]]]] = {
    "date": lambda first, last: (first, last),
    "since": lambda first, _: (first, date.max),
    "until": lambda _, last: (date.min, last),
    "after": lambda _, last: (min(last, _LAST) + _DAY, date.max),
    "before": lambda first, _: (date.min, max(first, _FIRST) - _DAY),
}
"""What the first and the last day of what stands behind a prefix mean."""


class _MisreadError(Exception):
    """What stands behind a prefix is not understood; ``str()`` is the sentence about it."""


def read_filters(tokens: Sequence[Token], *, today: date) -> tuple[Filters, tuple[str, ...], frozenset[int]]:
    """Return the filters that the prefixes of a text ask for, what is wrong with them, and which tokens they took.

    Several formats are alternatives and several texts all hold; for everything else the narrower of two counts. A date
    may reach over the words behind it: ``date:last summer``.
    """
    filters, problems, taken, count = Filters(), list[str](), set[int](), 0
    for at, token in enumerate(tokens):
        if not token.prefix or at in taken:
            continue
        taken.add(at)
        count += 1
        if count > MAX_CONDITIONS:
            problems.append(f"Only the first {MAX_CONDITIONS} conditions count; leave some out.")
            continue
        try:
            if token.prefix in _SIDES and not token.minus:
                found, end = _dated(tokens, at, today)
                taken.update(range(at, end))
            else:
                found = _read(token)
                if token.prefix == "size" and at + 1 < len(tokens) and tokens[at + 1].key in _UNITS:
                    taken.add(at + 1)
            filters = _both(filters, found)
        except _MisreadError as misread:
            problems.append(str(misread))
    return filters, tuple(dict.fromkeys(problems)), frozenset(taken)


def _read(token: Token) -> Filters:
    """Return the filter of one prefixed token, which is no date."""
    value, prefix = token.text, token.prefix
    if len(value) > MAX_VALUE:
        raise _MisreadError(f"What stands behind {prefix}: is too long; shorten it to {MAX_VALUE:,} characters.")
    if token.minus and not (prefix == "has" and value):
        raise _MisreadError(f"A minus before {prefix}: is not understood; put it before words only, as in -people.")
    if not value:
        raise _MisreadError(f"Nothing stands behind {prefix}:; write {_EXAMPLES[prefix]} without a space.")
    found = _READERS[prefix](value)
    return Filters(has_gps=False) if token.minus else found


def _dated(tokens: Sequence[Token], at: int, today: date) -> tuple[Filters, int]:
    """Read the longest date that begins behind a prefix; return its filter and where it ends."""
    value, prefix = tokens[at].text, tokens[at].prefix
    if not value:
        raise _MisreadError(f"Nothing stands behind {prefix}:; write {_EXAMPLES[prefix]} without a space.")
    longest = at + 1
    while longest < min(at + 5, len(tokens)) and tokens[longest].plain:
        longest += 1
    for end in range(longest, at, -1):
        days = parse_when(" ".join(token.text for token in tokens[at:end]), today=today)
        if days:
            since, until = _SIDES[prefix](*days)
            return Filters(since=None if since == date.min else since, until=None if until == date.max else until), end
    raise _MisreadError(
        ambiguity(value)
        or f"{prefix}:{shortened(value)} is not a date; write date:2019, date:2019-05 or date:2019-05-01..2019-06-30."
    )


def shortened(text: str) -> str:
    """Return a text as it fits into a sentence."""
    return text if len(text) <= 40 else f"{text[:39]}…"


def _folder(value: str) -> Filters:
    """Take a full path as the folder it names, and anything else as parts of folders' names."""
    if Path(value).is_absolute() or value.startswith("~"):
        return Filters(folders=(_full_path(value),))
    if splitdrive(value)[0]:
        return Filters(folders=(value,))
    parts = tuple(part for part in re.split(r"[\\/]", value) if part.strip(" ."))
    if not parts:
        raise _MisreadError(f"folder:{shortened(value)} names no folder; write {_EXAMPLES['folder']}.")
    return Filters(within=parts)


def _full_path(value: str) -> str:
    try:
        return os.path.normpath(Path(value).expanduser())
    except RuntimeError:
        raise _MisreadError(f"folder:{shortened(value)} names nobody's home folder; write the full path.") from None


def _type(value: str) -> Filters:
    found: list[str] = []
    for name in value.casefold().split(","):
        alias = name.strip(" .*")
        known = _FORMAT_OF.get(alias) or _raw(alias)
        if not known:
            raise _MisreadError(
                f"type:{shortened(value)} is no kind of photo; write type:jpg, type:heic, type:raw or the like."
            )
        found.append(known)
    return Filters(formats=tuple(dict.fromkeys(found)))


def _raw(alias: str) -> str | None:
    from photofind.core.imaging.suffixes import RAW_SUFFIXES  # loads what decodes photos, for the rarest names only

    return "RAW" if f".{alias}" in RAW_SUFFIXES else None


def _size(value: str) -> Filters:
    text = "".join(value.casefold().split())
    if match := _SIZES.fullmatch(text):
        low, high = sorted((_number(match[1]), _number(match[2])))
        return Filters(min_megapixels=low, max_megapixels=high)
    match = _SIZE.fullmatch(text)
    if not match:
        raise _MisreadError(
            f"size:{shortened(value)} is no size in megapixels; write size:>5mp, size:<2mp or size:5..12mp."
        )
    sign, number = match[1], _number(match[2])
    if sign in {">", ">="}:
        return Filters(min_megapixels=number)
    if sign in {"<", "<="}:
        return Filters(max_megapixels=number)
    # A camera of "12 megapixels" makes 12.2: what rounds to the number is meant.
    half = 0.5 * 10.0 ** -len(match[3] or "")
    return Filters(min_megapixels=max(0.0, number - half), max_megapixels=number + half)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _is(value: str) -> Filters:
    try:
        return Filters(orientation=Orientation(value.casefold()))
    except ValueError:
        raise _MisreadError(
            f"is:{shortened(value)} is not understood; write is:portrait, is:landscape or is:square."
        ) from None


def _has(value: str) -> Filters:
    if value.casefold() not in {"gps", "location"}:
        raise _MisreadError(
            f"has:{shortened(value)} is not understood; write has:gps, or -has:gps for photos without a place."
        )
    return Filters(has_gps=True)


def _both(filters: Filters, more: Filters) -> Filters:
    """Return both together; what contradicts itself is said, not guessed."""
    if filters.orientation and more.orientation and filters.orientation != more.orientation:
        raise _MisreadError(f"No photo is {filters.orientation} and {more.orientation} at once; write is: only once.")
    if None not in (filters.has_gps, more.has_gps) and filters.has_gps != more.has_gps:
        raise _MisreadError("No photo has and lacks a place at once; write has:gps only once.")
    both = Filters(
        folders=_united(filters.folders, more.folders),
        names=_united(filters.names, more.names),
        within=_united(filters.within, more.within),
        cameras=_united(filters.cameras, more.cameras),
        places=_united(filters.places, more.places),
        formats=_united(filters.formats, more.formats),
        since=_narrower(max, filters.since, more.since),
        until=_narrower(min, filters.until, more.until),
        orientation=more.orientation or filters.orientation,
        min_megapixels=_narrower(max, filters.min_megapixels, more.min_megapixels),
        max_megapixels=_narrower(min, filters.max_megapixels, more.max_megapixels),
        has_gps=filters.has_gps if more.has_gps is None else more.has_gps,
    )
    if both.since and both.until and both.since > both.until:
        raise _MisreadError("No photo is of both dates; write date: only once, as in date:2019..2021.")
    if (both.min_megapixels or 0.0) > (math.inf if both.max_megapixels is None else both.max_megapixels):
        raise _MisreadError("No photo is of both sizes; write size: only once, as in size:5..12mp.")
    return both


def _united(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _narrower(choose: Callable[[list[_T]], _T], first: _T | None, second: _T | None) -> _T | None:
    given = [limit for limit in (first, second) if limit is not None]
    return choose(given) if given else None


_READERS: Final[dict[str, Callable[[str], Filters]]] = {
    "name": lambda value: Filters(names=(value,)),
    "folder": _folder,
    "camera": lambda value: Filters(cameras=(value,)),
    "place": lambda value: Filters(places=(value,)),
    "type": _type,
    "size": _size,
    "is": _is,
    "has": _has,
}
