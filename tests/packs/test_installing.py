"""Installing from folders and zip files: all of a sound pack, or nothing."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from photofind.core import paths
from photofind.core.encoders import find_pack, list_packs, open_encoder, open_text_encoder
from photofind.core.errors import PackError, StorageError
from photofind.core.packs import InstallStopped, PackProgress, install_pack
from photofind.core.packs.workshop import open_workshop
from tests.packs.conftest import left_behind
from tests.support.packs import network, pack_files, word_list, write_pack, zip_pack

INSTALLED = [
    "colours",
    "colours/LICENSE.txt",
    "colours/SHA256SUMS",
    "colours/image.onnx",
    "colours/pack.toml",
    "colours/text.onnx",
    "colours/tokenizer",
]
Change = Callable[[dict[str, bytes]], None]


def test_a_pack_in_a_zip_works_after_installing(tmp_path: Path, models: Path) -> None:
    path = zip_pack(tmp_path / "pack.zip")
    pack = install_pack(str(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest().upper())
    assert pack.folder == models / "colours"
    assert left_behind() == INSTALLED
    red = open_encoder("colours").encode(Image.new("RGB", (9, 9), (255, 0, 0)))
    words = open_text_encoder(find_pack("colours"))
    assert red @ words.encode("red") > 0.9 > 0.5 > red @ words.encode("blue")


@pytest.mark.parametrize("prefix", ["", "colours-1.0/", "a folder \u00e9/"])
def test_a_pack_may_lie_in_one_folder_of_the_zip(tmp_path: Path, prefix: str) -> None:
    assert install_pack(str(zip_pack(tmp_path / "pack.zip", prefix=prefix))).name == "colours"
    assert left_behind() == INSTALLED


@pytest.mark.parametrize("make", [write_pack, zip_pack])
def test_only_what_the_pack_names_is_taken(tmp_path: Path, make: Callable[[Path, dict[str, bytes]], object]) -> None:
    more = {"evil.so": b"x", "README": b"hello", "README.md": b"x" * 300_000, "model.onnx.data": b"x", "Notice": b"n"}
    make(tmp_path / "pack", pack_files() | more)
    install_pack(str(tmp_path / "pack"))
    assert left_behind() == sorted([*INSTALLED, "colours/README", "colours/Notice"])


def test_a_folder_is_copied_and_its_links_followed(tmp_path: Path) -> None:
    write_pack(tmp_path / "pack")
    (tmp_path / "pack" / "text.onnx").rename(tmp_path / "blob")
    (tmp_path / "pack" / "text.onnx").symlink_to(tmp_path / "blob")
    pack = install_pack(str(tmp_path / "pack"))
    shutil.rmtree(tmp_path / "pack")
    (tmp_path / "blob").unlink()
    assert open_text_encoder(pack).encode("red")[0] > 0.9
    assert not (pack.folder / "text.onnx").is_symlink()


def test_a_pack_for_pictures_only(tmp_path: Path) -> None:
    pack = install_pack(str(zip_pack(tmp_path / "pack.zip", pack_files(text=b""))))
    assert not pack.has_text


def test_progress(tmp_path: Path) -> None:
    seen: list[PackProgress] = []
    install_pack(str(zip_pack(tmp_path / "pack.zip")), report=seen.append)
    assert list(dict.fromkeys(moment.stage for moment in seen)) == ["unpack", "check"]
    done = [moment.done_bytes for moment in seen if moment.stage == "unpack"]
    assert done == sorted(done)
    assert done[-1] == seen[0].total_bytes == sum(file.size for file in find_pack("colours").files)


def _without(name: str) -> Change:
    return lambda files: files.__delitem__(name)


def _with(name: str, change: Callable[[bytes], bytes]) -> Change:
    return lambda files: files.update({name: change(files[name])})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (_without("pack.toml"), "no pack.toml"),
        (_without("image.onnx"), "lacks image.onnx"),
        (_without("text.onnx"), "lacks text.onnx"),
        (_without("tokenizer"), "lacks tokenizer"),
        (_with("pack.toml", lambda content: b"?" + content), "pack.toml is not valid TOML"),
        (_with("pack.toml", lambda content: content + b"#" * 70_000), "too large"),
        (_with("pack.toml", lambda content: content.partition(b"[text.network]")[0]), "text.network is missing"),
        (_with("pack.toml", lambda content: content.replace(b'"image.onnx"', b'"../image.onnx"')), "plain name"),
        (_with("pack.toml", lambda content: content.replace(b'"colours"', b'"../colours"')), "name must be"),
        (_with("pack.toml", lambda content: content.replace(b'"colours"', b'"efficientnet-lite0"')), "comes with"),
        (_with("text.onnx", lambda content: content + b"\0"), "not the file"),
        (_with("text.onnx", lambda content: content[:-1]), "not the file"),
        (_with("text.onnx", lambda content: content[::-1]), "not the file"),
    ],
)
@pytest.mark.parametrize("make", [write_pack, zip_pack])
def test_an_incomplete_or_altered_pack_is_refused(
    tmp_path: Path,
    models: Path,
    make: Callable[[Path, dict[str, bytes]], object],
    change: Change,
    complaint: str,
) -> None:
    files = pack_files()
    change(files)
    with contextlib.suppress(PackError):  # whoever writes a folder also reads its description
        make(tmp_path / "pack", files)
    refused(tmp_path / "pack", complaint)
    assert not models.exists()


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        (pack_files(image=network("custom_operator")), "operators of its own"),
        (pack_files(image=network("inner_operator")), "operators of its own"),
        (pack_files(text=network("custom_operator")), "operators of its own"),
        (pack_files(image=network("external_data")), "cannot be opened"),
        (pack_files(image=network("planes_first")), "failed on a picture"),
        (pack_files(image=network("float_input")), "uint8"),
        (pack_files(image=network("not_finite")), "unit length"),
        (pack_files(image=network("not_unit_length")), "unit length"),
        (pack_files(image=network("text")), "uint8"),
        (pack_files(image=b"MZ not a network"), "cannot be opened"),
        (pack_files(text=network("text_not_finite")), "without a direction"),
        (pack_files(text=network("text_zero")), "without a direction"),
        (pack_files(text=network("text_two_outputs")), "one float32 vector"),
        (pack_files(text=network("text_float_ids")), "int64"),
        (pack_files(text=network("sound")), "int64"),
        (pack_files(dimension=7), "7"),
        (pack_files(tokenizer=b"{}"), "cannot be read"),
        (pack_files(tokenizer=word_list(), kind="bpe"), "cannot be read"),
    ],
)
def test_a_pack_that_does_not_work_is_refused(
    tmp_path: Path, models: Path, files: dict[str, bytes], complaint: str
) -> None:
    refused(zip_pack(tmp_path / "pack.zip", files), complaint)
    assert not models.exists()


def test_the_old_pack_stays_when_the_new_one_is_bad(tmp_path: Path) -> None:
    install_pack(str(zip_pack(tmp_path / "good.zip")))
    before = find_pack("colours")
    refused(zip_pack(tmp_path / "bad.zip", pack_files(text=network("text_zero"))), "without a direction")
    assert find_pack("colours") == before
    assert left_behind() == INSTALLED


def test_a_new_version_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    install_pack(str(zip_pack(tmp_path / "old.zip")))
    new = pack_files(text=b"")
    new["pack.toml"] = new["pack.toml"].replace(b'version = "1"', b'version = "2"')
    assert install_pack(str(zip_pack(tmp_path / "new.zip", new))).version == "2"
    assert find_pack("colours").version == "2"
    assert left_behind() == [name for name in INSTALLED if name not in {"colours/text.onnx", "colours/tokenizer"}]


def test_something_broken_in_the_packs_place_is_replaced(tmp_path: Path, models: Path) -> None:
    (models / "colours").mkdir(parents=True)
    (models / "colours" / "pack.toml").write_text("?")
    install_pack(str(zip_pack(tmp_path / "pack.zip")))
    assert left_behind() == INSTALLED


def test_a_replacement_that_fails_half_way_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_pack(str(zip_pack(tmp_path / "pack.zip")))
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.name.startswith("new-"):
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageError, match="Permission denied"):
        install_pack(str(tmp_path / "pack.zip"))
    assert left_behind() == INSTALLED


def test_a_replacement_that_died_half_way_is_undone_the_next_time(tmp_path: Path, models: Path) -> None:
    install_pack(str(zip_pack(tmp_path / "pack.zip")))
    (models / ".staging" / "new-dead").mkdir(parents=True)
    (models / ".staging" / "new-dead" / "image.onnx").write_bytes(b"half")
    (models / "colours").rename(models / ".staging" / "old-colours")
    refused(tmp_path / "none.zip", "no folder")
    assert list_packs(models)[0] == []
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    refused(tmp_path / "bad.zip", "not a zip file")
    assert left_behind() == INSTALLED


@pytest.mark.parametrize("stage", ["unpack", "check"])
def test_stopping_leaves_nothing(tmp_path: Path, models: Path, stage: str) -> None:
    seen: list[PackProgress] = []
    with pytest.raises(InstallStopped):
        install_pack(
            str(zip_pack(tmp_path / "pack.zip")),
            report=seen.append,
            cancelled=lambda: bool(seen) and seen[-1].stage == stage,
        )
    assert not models.exists()


def test_a_listener_that_fails_leaves_nothing(tmp_path: Path, models: Path) -> None:
    def fail(progress: PackProgress) -> None:
        raise KeyboardInterrupt(progress)

    with pytest.raises(KeyboardInterrupt):
        install_pack(str(zip_pack(tmp_path / "pack.zip")), report=fail)
    assert not models.exists()


@pytest.mark.parametrize(
    ("source", "sha256", "complaint"),
    [
        ("x" * 5000, None, "no folder or zip file"),
        ("none.zip", None, "no folder or zip file"),
        ("", None, "no folder or zip file"),
        ("a\0b", None, "no folder or zip file"),
        ("pack.zip", "0" * 64, "expected checksum"),
        ("pack.zip", "0" * 63, "64 digits"),
        ("pack.zip", "", "64 digits"),
        ("folder", "0" * 64, "a folder has none"),
        ("pipe", None, "no folder or zip file"),
        ("secret.zip", None, "cannot be read"),
    ],
)
def test_a_source_that_is_none(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch, source: str, sha256: str | None, complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    zip_pack(tmp_path / "pack.zip")
    write_pack(tmp_path / "folder")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret.zip").touch(mode=0)
    if source == "secret.zip" and os.access("secret.zip", os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(PackError, match=complaint):
        install_pack(source, sha256=sha256)
    assert not models.exists()


def test_no_room(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(StorageError, match="no room"):
        install_pack(str(zip_pack(tmp_path / "pack.zip")))
    assert not models.exists()


def test_models_cannot_be_stored(tmp_path: Path, models: Path) -> None:
    models.parent.mkdir(parents=True)
    models.write_text("a file in the place of the folder")
    with pytest.raises(StorageError, match="Cannot store model packs"):
        install_pack(str(zip_pack(tmp_path / "pack.zip")))


def test_one_installation_at_a_time(tmp_path: Path) -> None:
    with open_workshop(), pytest.raises(PackError, match="Another photofind"):
        install_pack(str(zip_pack(tmp_path / "pack.zip")))
    install_pack(str(tmp_path / "pack.zip"))


def test_the_bundled_packs_are_not_touched(tmp_path: Path) -> None:
    before = sorted(path.stat().st_mtime_ns for path in paths.bundled_models().glob("*/*"))
    install_pack(str(zip_pack(tmp_path / "pack.zip")))
    assert sorted(path.stat().st_mtime_ns for path in paths.bundled_models().glob("*/*")) == before


def refused(path: Path, complaint: str) -> None:
    """Check that installing fails with one sentence that does not speak of places nobody knows."""
    with pytest.raises(PackError) as caught:
        install_pack(str(path))
    message = str(caught.value)
    assert complaint in message
    assert "\n" not in message
    assert ".staging" not in message
    assert len(message) < 400
