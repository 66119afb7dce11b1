"""``photofind worker``: the one writer of a library, driven by JSON lines.

Commands on stdin, one object a line::

    {"command": "index", "folders": ["/photos"]}     folders may be left out: then all that the library has
    {"command": "retry", "paths": ["/photos/a.jpg"]} reads files of the error list again; without paths, all of them
    {"command": "remove", "folder": "/photos"}       forgets an added folder with its photos; no file is touched
    {"command": "want_pack", "spec": "name:variant"} chooses the model pack that the next index changes to
    {"command": "find_duplicates"}                   compares new photos with all others; see `photofind duplicates`
    {"command": "maintain", "task": "calibrate"}     measures the index; "compact" drops dead vectors and merges its
                                                     segments, "recluster" trains it anew; "if_due": only if worth it
    {"command": "pause"} {"command": "resume"} {"command": "stop"} {"command": "quit"}

Events on stdout: ``ready`` once; ``progress`` about ten times a second; ``paused`` and ``resumed``; ``finished`` with
the report of an ``index`` or ``retry`` command and the first rows of the error list, of ``errors_total``; ``removed``
with the number of ``photos``; ``pack_wanted`` with the ``spec`` that was chosen; ``duplicates_found`` with the number
of new ``pairs``; ``maintained`` with the ``task``, whether it was ``done`` (not when it was stopped or not due) and the
``seconds`` that it took; ``refused`` with a sentence for what cannot be done; ``failed`` with a sentence, after which
the worker ends. Commands of the first six kinds are done one after the other. A pause holds until ``resume`` or
``stop``, for commands that come later too. When stdin closes, or on SIGTERM, the running command is stopped cleanly and
the worker ends: a caller that dies takes its worker with it.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from photofind.cli.maintaining import TASKS, maintain
from photofind.core.errors import FolderError, PackError, SettingsError, StorageError, UserError
from photofind.core.imaging.apart import ApartLimits, PictureReader
from photofind.core.indexing.decoder import lower_priority
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.log_files import (
    LOG_FILE,
    LibraryLogHandler,
    PrivateFormatter,
    keep_small,
    open_native_log,
    unbuffered,
)
from photofind.core.ownership import DATABASE
from photofind.core.paths import settings_file
from photofind.core.private_files import misplaced
from photofind.core.progress import Control
from photofind.core.settings import Settings, load_settings

LOG = logging.getLogger(__name__)
_MOST_ERRORS = 1000

Command = dict[str, Any]


def run_worker(library: Path, settings: Settings, *, must_exist: bool = False) -> int:
    """Serve commands until stdin closes, ``quit`` or SIGTERM; return the exit status.

    With ``must_exist`` it fails where no library is, instead of making one: whoever asks has had one there.
    """
    # The caller decides what Ctrl-C means and says so on stdin; a terminal sends the signal to both of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = _Channel(_claim_stdout())
    commands = _Commands(channel)
    _on_terminate(commands.end)
    try:
        if must_exist:
            _check_there(library)
        with LibraryWriter(library, settings) as writer:
            _log_to(library)
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            sys.stdout = unbuffered(sys.stdout.fileno(), closes=False)
            channel.native_log = sys.stderr.fileno()
            if settings.priority == "low":
                lower_priority()
            channel.send("ready", library=str(library), process=os.getpid())
            for command, control in commands:
                writer.check_in_place()
                present = _present_settings(settings)
                writer.use(present)
                if command["command"] == "find_duplicates":
                    _find_duplicates(library, present, channel, control)
                elif command["command"] == "maintain":
                    maintain(writer, present, channel.send, command, control)
                else:
                    _perform(writer, channel, command, control)
    except UserError as error:
        channel.send("failed", message=str(error), fixable=True)
        return 1
    except Exception as error:
        if not logging.getLogger().handlers:  # it failed before it had the library to itself
            with suppress(StorageError):
                _log_to(library)
        LOG.exception("the worker failed")
        channel.send("failed", message=f"{type(error).__name__}: {error}", fixable=False)
        return 1
    return 0


def _check_there(library: Path) -> None:
    if not os.path.isfile(library / DATABASE):
        raise StorageError(f"The library {library} is not there now; connect its disk, or choose another library.")


def _present_settings(otherwise: Settings) -> Settings:
    """Return what the settings file says now: a window that drives us may have changed it since we started."""
    try:
        return load_settings(settings_file())
    except SettingsError as error:
        LOG.warning("%s", error)
        return otherwise


class _Channel:
    """Writes events; a reader that is gone is no reason to fail while there is something to commit.

    They come often while decoders run, whose log (``native_log``, once it is open) is kept small by the way.
    """

    def __init__(self, stream: TextIO) -> None:
        self.native_log: int | None = None
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, event: str, **values: Any) -> None:
        if self.native_log is not None:
            keep_small(self.native_log)
        text = json.dumps({"event": event, **values})
        with self._lock, suppress(BrokenPipeError):
            self._stream.write(text + "\n")
            self._stream.flush()


def _perform(writer: LibraryWriter, channel: _Channel, command: Command, control: Control) -> None:
    if command["command"] == "remove":
        _remove(writer, channel, command["folder"])
        return
    if command["command"] == "want_pack":
        _want_pack(writer, channel, command["spec"])
        return
    retried = command["command"] == "retry"
    folders = writer.retry(command.get("paths", ())) if retried else command.get("folders", ())
    _index(writer, channel, folders, control)


def _remove(writer: LibraryWriter, channel: _Channel, folder: str) -> None:
    try:
        photos = writer.remove_root(folder)
    except FolderError as error:
        channel.send("refused", message=str(error))
    else:
        channel.send("removed", folder=folder, photos=photos)


def _want_pack(writer: LibraryWriter, channel: _Channel, spec: str) -> None:
    try:
        selection = writer.want_pack(spec)
    except PackError as error:
        channel.send("refused", message=str(error))
    else:
        channel.send("pack_wanted", spec=selection.spec)


def _index(writer: LibraryWriter, channel: _Channel, folders: Sequence[str], control: Control) -> None:
    writer.control = control
    for progress in writer.update(folders):
        channel.send("progress", **asdict(progress))
    report = writer.report
    channel.send(
        "finished",
        photos=writer.count_photos(),
        **asdict(report.tally),
        offline=report.offline,
        stopped=report.stopped,
        errors=[{"path": error.path, "reason": error.reason} for error in islice(writer.errors(), _MOST_ERRORS)],
        errors_total=writer.count_errors(),
        seconds=round(report.seconds, 3),
    )


def _find_duplicates(library: Path, settings: Settings, channel: _Channel, control: Control) -> None:
    try:
        # In processes apart: a photo that crashes its decoder must not end the writer at each search for duplicates.
        with (
            closing(PictureReader(ApartLimits.of(settings), most=settings.workers)) as pictures,
            Library(library, settings, pictures) as opened,
        ):
            finder = opened.finder(control)
            for progress in finder.run():
                channel.send("progress", **asdict(progress))
    except UserError as error:  # their file is a cache of its own: the library goes on without
        channel.send("refused", message=str(error))
    else:
        report = finder.report
        channel.send("duplicates_found", **{**asdict(report), "seconds": round(report.seconds, 3)})


class _Commands:
    """Reads stdin in a thread: commands that write queue up, the others act at once on what is running or waiting."""

    def __init__(self, channel: _Channel) -> None:
        self._channel = channel
        self._waiting: queue.SimpleQueue[tuple[Command, Control] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._controls: list[Control] = []
        self._paused = False

    def __iter__(self) -> Iterator[tuple[Command, Control]]:
        threading.Thread(target=self._read, name="photofind-commands", daemon=True).start()
        while (order := self._waiting.get()) is not None:
            yield order  # a stopped one too: its caller waits for the report
            with self._lock:
                self._controls.remove(order[1])

    def end(self) -> None:
        """Stop what is running or waiting and take no more commands; not for signal handlers, it takes a lock."""
        self._stop()
        self._waiting.put(None)

    def _read(self) -> None:
        # A buffer of our own: at its end the interpreter waits for that of sys.stdin, in which we may be reading.
        stdin = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115
        try:
            for line in stdin:
                text = line.decode("utf-8", "replace")
                command = _parsed(text)
                if command.get("command") == "quit":
                    break
                self._take(command, text)
        finally:
            self.end()

    def _take(self, command: Command, text: str) -> None:
        name = command.get("command")
        if name in ("index", "retry", "remove", "want_pack", "find_duplicates", "maintain"):
            self._queue(command)
        elif name == "pause":
            self._pause()
            self._channel.send("paused")
        elif name == "resume":
            self._resume()
            self._channel.send("resumed")
        elif name == "stop":
            self._stop()
        else:
            self._channel.send("refused", message=f"not a command: {text.strip()[:200]}")

    def _queue(self, command: Command) -> None:
        control = Control()
        with self._lock:
            if self._paused:
                control.pause()
            self._controls.append(control)
        self._waiting.put((command, control))

    def _pause(self) -> None:
        with self._lock:
            self._paused = True
            for control in self._controls:
                if not control.stopping:  # or else it would wait before it ends
                    control.pause()

    def _resume(self) -> None:
        with self._lock:
            self._paused = False
            for control in self._controls:
                control.resume()

    def _stop(self) -> None:
        with self._lock:
            self._paused = False
            for control in self._controls:
                control.stop()


def _on_terminate(act: Callable[[], None]) -> None:
    """Let SIGTERM call ``act`` in a thread: a handler interrupts code that may hold the locks that ``act`` takes."""
    asked: queue.SimpleQueue[int] = queue.SimpleQueue()

    def wait() -> None:
        asked.get()
        act()

    threading.Thread(target=wait, name="photofind-terminate", daemon=True).start()
    # Not ignored but handled: decoders, which are new programs, start with the system's own way again.
    signal.signal(signal.SIGTERM, lambda number, _: asked.put(number))


def _parsed(text: str) -> Command:
    try:
        command = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(command, dict):
        return {}
    lists = [command.get("folders", []), command.get("paths", [])]
    if not all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in lists):
        return {}
    for name, needed in (("remove", "folder"), ("want_pack", "spec")):
        if command.get("command") == name and not isinstance(command.get(needed), str):
            return {}
    if command.get("command") == "maintain" and command.get("task") not in TASKS:
        return {}
    return command


def _claim_stdout() -> TextIO:
    """Keep the real stdout for events; the name goes to the log later, for whatever a library may print."""
    sys.stdout.flush()
    return os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")


def _log_to(library: Path) -> None:
    """Send what is logged, and what libraries print, to files; raises StorageError when the disk refuses them."""
    try:
        handler = LibraryLogHandler(library / LOG_FILE, 1)
        handler.setFormatter(PrivateFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.basicConfig(level=logging.INFO, handlers=[handler])
        # What libraries print while they decode is not for the caller's terminal. It has a file of its own: one that
        # is open as stderr, here and in every decoder, cannot be rotated.
        native = open_native_log(library)
        os.dup2(native, sys.stderr.fileno())
        os.close(native)
        sys.stderr = unbuffered(sys.stderr.fileno(), closes=False)
    except OSError as error:
        raise misplaced(error) or StorageError(
            f"Cannot write the log of the library {library}: {error.strerror or error}. Free some space or check that"
            " disk."
        ) from error
