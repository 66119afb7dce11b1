"""Where the calibration of a library is kept: one small JSON file beside the catalog, replaced as a whole.

It is a cache: what is missing, cut short, of another version, does not fit its checksum or makes no sense is measured
anew. Any process may write it, the last one wins; it says itself which epoch it holds for.
"""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.core.bounded_files import read_whole
from photofind.core.document_sums import SUM_KEY, has_right_sum, with_sum
from photofind.core.errors import StorageError
from photofind.core.whole_files import write_whole

ACCURACY_FILE = "accuracy.json"
_VERSION = 3
_WITHOUT_SUM = 2
"""A version that differs by its lack of a checksum only: what it measured is still good."""
_LARGEST_BYTES = 1_000_000


def read_accuracy(library: Path) -> Accuracy | None:
    """Return the calibration of a library; None when there is none that can be read."""
    try:
        document = json.loads(read_whole(library / ACCURACY_FILE, _LARGEST_BYTES))
        if document["version"] == _VERSION:
            if not has_right_sum(document):
                return None
            del document[SUM_KEY]
        elif document["version"] != _WITHOUT_SUM:
            return None
        del document["version"]
        points = tuple(OperatingPoint(**point) for point in document.pop("points"))
        accuracy = Accuracy(**document, points=points)
        return accuracy if _is_sound(accuracy) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def write_accuracy(library: Path, accuracy: Accuracy) -> None:
    """Keep a calibration; raises StorageError when the disk refuses, and keeps the old one then."""
    document = with_sum({"version": _VERSION, **asdict(accuracy)})
    text = json.dumps(document, allow_nan=False)
    try:
        write_whole(library / ACCURACY_FILE, [text.encode("ascii")], private=True)
    except OSError as error:
        raise StorageError(
            f"Cannot keep what was measured of {library}: {error.strerror or error}. Free some space there."
        ) from error


def _is_sound(accuracy: Accuracy) -> bool:
    """Tell whether every value is of its kind and range; a file that anybody may write is not believed."""
    nprobes = [point.nprobe for point in accuracy.points]
    texts = (accuracy.pack_key, accuracy.epoch_id)
    counts = (accuracy.vectors, accuracy.queries, accuracy.candidates_per_hit, *nprobes)
    times = (accuracy.measured_at, accuracy.exact_ms, *(ms for p in accuracy.points for ms in (p.ms_median, p.ms_p95)))
    shares = [
        share for p in accuracy.points for share in (p.recall_at_1, p.recall_at_10, p.recall_at_100, p.error_at_10)
    ]
    return (
        bool(nprobes)
        and all(isinstance(text, str) for text in texts)
        and all(_is_count(count) for count in counts)
        and all(_is_number(time) and time >= 0 for time in times)
        and all(_is_number(share) and 0 <= share <= 1 for share in shares)
        and all(earlier < later for earlier, later in itertools.pairwise(nprobes))
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
