r"""Groups as JSON and CSV for other programs: written group by group, so that their number does not matter.

JSON keeps names that are no valid Unicode as lone surrogate escapes, which Python and JavaScript read back; CSV is for
people and their spreadsheets and shows such bytes as ``\udcff``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from photofind.core.asked_files import FileKind, write_asked
from photofind.core.duplicates.keeping import Suggestion
from photofind.core.duplicates.wording import phrase
from photofind.core.evidence import DuplicateGroup, Evidence, Member

Document = dict[str, Any]
_EVIDENCE = (
    "verdict",
    "score",
    "similarity",
    "hash_distance",
    "orientation",
    "matches",
    "overlap",
    "difference",
    "changes",
)
_COLUMNS = (
    "group",
    "kind",
    "path",
    "suggest",
    "reason",
    "caution",
    "verdict",
    "score",
    "similarity",
    "hash_distance",
    "changes",
    "width",
    "height",
    "format",
    "bytes",
    "taken_at",
    "camera",
    "offline",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff"  # or else Excel takes the text for another encoding
_JSON_BEGIN = re.compile(rb'\{"groups": \[(?:\n\{"kind": "|\][,}])')


def group_document(group: DuplicateGroup, suggestions: Iterable[Suggestion]) -> Document:
    """Return a group as the command line prints it; ``suggest`` is None for a photo of which nothing is suggested.

    ``similarity`` and ``evidence`` are about each photo as a copy of the group's reference. The reference itself has
    similarity 1 and evidence without values.
    """
    photos = [_photo(member, suggestion) for member, suggestion in zip(group.members, suggestions, strict=True)]
    return {"kind": group.kind.value, "key": group.key, "photos": photos}


def json_text(lists: Mapping[str, Iterable[Document]], rest: Mapping[str, Any]) -> Iterator[str]:
    """Yield one JSON object piece by piece: long lists first, each of them item by item, then the other keys."""
    separator = "{"
    for name, items in lists.items():
        yield f"{separator}{json.dumps(name)}: ["
        for number, item in enumerate(items):
            yield (",\n" if number else "\n") + json.dumps(item, allow_nan=False)
        yield "]"
        separator = ",\n"
    for name, value in rest.items():
        yield f"{separator}{json.dumps(name)}: {json.dumps(value, allow_nan=False)}"
        separator = ", "
    yield "}"


def csv_text(groups: Iterable[Document]) -> Iterator[str]:
    """Yield groups as CSV (RFC 4180), a photo a line, below a line of names; groups are numbered from 1.

    What a spreadsheet would take for a formula gets an apostrophe before it.
    """
    yield _BYTE_ORDER_MARK
    yield _csv_line(_COLUMNS)
    for number, group in enumerate(groups, 1):
        for photo in group["photos"]:
            values = {**photo["evidence"], **photo, "group": number, "kind": group["kind"]}
            values["changes"] = " ".join(photo["evidence"]["changes"] or ())
            yield _csv_line([values[name] for name in _COLUMNS])


def write_text(path: Path, pieces: Iterable[str]) -> None:
    """Write a file of text, in the place of what has the path; it appears whole or not at all.

    Whoever has not asked the user looks first, see :func:`photofind.core.asked_files.check_asked`.

    Raises
    ------
    StorageError
        When it cannot be written.
    """
    write_asked(path, (piece.encode("utf-8", "backslashreplace") for piece in pieces))


def _photo(member: Member, suggestion: Suggestion) -> Document:
    evidence = _evidence(member.evidence)
    return {
        "path": member.path,
        "id": member.photo_id,
        "similarity": 1.0 if member.evidence is None else evidence["similarity"],
        "suggest": None if suggestion.keep is None else "keep" if suggestion.keep else "remove",
        "rule": suggestion.rule and suggestion.rule.value,
        "reason": phrase(suggestion) or None,
        "kept": suggestion.kept,
        "caution": suggestion.caution and suggestion.caution.value,
        "evidence": evidence,
        "width": member.facts.width,
        "height": member.facts.height,
        "format": member.facts.format,
        "bytes": member.stamp.size,
        "taken_at": member.facts.taken_at,
        "camera": member.facts.camera,
        "offline": member.offline,
    }


def _evidence(evidence: Evidence | None) -> Document:
    if evidence is None:
        return dict.fromkeys(_EVIDENCE)
    values = asdict(evidence)
    return {**{name: values[name] for name in _EVIDENCE}, "changes": list(evidence.changes)}


def _csv_line(values: Iterable[Any]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow([_cell(value) for value in values])
    return stream.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _is_csv(content: bytes) -> bool:
    return content.startswith((_BYTE_ORDER_MARK + _csv_line(_COLUMNS)).encode())


EXPORTS: Final = {
    ".json": FileKind("an export of groups", lambda content: _JSON_BEGIN.match(content) is not None),
    ".csv": FileKind("an export of groups", _is_csv),
}
"""What tells an earlier export in each form, by the suffix of its name."""
