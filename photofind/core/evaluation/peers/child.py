"""One stage of one contestant, in a process of its own: ``python -m photofind.core.evaluation.peers.child``.

Its arguments are the stage, the contestant's name, the folder of its files and the one of the vectors, and how many
threads may build. What it measured goes into ``result.json`` of the contestant's folder, ids that were found beside it.
Nothing of the product is imported but what the contestant is, so that the memory of the process is the contestant's.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from photofind.core.evaluation.peers.contestant import Contestant, Ids, Vectors
from photofind.core.evaluation.peers.registry import entry_of

ENOUGH = 0.99
"""The ladder ends when so much of the truth is found."""

RESULT = "result.json"
FOUND = "found-{}.npy"

_K = 10
_WARM_UP = 5
_FEWEST = 10
_RUNG_SECONDS = 20.0
_ASKED_AGAIN = 200


class Stage:
    """A contestant's folder, the vectors that were laid out for all of them, and the stages by their names."""

    def __init__(self, name: str, folder: Path, data: Path, threads: int) -> None:
        self._folder = folder
        self._data = data
        self._threads = threads
        dimension = int(self._array("queries").shape[1])
        self._contestant: Contestant = entry_of(name).open(folder / "files", dimension)

    def build(self) -> dict[str, Any]:
        """Build the index."""
        database = self._array("database")
        return {"seconds": _seconds(lambda: self._contestant.build(database, self._threads))}

    def search(self) -> dict[str, Any]:
        """Climb the ladder until enough is found; return the milliseconds of every query on every rung."""
        self._contestant.open(to_change=False)
        queries, truth, own = self._array("queries"), self._array("truth"), self._own()
        rungs: list[dict[str, Any]] = []
        for effort in self._contestant.efforts():
            found, milliseconds, busy = self._ask(queries, effort, own)
            np.save(self._folder / FOUND.format(len(rungs)), found)
            rungs.append({"effort": effort, "ms": milliseconds, "busy": busy})
            if _overlap(found, truth[: len(found)]) >= ENOUGH:
                break
        return {"rungs": rungs}

    def rest(self, effort: int) -> dict[str, Any]:
        """Answer the queries with one effort and do nothing else; return what memory that took, in bytes."""
        self._contestant.open(to_change=False)
        self._ask(self._array("queries"), effort, self._own())
        return {"resident": psutil.Process().memory_info().rss, "anonymous": _anonymous()}

    def change(self) -> dict[str, Any]:
        """Add, delete and give space back; return the seconds of each."""
        self._contestant.open(to_change=True)
        first, added, deleted = len(self._array("database")), self._array("added"), self._array("deleted")
        add = _seconds(lambda: self._contestant.add(first, added))
        delete = _seconds(lambda: self._contestant.delete(deleted))
        started = time.perf_counter()
        compacts = self._contestant.compact()
        return {"add": add, "delete": delete, "compact": time.perf_counter() - started if compacts else None}

    def verify(self, effort: int) -> dict[str, Any]:
        """Count the deleted vectors that come back, and the share of added ones that are found by themselves."""
        self._contestant.open(to_change=False)
        database, added, deleted = self._array("database"), self._array("added"), self._array("deleted")
        gone = set(deleted.tolist())
        asked = np.asarray(database[deleted[:_ASKED_AGAIN]])
        back = {number for found in self._ask(asked, effort, None)[0] for number in found.tolist() if number in gone}
        found = self._ask(added[:_ASKED_AGAIN], effort, None)[0]
        own = np.arange(len(found)) + len(database)
        return {"came_back": len(back), "added_found": float((found == own[:, None]).any(axis=1).mean())}

    def _ask(self, queries: Vectors, effort: int, own: Ids | None) -> tuple[Ids, list[float], float]:
        """Return ids, shape (m, k) and -1 where there are none, milliseconds, and how many processors were busy.

        Slow contestants are not asked everything: ``m`` is how many were asked.
        """
        k = _K + (own is not None)
        for query in queries[:_WARM_UP]:
            self._contestant.search(query, k, effort)
        found = np.full((len(queries), k), -1, np.int64)
        milliseconds: list[float] = []
        ends = time.perf_counter() + _RUNG_SECONDS
        busy = time.process_time()
        for number, query in enumerate(queries):
            started = time.perf_counter()
            answer = self._contestant.search(query, k, effort)
            milliseconds.append((time.perf_counter() - started) * 1000)
            found[number, : len(answer)] = answer
            if number + 1 >= _FEWEST and time.perf_counter() > ends:
                break
        busy = (time.process_time() - busy) * 1000 / sum(milliseconds)
        return _without(found[: len(milliseconds)], own), milliseconds, busy

    def _own(self) -> Ids | None:
        return self._array("own") if (self._data / "own.npy").exists() else None

    def _array(self, name: str) -> Any:
        return np.load(self._data / f"{name}.npy", mmap_mode="r" if name == "database" else None)


def main() -> None:
    """Do what the arguments say."""
    stage, name, folder, data, threads, *effort = sys.argv[1:]
    doing = getattr(Stage(name, Path(folder), Path(data), int(threads)), stage)
    (Path(folder) / RESULT).write_text(json.dumps(doing(*map(int, effort))), "utf-8")


def _without(found: Ids, own: Ids | None) -> Ids:
    """Leave each query's own row out of its answers, which get one place shorter."""
    if own is None:
        return found
    kept = found != own[: len(found), None]
    kept[kept.all(axis=1), -1] = False
    answers: Ids = found[kept].reshape(len(found), -1)
    return answers


def _overlap(found: Ids, truth: Ids) -> float:
    """Return the share of the true neighbours that were found, by their ids alone."""
    hits = sum(len(set(f) & set(t) - {-1}) for f, t in zip(found.tolist(), truth.tolist(), strict=True))
    return hits / max(1, int(np.count_nonzero(truth >= 0)))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _anonymous() -> int | None:
    """Return the bytes of memory that no file stands behind, which the system cannot take back; only Linux tells."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    values = dict(line.split(":", 1) for line in status.read_text("ascii").splitlines())
    return int(values["RssAnon"].split()[0]) * 1024


if __name__ == "__main__":
    main()
