"""Work on a whole index that somebody asked for, in a thread of its own, so that it can be told how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from photofind.core.catalog import Catalog
from photofind.core.indexing.upkeep import IndexUpkeep
from photofind.core.progress import Control, Progress
from photofind.core.settings import Settings
from photofind.core.vectors.rule import Tuning

_TELL_SECONDS = 0.1


class _Stopped(Exception):  # noqa: N818 - not an error: the user asked for it
    """Ends the work between two steps; the old index stays."""


class Rework:
    """Carries out one piece of work, ``act``, on the active pack's index; the caller holds the writer's lock."""

    def __init__(
        self, library: Path, database: Path, settings: Settings, control: Control, act: Callable[[IndexUpkeep], None]
    ) -> None:
        self._library = library
        self._database = database
        self._settings = settings
        self._control = control
        self._act = act
        self._done = self._total = 0
        self._error: BaseException | None = None

    def run(self, phase: str) -> Iterator[Progress]:
        """Do it, yielding progress, in vectors, about ten times a second; raises what the work raises.

        When the control stops it, or nobody takes its progress any more, it ends early and the old index stays.
        """
        thread = threading.Thread(target=self._work, name=f"photofind-{phase}")
        thread.start()
        try:
            while thread.is_alive():
                yield Progress(phase, self._done, self._total, 0)
                thread.join(_TELL_SECONDS)
        finally:
            if thread.is_alive():
                self._control.stop()
                thread.join()
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        try:
            with Catalog.open_writer(self._database) as catalog:  # a connection belongs to one thread
                pack = catalog.active_pack()
                if pack is not None:
                    tuning = Tuning.of(self._settings)
                    workers = self._settings.workers
                    self._act(IndexUpkeep(self._library, catalog, pack.key, workers, self._check, tuning, self._tell))
        except _Stopped:
            return
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for it
            self._error = error

    def _tell(self, done: int, total: int) -> None:
        self._done, self._total = done, total

    def _check(self) -> None:
        self._control.wait_while_paused()
        if self._control.stopping:
            raise _Stopped
