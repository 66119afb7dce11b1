"""What other programs find, run by an interpreter that has them: pairs of files out, as JSON.

Usage: ``VENV/bin/python rival_searches.py NAME FILES.json OUT.json``; nothing of this project is imported here. FILES
is a list of paths. OUT gets ``pairs`` ([path, path, score], a higher score is surer), the files that ``failed``, and
the ``version``.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import sys
import warnings
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

Pairs = list[tuple[str, str, float]]
Found = tuple[Pairs, list[str]]

_DISTANCES = {"imagehash": 10, "imagehash-strict": 4}
"""imagehash names no threshold. The article that its hash is from calls a distance of up to 10 a variation of the same
picture; below 5 is what most examples on the web use.
"""


def imagehash(files: list[str], most: int) -> Found:
    """Compare 64-bit perceptual hashes of all pairs."""
    library: Any = importlib.import_module("imagehash")
    image: Any = importlib.import_module("PIL.Image")
    hashes: dict[str, Any] = {}
    failed = []
    for file in files:
        try:
            with image.open(file) as opened:
                hashes[file] = library.phash(opened)
        except Exception as error:  # noqa: BLE001 - whatever it cannot read counts against it
            failed.append(f"{file}: {error}")
    names = list(hashes)
    distances = ((a, b, hashes[a] - hashes[b]) for n, a in enumerate(names) for b in names[n + 1 :])
    return [(a, b, -float(distance)) for a, b, distance in distances if distance <= most], failed


def imagededup(files: list[str]) -> Found:
    """Let imagededup's PHash find duplicates with its own threshold."""
    hasher = importlib.import_module("imagededup.methods").PHash(verbose=False)
    codes = {}
    failed = []
    for file in files:
        code = hasher.encode_image(image_file=file)
        if code is None:
            failed.append(file)
        else:
            codes[file] = code
    found = hasher.find_duplicates(encoding_map=codes, scores=True)
    return [(file, other, -float(distance)) for file, others in found.items() for other, distance in others], failed


def difpy(files: list[str], similarity: str) -> Found:
    """Let difPy compare all pairs, in the four orientations that it knows."""
    library: Any = importlib.import_module("difPy")
    built = library.build(files, show_progress=False)
    found = library.search(built, similarity=similarity, show_progress=False).result
    groups = [[file, *(match[0] for match in matches)] for file, matches in found.items()]
    pairs = [(a, b, 1.0) for group in groups for a, b in combinations(sorted(group), 2)]
    return pairs, sorted(map(str, built._invalid_files))


RIVALS: dict[str, tuple[str, str, Callable[[list[str]], Found]]] = {
    **{
        name: ("ImageHash", f"pHash, at most {most} of 64 bits", partial(imagehash, most=most))
        for name, most in _DISTANCES.items()
    },
    "imagededup": ("imagededup", "PHash, at most 10 of 64 bits", imagededup),
    "difpy": ("difPy", "duplicates", partial(difpy, similarity="duplicates")),
    "difpy-similar": ("difPy", "similar, that is a mean square of at most 5", partial(difpy, similarity="similar")),
}
"""By name: the package, what is asked of it, and how."""


def main() -> int:
    """Search with one of them; return the exit status."""
    name, source, target = sys.argv[1:]
    warnings.simplefilter("ignore")
    package, _, search = RIVALS[name]
    pairs, failed = search(json.loads(Path(source).read_text(encoding="utf-8")))
    result = {"pairs": pairs, "failed": failed, "version": importlib.metadata.version(package)}
    Path(target).write_text(json.dumps(result), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
