"""The stage of the disk faults: a home, a library, photos and a trash below one folder, put up anew for each fault.

Templates are copies of the stage at certain moments. A command runs in a copy of a loaded process (``server``)
under the shim, which watches everything below the stage.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from photofind.core.settings import Settings, load_settings
from tests.campaign.lending.asking import Lending, homes, surroundings
from tests.campaign.quick_pack import quick_settings
from tests.campaign.shim import Shim

_SECONDS = 120.0


@dataclass(frozen=True)
class Answer:
    """What became of a command."""

    status: int
    out: str
    err: str


@dataclass
class Stage:
    """A place where programs run under a shim."""

    place: Path
    shim: Shim
    far: Path | None = None
    _lending: Lending | None = field(default=None, repr=False)

    @property
    def top(self) -> Path:
        return self.place / "stage"

    @property
    def library(self) -> Path:
        return self.top / "library"

    @property
    def photos(self) -> Path:
        return self.top / "photos"

    @property
    def home(self) -> Path:
        return self.top / "home"

    @property
    def out(self) -> Path:
        """Where plans and exports are written to."""
        return self.top / "out"

    @property
    def trash(self) -> Path:
        return self.home / "data" / "Trash" / "files"

    @property
    def settings(self) -> Settings:
        return load_settings(self.home / "config" / "photofind" / "settings.toml")

    def __enter__(self) -> Self:
        for folder in (self.photos, self.home, self.out):
            folder.mkdir(parents=True, exist_ok=True)
        quick_settings(self.home)
        variables = self.environment() | self.shim.environment()
        self._lending = Lending("tests.campaign.faults.server", environment=variables)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._lending is not None
        self._lending.end()
        if self.far is not None:
            shutil.rmtree(self.far, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """Return the variables with which the program lives at the stage, without the shim."""
        acknowledged = {"CAMPAIGN_ACKNOWLEDGED": str(self._acknowledged)}
        return os.environ | homes(self.home) | surroundings() | acknowledged

    # Templates

    def keep(self, name: str) -> None:
        """Keep the stage as it is."""
        shutil.copytree(self.top, self.place / "templates" / name, symlinks=True)

    def put_up(self, name: str) -> None:
        """Put up a template as the stage."""
        for folder in (self.top, *((self.far,) if self.far is not None else ())):
            shutil.rmtree(folder, ignore_errors=True)
        # Ten times as fast as shutil, and this is done thousands of times.
        subprocess.run(["cp", "-a", str(self.place / "templates" / name), str(self.top)], check=True)
        self._acknowledged.unlink(missing_ok=True)

    # Running

    def run(self, *arguments: str) -> Answer:
        """Run a command of the command line on the library."""
        library = () if arguments[0] == "model" and arguments[1] != "use" else ("--library", str(self.library))
        return self._ask({"arguments": [*arguments, *library]})

    def work(self, *lines: dict[str, Any]) -> Answer:
        """Let the worker carry out commands."""
        return self._ask({"arguments": ["worker", "--library", str(self.library)], "lines": lines})

    def update(self) -> Answer:
        """Bring the library up to date."""
        return self.work({"command": "index", "folders": [str(self.photos)]})

    def call(self, name: str) -> Answer:
        """Call a function of ``calls``."""
        return self._ask({"call": name, "with": str(self.top)})

    def acknowledged(self) -> int:
        """Return how many vectors the program took to be durable since the stage was put up."""
        if not self._acknowledged.exists():
            return 0
        return int(self._acknowledged.read_text().split()[-1])

    def _ask(self, asked: dict[str, Any]) -> Answer:
        assert self._lending is not None
        return Answer(**self._lending.ask({"seconds": _SECONDS, **asked}))

    @property
    def _acknowledged(self) -> Path:
        return self.place / "acknowledged"

    # Looking

    def digests(self, *folders: Path) -> dict[str, bytes]:
        """Return the hash of every file below some folders, by default of the user's photos, wherever they are now."""
        far = [self.far] if self.far is not None else []
        return dict(_hashed(folders or (self.photos, self.trash, self.out / "moved", *far)))


def _hashed(folders: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for top, _, names in os.walk(folder):
            for path in (os.path.join(top, name) for name in names):  # there are no symbolic links
                with open(path, "rb", buffering=0) as file:
                    yield path, hashlib.blake2b(file.read(), digest_size=16).digest()
