"""Others who use the library beside the window of the soak: commands, a second window, and who kills writers."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import psutil

from tests.campaign.running import Campaign
from tests.campaign.soak.gauge import Gauge

_COMMAND_EVERY: Final = 20.0
_WINDOW_EVERY: Final = 600.0
_WINDOW_SECONDS: Final = 60.0
_KILL_EVERY: Final = 900.0


class Bystanders:
    """Starts programs beside the window, one at a time, and looks at how they end."""

    def __init__(self, campaign: Campaign, library: Path, probes: Path, gauge: Gauge) -> None:
        self._campaign, self._library, self._gauge = campaign, library, gauge
        self._chances: random.Random = campaign.chances("bystanders")
        self._probes = sorted(probes.iterdir())
        self._running: list[tuple[subprocess.Popen[bytes], list[str], float]] = []
        self._asked: set[int] = set()
        self._due = {"command": 2.0, "window": _WINDOW_EVERY / 2, "kill": _KILL_EVERY * 0.7}

    def step(self, now: float, seconds: float) -> None:
        """Start what is due after so many of all ``seconds``, and look at what has ended."""
        if now >= self._due["command"] and not self._running:
            self._due["command"] = now + _COMMAND_EVERY
            self._start(self._command(), now)
        if now >= self._due["window"] and now < seconds - _WINDOW_SECONDS * 2:
            self._due["window"] = now + _WINDOW_EVERY
            self._start(["gui"], now)
            self._campaign.count("second windows")
        if now >= self._due["kill"]:
            self._due["kill"] = now + _KILL_EVERY
            self._kill()
        for process, command, began in list(self._running):
            if command == ["gui"] and now - began > _WINDOW_SECONDS and _is_open(process):
                self._close(process)
            self._reap(process, command, began)

    def finish(self) -> None:
        """Let all of them end."""
        for process, command, began in list(self._running):
            while command == ["gui"] and not _is_open(process) and process.poll() is None:
                time.sleep(0.5)
            if command == ["gui"]:
                self._close(process)
            process.wait(300.0)
            self._reap(process, command, began)

    def _command(self) -> list[str]:
        probe = str(self._chances.choice(self._probes))
        return self._chances.choice(
            [["status"], ["status", "--health"], ["search", "--image", probe], ["search", "--exact", "--image", probe]]
        )

    def _start(self, command: list[str], now: float) -> None:
        line = [sys.executable, "-m", "photofind", command[0], "--library", str(self._library), *command[1:]]
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._running.append((process, command, now))

    def _reap(self, process: subprocess.Popen[bytes], command: list[str], began: float) -> None:
        status = process.poll()
        if status is None:
            return
        self._running.remove((process, command, began))
        assert process.stderr is not None
        with process.stderr as stream:
            words = stream.read().decode("utf-8", errors="replace")
        self._campaign.count(f"photofind {command[0]}")
        if status != 0 or "Traceback" in words:
            self._campaign.find(f"`photofind {' '.join(command)}` ended with status {status}: {words[-1500:]}")

    def _close(self, process: subprocess.Popen[bytes]) -> None:
        """Ask a window to end, once: a second request would end the interpreter when the window has long gone."""
        if process.pid not in self._asked:
            self._asked.add(process.pid)
            process.send_signal(signal.SIGTERM)

    def _kill(self) -> None:
        worker = self._gauge.writer()
        if worker is not None:
            try:
                worker.kill()
            except psutil.Error:
                return
            self._campaign.count("writers killed")


def _is_open(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether a window has come so far as to have a writer: before that, a signal just ends it."""
    try:
        return bool(psutil.Process(process.pid).children())
    except psutil.Error:
        return False
