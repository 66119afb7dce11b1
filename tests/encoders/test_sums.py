"""Descriptions of models have checksums: one flipped bit in them is told, never taken for another model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from photofind.core import paths
from photofind.core.duplicates.calibration import Calibration
from photofind.core.encoders import DEFAULT_PACK, find_pack, list_packs, load_pack
from photofind.core.encoders.sums import SUMS_FILE, is_vouched_for, write_sums
from photofind.core.errors import PackError
from photofind.core.packs import install_pack
from photofind.core.words import bank
from photofind.core.words.sentence import SentenceEncoder
from tests.support.packs import pack_files, write_pack

_FOLDERS = sorted({path.parent.name for path in paths.bundled_models().glob("*/*.toml")})


def _copy(tmp_path: Path, name: str) -> Path:
    return Path(shutil.copytree(paths.bundled_models() / name, tmp_path / name))


def _change(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert content.count(old) >= 1
    path.write_bytes(content.replace(old, new, 1))


@pytest.mark.parametrize("name", _FOLDERS)
def test_the_bundled_checksums_fit(tmp_path: Path, name: str) -> None:
    copy = _copy(tmp_path, name)
    before = (copy / SUMS_FILE).read_bytes()
    write_sums(copy)
    assert (copy / SUMS_FILE).read_bytes() == before, "run `python -m models.write_sums` after editing by hand"


def test_the_checksums_come_with_the_program() -> None:
    assert _FOLDERS == [DEFAULT_PACK, "minilm-l6", "words"]
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"models/words/{SUMS_FILE}" = "photofind/_data/models/words/{SUMS_FILE}"' in text


def test_a_flipped_bit_in_a_pack(tmp_path: Path) -> None:
    copy = _copy(tmp_path, DEFAULT_PACK)
    assert load_pack(copy).rule.side == 320
    _change(copy / "pack.toml", b"side = 320", b"side = 220")
    with pytest.raises(PackError, match=rf"pack.toml is damaged; install the model {DEFAULT_PACK} again"):
        load_pack(copy)
    packs, problems = list_packs(tmp_path)
    assert (packs, len(problems)) == ([], 1)


def test_who_is_to_be_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = _copy(tmp_path, DEFAULT_PACK)
    _change(copy / "pack.toml", b"side = 320", b"side = 220")
    monkeypatch.setattr(paths, "bundled_models", lambda: tmp_path)
    with pytest.raises(PackError, match="damaged; install photofind again"):
        find_pack(DEFAULT_PACK)
    with pytest.raises(PackError, match="damaged; install photofind again"):
        Calibration.for_pack("")


def test_a_flipped_bit_in_a_calibration(tmp_path: Path) -> None:
    copy = _copy(tmp_path, DEFAULT_PACK)
    assert Calibration.for_pack(copy) == Calibration.for_pack("")
    _change(copy / "duplicates.toml", b"intercept = ", b"intercept = 1")
    with pytest.raises(PackError, match=r"duplicates.toml is damaged; install"):
        Calibration.for_pack(copy)


def test_a_flipped_bit_in_what_knows_words(tmp_path: Path) -> None:
    words, sentences = _copy(tmp_path, "words"), _copy(tmp_path, "minilm-l6")
    _change(words / "words.toml", b"similar = 0.5", b"similar = 0.4")
    with pytest.raises(PackError, match=r"words.toml is damaged; install"):
        bank.read_description(words)
    _change(sentences / "sentence.toml", b"tokens = 1", b"tokens = 3")
    with pytest.raises(PackError, match=r"sentence.toml is damaged; install"):
        SentenceEncoder(sentences)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\n\n", b"0" * 64 + b"  pack.toml\n", b"1" * 100_000])
def test_checksums_that_are_damaged_themselves(tmp_path: Path, content: bytes) -> None:
    write_pack(tmp_path / "colours")
    (tmp_path / "colours" / SUMS_FILE).write_bytes(content)
    with pytest.raises(PackError, match="damaged"):
        load_pack(tmp_path / "colours")


def test_a_pack_without_checksums_is_believed(tmp_path: Path) -> None:
    assert not is_vouched_for(write_pack(tmp_path / "colours").folder)


def test_installing_notes_the_checksum(tmp_path: Path) -> None:
    write_pack(tmp_path / "source")
    pack = install_pack(str(tmp_path / "source"))
    assert is_vouched_for(pack.folder)
    _change(pack.folder / "pack.toml", b"side = 32", b"side = 36")
    with pytest.raises(PackError, match="install the model colours again"):
        find_pack("colours")
    assert install_pack(str(tmp_path / "source")).rule.side == 32


def test_no_network_takes_the_place_of_the_checksums(tmp_path: Path) -> None:
    files = pack_files()
    files["sha256sums"] = files.pop("image.onnx")
    files["pack.toml"] = files["pack.toml"].replace(b"image.onnx", b"sha256sums")
    with pytest.raises(PackError, match="sha256sums to two files"):
        write_pack(tmp_path / "colours", files)
