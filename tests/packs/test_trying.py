"""Packs are tried in a process of their own: what crashes, hangs or grows there does no harm."""

from __future__ import annotations

import json
import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from photofind.core.encoders.apart import PackLimits
from photofind.core.errors import PackError
from photofind.core.packs import InstallStopped, PackProgress, install_pack
from photofind.core.packs.progress import Watch
from photofind.core.packs.trying import try_pack
from tests.support.packs import pack_files, word_list, write_pack, zip_pack


def _tokenizer(**parts: Any) -> bytes:
    return json.dumps({**json.loads(word_list()), **parts}).encode()


# Each step makes every letter a hundred of them.
_ENDLESS = {
    "type": "Sequence",
    "normalizers": [{"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 100}] * 8,
}
# The library gives up over this one by a panic, whose story it prints.
_PANIC = {"type": "Precompiled", "precompiled_charsmap": "AAAA"}


def _watch(moments: list[PackProgress] | None = None, stop_after: int | None = None) -> Watch:
    seen = [] if moments is None else moments
    return Watch(seen.append, lambda: stop_after is not None and len(seen) >= stop_after)


def test_a_sound_pack(tmp_path: Path) -> None:
    try_pack(write_pack(tmp_path), _watch())


def test_a_pack_that_breaks_its_contract(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="float32 vector of shape"):
        try_pack(write_pack(tmp_path, pack_files(dimension=7)), _watch())


def test_a_library_that_panics_prints_nothing(tmp_path: Path, models: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = pack_files(tokenizer=_tokenizer(normalizer=_PANIC))
    with pytest.raises(PackError, match="tokenizer of the model colours"):
        install_pack(str(zip_pack(tmp_path / "pack.zip", files)))
    assert capfd.readouterr() == ("", "")
    assert not models.exists()


def _trials() -> list[BaseProcess]:
    """Return the processes that try packs; other tests of this process may have children of their own."""
    return [child for child in multiprocessing.active_children() if child.name == "photofind-pack"]


@pytest.mark.parametrize(
    ("limits", "complaint"),
    [(PackLimits(0.5, 20.0, 10**12), "too long"), (PackLimits(300.0, 20.0, 0), "too much memory")],
)
def test_a_tokenizer_without_end(tmp_path: Path, limits: PackLimits, complaint: str) -> None:
    pack = write_pack(tmp_path, pack_files(tokenizer=_tokenizer(normalizer=_ENDLESS)))
    with pytest.raises(PackError, match=complaint):
        try_pack(pack, _watch(), limits)
    assert not _trials()


def test_a_process_that_dies(tmp_path: Path) -> None:
    def kill(_: PackProgress) -> None:
        for child in _trials():
            child.kill()

    pack = write_pack(tmp_path, pack_files(tokenizer=_tokenizer(normalizer=_ENDLESS)))
    with pytest.raises(PackError, match="crashes"):
        try_pack(pack, Watch(kill, lambda: False))


def test_stopped_while_it_is_tried(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, pack_files(tokenizer=_tokenizer(normalizer=_ENDLESS)))
    with pytest.raises(InstallStopped):
        try_pack(pack, _watch(stop_after=2))
    assert not _trials()
