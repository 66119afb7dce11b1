"""The processes of ``bench_scale`` that must start fresh: the reader whose memory counts and the writer of 1,000 more.

``python -m tests.benchmarks.scale_processes read|sweep|add LIBRARY …`` prints one JSON document.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from photofind.core.search import Searcher
    from photofind.core.vectors import IndexSnapshot

_BORN = time.perf_counter()

_LIMIT = 50  # what the product shows when nobody asks for another number
_K = 10
_LADDER = (1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512)
_SWEPT_QUERIES = 200
_EXACT_QUERIES = 20


def read(library: Path, queries_file: Path, photos: int) -> dict[str, Any]:
    """Open a library and search it, as a window or a command does that starts now."""
    import numpy as np  # what the benchmark itself needs; everything else is the product's

    queries = np.load(queries_file)["queries"]
    started = time.perf_counter()
    from photofind.core.search import Query
    from photofind.core.vectors.rule import default_nprobe

    imported = time.perf_counter()
    searcher, snapshot = _open(library)
    opened = time.perf_counter()
    searcher.search(Query(photo_ids=(1,), limit=_LIMIT))
    answered = time.perf_counter()

    nprobe = default_nprobe(snapshot.nlist, snapshot.live)
    ids = np.random.default_rng(3).choice(photos, len(queries), replace=False) + 1
    cpu = time.process_time()
    whole = _timed(lambda photo: searcher.search(Query(photo_ids=(int(photo),), limit=_LIMIT)), ids)[1]
    found, vector = _timed(lambda query: snapshot.search(query, _K, nprobe)[0][:_K], queries)
    cpu = time.process_time() - cpu
    return {
        "nlist": snapshot.nlist,
        "nprobe": nprobe,
        "segments": len(snapshot.state.segments),
        "import_s": imported - started,
        "open_s": opened - imported,
        "first_answer_s": answered - opened,
        "library_ms": whole,
        "vector_ms": vector,
        "threads": cpu * 1000 / (sum(whole) + sum(vector)),
        "found": found,
        "memory": _memory(),
    }


def sweep(library: Path, queries_file: Path) -> dict[str, Any]:
    """Search with one nprobe after the other, and exactly."""
    import numpy as np

    queries = np.load(queries_file)["queries"]
    _, snapshot = _open(library)
    steps = [
        (step, *_timed(lambda query, step=step: snapshot.search(query, _K, step)[0][:_K], queries[:_SWEPT_QUERIES]))
        for step in _LADDER
        if step <= snapshot.nlist
    ]
    exact, exact_ms = _timed(lambda query: snapshot.search_exactly(query, _K)[0], queries[:_EXACT_QUERIES])
    return {"steps": steps, "exact": exact, "exact_ms": exact_ms}


def _open(library: Path) -> tuple[Searcher, IndexSnapshot]:
    """Open a library as the product does, apart from the network, which no query here needs."""
    from photofind.core.catalog import Catalog, Pack
    from photofind.core.encoders import Encoder
    from photofind.core.imaging import DecodeLimits
    from photofind.core.search import Searcher

    def refuse(pack: Pack) -> Encoder:
        raise AssertionError(f"no query needs the network of {pack.spec}")

    searcher = Searcher(library, Catalog.open_reader(library / "library.db"), refuse, DecodeLimits(1, 1))
    snapshot = searcher.refresh()
    assert snapshot is not None
    return searcher, snapshot


def add(library: Path, first: int, count: int, thumbnail_bytes: int) -> dict[str, Any]:
    """Add photos to a library, from opening it to closing it; return what that wrote."""
    import numpy as np

    from photofind.core.evaluation.generated import Mixture
    from tests.benchmarks.synthetic_ingest import made_up, synthetic_writer

    vectors = Mixture().draw(count, np.random.default_rng(first))
    before = _written()
    with synthetic_writer(library) as writer:
        writer.invent(first, count)
        numbers = iter(range(count))

        def embed(_: object) -> Any:
            number = next(numbers)
            return made_up(first + number, vectors[number], thumbnail_bytes)

        writer.ingest(embed)
    return {"seconds": time.perf_counter() - _BORN, **{name: _written()[name] - before[name] for name in before}}


def _timed(search: Any, queries: Any) -> tuple[list[Any], list[float]]:
    """Return the answer to each query as a list, and its milliseconds."""
    answers, durations = [], []
    for query in queries:
        started = time.perf_counter()
        answer = search(query)
        durations.append((time.perf_counter() - started) * 1000)
        answers.append(answer.tolist() if hasattr(answer, "tolist") else None)
    return answers, durations


def _memory() -> dict[str, int]:
    """Return this process's memory in bytes, by the names that Linux gives its parts."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    values = dict(line.split(":", 1) for line in lines)
    return {name: int(values[name].split()[0]) * 1024 for name in ("VmRSS", "RssAnon", "RssFile", "VmHWM")}


def _written() -> dict[str, int]:
    """Return the bytes that this process has handed to write() and those that Linux charged to the disk."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    values = {name: int(value) for name, value in (line.split(": ") for line in lines)}
    return {"wchar": values["wchar"], "write_bytes": values["write_bytes"]}


def main() -> None:
    """Do what the command line says and print the result."""
    what, library, *rest = sys.argv[1:]
    steps = {
        "read": lambda: read(Path(library), Path(rest[0]), int(rest[1])),
        "sweep": lambda: sweep(Path(library), Path(rest[0])),
        "add": lambda: add(Path(library), *map(int, rest)),
    }
    sys.stdout.write(json.dumps(steps[what]()))


if __name__ == "__main__":
    main()
