"""The command line in this very process, which saves a second each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from photofind.cli.main import run
from tests.support.program import Ended


def photofind_here(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Ended:
    """Run a command; wrong usage and windows fail the test."""

    def no_window(library: Path | None) -> int:
        raise AssertionError(library)

    status = run([*map(str, arguments)], no_window)
    streams = capsys.readouterr()
    return Ended(status, streams.out, streams.err)
