"""Runs contestants through their stages, one process each, and turns what they measured into figures.

Everything lies in one temporary folder that is removed in any case: the vectors once, and the files of one contestant
at a time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from photofind.core.errors import PhotofindError, StorageError, UserError
from photofind.core.evaluation.peers.child import FOUND, RESULT
from photofind.core.evaluation.peers.registry import Entry
from photofind.core.evaluation.tables.timing import recall_at
from photofind.core.evaluation.tables.vectors import VectorSet, exact_answers

Check = Callable[[], None]

STAGES = ("build", "search", "rest", "change", "verify")
TARGETS = (0.90, 0.95, 0.99)
USUAL = 0.95
"""Memory is measured, and changes are verified, with the effort that finds so much."""

_K = 10
_CHANGED_SHARE = 0.01
_NOISE = 0.4
_LOOK_EACH = 0.2  # seconds between two looks whether a stage is over or the user has had enough
_DISK_FACTOR = 4
"""Bytes of disk for each of the vectors: they themselves, and what a contestant has while it writes itself anew."""

_POOLS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "LANCE_CPU_THREADS", "RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS")
_ONE_THREAD = dict.fromkeys(_POOLS, "1")


class StageError(PhotofindError):
    """A contestant's process ended without a result; ``str()`` is the last that it said."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One effort: mean recall@10, milliseconds of a query and how many processors it kept busy."""

    effort: int
    recall: float
    ms: float
    p95_ms: float
    busy: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of a contestant; bytes and seconds."""

    build: float
    disk: int
    resident: int
    anonymous: int | None
    rungs: tuple[Rung, ...]
    add: float
    delete: float
    compact: float | None
    came_back: int
    added_found: float

    def cheapest(self, recall: float) -> Rung | None:
        """Return the first rung that finds so much, None where none does."""
        return next((rung for rung in self.rungs if rung.recall >= recall), None)

    def usual(self) -> Rung:
        """Return the rung for :data:`USUAL`, the best one where none reaches it."""
        return self.cheapest(USUAL) or max(self.rungs, key=lambda rung: rung.recall)


class Contest:
    """The vectors laid out for every contestant; ``folder`` takes the files, ``check`` may raise."""

    def __init__(self, folder: Path, vectors: VectorSet, threads: int, check: Check) -> None:
        self._folder = folder
        self._vectors = vectors
        self._threads = threads
        self._check = check
        self._truth, self._scores = exact_answers(vectors, _K)
        self._lay_out()

    def run(self, entry: Entry) -> Iterator[str | Figures]:
        """Yield the name of each stage when it is over, and the figures at last.

        Raises
        ------
        StageError
            When the contestant fails.
        """
        own = self._folder / "contestant"
        shutil.rmtree(own, ignore_errors=True)
        (own / "files").mkdir(parents=True)
        build = self._stage(own, entry, "build")
        disk = sum(path.stat().st_size for path in (own / "files").rglob("*") if path.is_file())
        yield "build"
        rungs = tuple(self._rungs(own, self._stage(own, entry, "search")["rungs"]))
        yield "search"
        # What is looked up by the figures is not known yet: they are made in two steps.
        figures = Figures(build["seconds"], disk, 0, None, rungs, 0.0, 0.0, None, 0, 0.0)
        effort = figures.usual().effort
        rest = self._stage(own, entry, "rest", effort)
        yield "rest"
        change = self._stage(own, entry, "change")
        yield "change"
        verify = self._stage(own, entry, "verify", effort)
        yield "verify"
        shutil.rmtree(own, ignore_errors=True)
        yield replace(figures, **rest, **change, **verify)

    def _lay_out(self) -> None:
        database = self._vectors.database
        generator = np.random.default_rng(5)
        count = max(1, int(len(database) * _CHANGED_SHARE))
        arrays: dict[str, npt.NDArray[Any]] = {
            "database": database,
            "queries": self._vectors.queries,
            "truth": self._truth,
            "added": _like(database[np.sort(generator.choice(len(database), count, replace=False))], generator),
            "deleted": np.sort(generator.choice(len(database), count, replace=False)),
        }
        if self._vectors.own is not None:
            arrays["own"] = self._vectors.own
        try:
            for name, array in arrays.items():
                self._check()
                np.save(self._folder / f"{name}.npy", array)
        except OSError as error:
            raise StorageError(
                f"Cannot write {self._folder}: {error.strerror or error}. Free some space there."
            ) from error

    def _stage(self, own: Path, entry: Entry, stage: str, *effort: int) -> dict[str, Any]:
        module = "photofind.core.evaluation.peers.child"
        arguments = [stage, entry.name, str(own), str(self._folder), str(self._threads), *map(str, effort)]
        searches = stage in ("search", "rest", "verify")
        (own / RESULT).unlink(missing_ok=True)
        with (own / "said.txt").open("wb") as said:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env={**os.environ, **(_ONE_THREAD if searches else {})},
            )
            self._wait(process)
        if process.returncode or not (own / RESULT).exists():
            raise StageError(f"{stage}: {_last_words(own / 'said.txt')} (exit status {process.returncode})")
        result: dict[str, Any] = json.loads((own / RESULT).read_text("utf-8"))
        return result

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        try:
            while process.poll() is None:
                self._check()
                try:
                    process.wait(_LOOK_EACH)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def _rungs(self, own: Path, measured: list[dict[str, Any]]) -> Iterator[Rung]:
        for number, rung in enumerate(measured):
            found = np.load(own / FOUND.format(number))
            asked = replace(
                self._vectors,
                queries=self._vectors.queries[: len(found)],
                own=None if self._vectors.own is None else self._vectors.own[: len(found)],
            )
            recall = recall_at(_K, found, asked, self._scores[: len(found)])
            median, p95 = np.percentile(rung["ms"], (50, 95)).tolist()
            yield Rung(rung["effort"], recall, median, p95, rung["busy"])


@contextmanager
def workplace(vectors: VectorSet) -> Iterator[Path]:
    """Make a folder for the contest where the system keeps temporary files; it is removed whatever happens.

    Raises
    ------
    StorageError
        When the disk has too little room.
    """
    parent = Path(tempfile.gettempdir())
    needed = vectors.database.nbytes * _DISK_FACTOR
    if shutil.disk_usage(parent).free < needed:
        raise StorageError(
            f"The table takes {needed / 1e9:.1f} GB of disk in {parent} for a while; free some, or name another folder"
            " in the environment variable TMPDIR."
        )
    with tempfile.TemporaryDirectory(prefix="photofind-peers-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _like(rows: npt.NDArray[np.float32], generator: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return unit vectors near others, as new photos are near old ones."""
    noise = generator.standard_normal(rows.shape, np.float32) * np.float32(_NOISE / rows.shape[1] ** 0.5)
    made: npt.NDArray[np.float32] = rows + noise
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def _last_words(said: Path) -> str:
    lines = said.read_text("utf-8", "replace").strip().splitlines()
    last = lines[-1] if lines else "it ended without a word"
    return last.removeprefix(f"{UserError.__module__}.{UserError.__name__}: ")
