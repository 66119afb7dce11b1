"""The preloaded library does what it says: else a campaign that finds nothing would say nothing."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaign.shim import WRITING, Shim

WRITE = (
    "import os,sys; f=open(sys.argv[1],'wb',0); print(f.write(b'x'*100)); os.fsync(f.fileno()); print(f.write(b'y'))"
)
APPEND = "import os,sys; f=open(sys.argv[1],'r+b',0); f.write(b'new'); os.fsync(f.fileno())"


@pytest.fixture
def shim(tmp_path: Path) -> Shim:
    made = Shim.make(tmp_path / "shim", [tmp_path / "disk"])
    if made is None:
        pytest.skip("needs Linux and a C compiler")
    (tmp_path / "disk").mkdir()
    return made


def run(shim: Shim, program: str, path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-S", "-c", program, str(path)]
    return subprocess.run(command, env=os.environ | shim.environment(), capture_output=True, text=True, check=False)


def test_calls_are_counted_and_logged(shim: Shim, tmp_path: Path) -> None:
    shim.log(WRITING)
    assert run(shim, WRITE, tmp_path / "disk" / "a").stdout.split() == ["100", "1"]
    assert shim.counts() == {"create": 1, "write": 2, "sync": 1}
    assert [line.split()[0] for line in shim.lines()] == ["create", "write", "sync", "write"]
    shim.reset()
    run(shim, WRITE, tmp_path / "elsewhere")
    assert shim.counts() == {}


def test_the_nth_call_fails(shim: Shim, tmp_path: Path) -> None:
    shim.fail(["write"], 2, errno.ENOSPC)
    ended = run(shim, WRITE, tmp_path / "disk" / "a")
    assert (ended.stdout, "No space left" in ended.stderr, shim.happened) == ("100\n", True, 1)


def test_half_is_written(shim: Shim, tmp_path: Path) -> None:
    shim.shorten(1)
    assert run(shim, WRITE, tmp_path / "disk" / "a").stdout.split() == ["50", "1"]
    shim.reset()
    shim.halve(1, errno.ENOSPC)
    ended = run(shim, WRITE, tmp_path / "disk" / "b")
    assert (ended.stdout, "No space left" in ended.stderr) == ("50\n", True)


def test_what_a_failed_sync_did_not_confirm_is_gone(shim: Shim, tmp_path: Path) -> None:
    file = tmp_path / "disk" / "a"
    file.write_bytes(b"old content")
    shim.lose(1, errno.EIO)
    assert "Input/output error" in run(shim, APPEND, file).stderr
    assert file.read_bytes() == b"old content"


def test_a_cut_takes_back_what_was_not_synced(shim: Shim, tmp_path: Path) -> None:
    file = tmp_path / "disk" / "a"
    shim.cut(["write"], 2)
    assert run(shim, WRITE, file).returncode == 137
    assert file.read_bytes() == b"x" * 100, "it was synced"
    shim.reset()
    shim.cut(["sync"], 1, cropped=True)
    assert run(shim, WRITE, file).returncode == 137
    assert file.read_bytes() == b""


def test_a_call_stalls_until_it_may_go_on(shim: Shim, tmp_path: Path) -> None:
    shim.stall(["create"])
    command = [sys.executable, "-S", "-c", WRITE, str(tmp_path / "disk" / "a")]
    with subprocess.Popen(command, env=os.environ | shim.environment(), stdout=subprocess.PIPE) as process:
        while not shim.waiting:
            assert process.poll() is None
        assert not (tmp_path / "disk" / "a").exists()
        shim.go_on()
        assert process.communicate(timeout=60)[0].split() == [b"100", b"1"]


def test_only_the_program_itself_may_be_meant(shim: Shim, tmp_path: Path) -> None:
    shim.fail(["write"], 1, errno.EIO, lasting=True)
    program = f"import subprocess,sys; sys.exit(subprocess.call([sys.executable,'-S','-c',{WRITE!r},sys.argv[1]]))"
    command = [sys.executable, "-S", "-c", program, str(tmp_path / "disk" / "a")]
    for alone, status in ((False, 1), (True, 0)):
        environment = os.environ | shim.environment(alone=alone)
        assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == status
