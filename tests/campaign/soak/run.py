"""The soak from the first photo to the judgement."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import platformdirs
import psutil

from photofind.core.settings import Settings
from tests.campaign.photos import write_photos
from tests.campaign.quick_pack import write_settings
from tests.campaign.running import Campaign
from tests.campaign.soak import ending
from tests.campaign.soak.bystanders import Bystanders
from tests.campaign.soak.files import ChangingPhotos
from tests.campaign.soak.gauge import Gauge, growth, growth_of_parts, leaks, reached, spans
from tests.campaign.soak.process import WindowLostError, WindowProcess
from tests.support.packs import pack_files, write_pack

PACK: Final = "soak"
_QUIET_SECONDS: Final = 5.0
_WARM_ACTIONS: Final = 7000
"""So much must be done, too, until the bounded caches of pictures and texts are full: some 40 minutes."""

_BUSY: Final = 0.3
"""A quiet writer uses less than that many seconds of a processor in those seconds."""


@dataclass(frozen=True)
class Scale:
    """How large the run is; all times in seconds. ``pause`` is between two changes of files.

    With a number of ``actions``, the run is over after these.
    """

    photos: int
    seconds: float
    every: float
    pause: float
    actions: int
    probes: int
    is_judged: bool

    @classmethod
    def of(cls, campaign: Campaign) -> Scale:
        """Return what the command line asked for."""
        options, seconds = campaign.options, campaign.seconds or 7200.0
        if campaign.short:
            return cls(photos=200, seconds=120.0, every=600.0, pause=0.05, actions=40, probes=20, is_judged=False)
        photos = int(options.get("photos", 100_000))
        every = min(60.0, seconds / 3)
        return cls(photos, seconds, every, pause=0.3, actions=0, probes=200, is_judged=seconds > 1800.0)

    @property
    def warm_up(self) -> float:
        """After which memory should not grow any more."""
        return min(900.0, self.seconds / 4)

    @property
    def span(self) -> float:
        """The length of what is compared at the beginning and at the end."""
        return min(600.0, self.seconds / 4)


class Soak:
    """One run; every step reports what it finds to the campaign."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.scale = Scale.of(campaign)
        self.place = Path(campaign.options.get("prepared", campaign.place))
        place = self.place
        self._ready = place / "ready"
        is_new = not self._ready.exists()
        self.library, self.other, self.extra = place / "library", place / "other", place / "extra"
        self.stacks, self.temporary = place / "stacks.txt", place / "tmp"
        self.temporary.mkdir(parents=True, exist_ok=True)
        self.settings = _settings(decoders=1 if campaign.short else 2)
        campaign.say(f"{'writing' if is_new else 'taking'} {self.scale.photos:,} photos")
        self.photos = ChangingPhotos(place / "photos", self.scale.photos, write=is_new)
        self.last_counts: dict[str, Any] = {}
        numbers = range(10_000_000, 10_000_000 + max(20, self.scale.photos // 200))
        self.extra_photos = {str(path) for path in write_photos(self.extra, numbers)}
        write_photos(place / "probes", range(20_000_000, 20_000_040), side=120)
        self.probes = place / "probes"

    def index(self) -> None:
        """Index both libraries as the command line does, unless that was prepared."""
        if self._ready.exists():
            return
        began = time.monotonic()
        everything = [*self.photos.roots, self.extra]
        libraries = (
            [(self.library, everything)]
            if self.campaign.short
            else [(self.library, everything), (self.other, [self.extra])]
        )
        for library, roots in libraries:
            command = [sys.executable, "-m", "photofind", "index", "--library", str(library), *map(str, roots)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.campaign.say(f"indexed in {time.monotonic() - began:.0f} s")

    def keep(self) -> None:
        """Let another run begin with what is there now."""
        self._ready.touch()

    def play(self) -> None:
        """Open the window, use it, and close it."""
        seed = repr((self.campaign.seed, "user"))
        arguments = [self.library, self.other, self.probes, self.extra, self.stacks, seed]
        arguments += self.campaign.options.get("only", "").split()
        with WindowProcess([str(each) for each in arguments], self.temporary) as window:
            window.ask(None, "opened")
            gauge = Gauge(window.gauged, self.library, self.temporary)
            bystanders = Bystanders(self.campaign, self.library, self.probes, gauge)
            try:
                self._use(window, gauge, bystanders)
                bystanders.finish()
                self._rest(window, gauge)
                self._close(window)
            except WindowLostError as error:
                self.campaign.find(str(error))
        self._judge(gauge)

    def _use(self, window: WindowProcess, gauge: Gauge, bystanders: Bystanders) -> None:
        scale, chances = self.scale, self.campaign.chances("files")
        log = self.campaign.options.get("log")
        out = open(log, "w", encoding="utf-8", newline="") if log else None  # noqa: SIM115 - closed below
        try:
            window.send(f"play {scale.actions}")
            began = time.monotonic()
            measured = 0.0
            while window.is_running and "played" not in window.seen:
                now = time.monotonic() - began
                if now > scale.seconds:
                    break
                self.photos.step(chances)
                bystanders.step(now, scale.seconds)
                if now - measured >= scale.every:
                    measured = now
                    self._measure(window, gauge, now, out)
                time.sleep(scale.pause * chances.uniform(0.2, 1.8))
            if window.is_running:
                self._measure(window, gauge, time.monotonic() - began, out)
        finally:
            if out is not None:
                out.close()

    def _measure(self, window: WindowProcess, gauge: Gauge, now: float, out: Any) -> None:
        counts = window.ask("measure", "measured")
        row = gauge.measure(now, counts, out)
        self.last_counts = counts
        row["types"] = counts.get("types", {})
        self.campaign.say(
            f"{now / 60:6.1f} min  window {row['window_anon']:.0f} MB ({row['window_rss']:.0f})"
            f"  writer {row.get('worker_anon', 0):.0f} MB  threads {row['threads']}  handles {row['handles']}"
            f"  widgets {row['widgets']}  objects {row['objects']:,}  library {row['library_megabytes']} MB"
            f"  actions {row['actions']:,}  slowest {row['slowest']} s {row['slowest_is']}"
            f"  stalls {row['stalls']} (late {row['late']})"
        )

    def _rest(self, window: WindowProcess, gauge: Gauge) -> None:
        began = time.monotonic()
        rested = window.ask("rest", "rested")
        self.campaign.say(f"at rest after {time.monotonic() - began:.0f} s: {rested.get('report')}")
        if not rested["settled"]:
            self.campaign.find(f"nothing changes any more, and yet each run finds something: {rested['report']}")
        end = time.monotonic() + 600.0
        while window.is_running and time.monotonic() < end:
            worker = gauge.writer()
            before = worker.cpu_times() if worker is not None else None
            time.sleep(_QUIET_SECONDS if not self.campaign.short else 0.5)
            if worker is None or before is None:
                continue
            after = worker.cpu_times()
            if after.user + after.system - before.user - before.system < _BUSY:
                return
        self.campaign.find("the writer did not come to rest after the last rescan")

    def _close(self, window: WindowProcess) -> None:
        if not window.is_running:
            return
        self.final = window.ask("measure", "measured")
        children = window.gauged.children(recursive=True)
        window.send("close")
        status = window.wait(120.0)
        if status != 0:
            self.campaign.find(f"the window ended with status {status}: {window.errors()[-2000:]}")
        _, alive = psutil.wait_procs(children, timeout=10.0)
        left = [child for child in alive if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
        if left:
            self.campaign.find(f"{len(left)} processes are left: {left}")

    def _judge(self, gauge: Gauge) -> None:
        campaign = self.campaign
        for trouble in sorted(set(self.last_counts.get("troubles", ()))):
            campaign.find(f"an error in the window: {trouble[-1500:]}")
        for kind, number in {**self.photos.done, **self.last_counts.get("done", {})}.items():
            campaign.count(kind, number)
        campaign.count("actions", self.last_counts.get("actions", 0))
        campaign.count("stalls of more than a second", len(self.last_counts.get("stalls", ())))
        campaign.count("beats late for want of a processor", self.last_counts.get("late", 0))
        warm = max(self.scale.warm_up, reached(gauge.rows, "actions", _WARM_ACTIONS if self.scale.is_judged else 0))
        first, last = spans(gauge.rows, warm, self.scale.span)
        if self.scale.is_judged and not (first.rows and last.rows):
            campaign.find(f"too little was done to judge by: {self.last_counts.get('actions', 0)} actions")
        for name, each in (growth(first, last) | growth_of_parts(first, last)).items():
            campaign.note(f"{name}: {each.before:.0f} → {each.after:.0f} MB ({each.share:+.1%})")
        for leak in leaks(first, last) if self.scale.is_judged else ():
            campaign.find(leak)
        if first.rows and last.rows:
            _note_types(campaign, first.rows[0].get("types", {}), last.rows[-1].get("types", {}))

    def check(self) -> None:
        """Compare the library with the disk, with itself and with a new one."""
        campaign, expected = self.campaign, self.photos.expected() | self.extra_photos
        for finding in ending.differing_photos(self.library, self.settings, expected):
            campaign.find(finding)
        for finding in ending.unsound(self.library, self.settings):
            campaign.find(f"the doctor says: {finding}")
        fresh = self.place / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)  # of the run before this one
        ending.indexed_anew(fresh, [*self.photos.roots, self.extra], self.settings)
        probes = ending.some(expected, self.scale.probes, campaign.chances("probes"))
        for finding in ending.differing_answers(self.library, fresh, self.settings, probes):
            campaign.find(finding)
        campaign.count("answers compared", len(probes))
        self._read_logs()

    def _read_logs(self) -> None:
        logs = [platformdirs.user_log_path("photofind", appauthor=False) / "window.log", self.library / "photofind.log"]
        for log in logs:
            text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            if "Traceback" in text:
                at = text.index("Traceback")
                self.campaign.find(f"{log.name} has a traceback: …{text[max(0, at - 300) : at + 1500]}")
        kept = self.campaign.options.get("log")
        for log in (*logs, self.stacks) if kept else ():
            if log.exists():
                shutil.copy(log, f"{kept}.{log.name}")


def run(campaign: Campaign) -> None:
    """Use a window for hours; in the short form, for seconds."""
    soak = Soak(campaign)
    soak.index()
    if "prepare" in campaign.options:
        campaign.note("prepared only; run again without `--set prepare`")
        soak.keep()
        return
    soak.play()
    soak.check()


def _settings(decoders: int) -> Settings:
    home = Path(platformdirs.user_data_path("photofind", appauthor=False))
    if not (home / "models" / PACK).is_dir():
        write_pack(home / "models" / PACK, pack_files(PACK))
    config = Path(platformdirs.user_config_path("photofind", appauthor=False)).parent.parent
    return write_settings(config, model=PACK, workers=decoders, priority="normal")


def _note_types(campaign: Campaign, before: dict[str, int], after: dict[str, int]) -> None:
    grown = sorted(((after[name] - before.get(name, 0), name) for name in after), reverse=True)[:8]
    campaign.note("objects by type, end against beginning: " + ", ".join(f"{name} {more:+,}" for more, name in grown))
