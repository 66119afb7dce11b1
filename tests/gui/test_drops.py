"""What is read from a drop or the clipboard."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from photofind.gui.drops import Scratch, can_be_read, parted, read_drop


def urls(*addresses: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(address) for address in addresses])
    return mime


def uri_list(data: bytes) -> QMimeData:
    mime = QMimeData()
    mime.setData("text/uri-list", data)
    return mime


def html(text: str) -> QMimeData:
    mime = QMimeData()
    mime.setHtml(text)
    return mime


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a b.jpg").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    drop = read_drop(urls(*(QUrl.fromLocalFile(str(tmp_path / name)).toString() for name in ("a b.jpg", "folder"))))
    assert parted(drop.paths) == ([str(tmp_path / "a b.jpg")], [str(tmp_path / "folder")])


def test_names_that_are_no_unicode_are_found(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.jpg"
    try:
        Path(os.fsdecode(name)).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system has no such names")
    for head in (b"file://", b"file://localhost"):
        drop = read_drop(uri_list(head + quote_from_bytes(name).encode() + b"\r\n"))
        assert [os.fsencode(path) for path in drop.paths] == [name]


def test_a_file_that_is_dropped_twice_counts_once(tmp_path: Path) -> None:
    address = QUrl.fromLocalFile(str(tmp_path / "a.jpg")).toString()
    assert read_drop(urls(address, address)).paths == (str(tmp_path / "a.jpg"),)


def test_files_come_before_pixels(tmp_path: Path) -> None:
    mime = urls(QUrl.fromLocalFile(str(tmp_path / "a.jpg")).toString())
    mime.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    drop = read_drop(mime)
    assert drop.paths == (str(tmp_path / "a.jpg"),)
    assert drop.image is None


def test_pixels_come_before_addresses() -> None:
    mime = urls("https://example.org/page")
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    mime.setImageData(image)
    drop = read_drop(mime)
    assert drop.image is not None
    assert (drop.image.width(), drop.url) == (3, None)


def test_the_source_of_a_picture_comes_before_the_page_it_links_to() -> None:
    mime = urls("https://example.org/page.html")
    mime.setHtml('<a href="https://example.org/page.html"><img alt="" src="https://example.org/x.jpg?a=1&amp;b=2"></a>')
    assert read_drop(mime).url == "https://example.org/x.jpg?a=1&b=2"


def test_a_dragged_address() -> None:
    assert read_drop(urls("https://example.org/x.jpg")).url == "https://example.org/x.jpg"


def test_a_picture_inside_the_page_needs_no_network() -> None:
    data = base64.b64encode(b"\xff\xd8picture").decode()
    assert read_drop(html(f'<img src="data:image/jpeg;base64,{data}">')).data == b"\xff\xd8picture"


@pytest.mark.parametrize(
    "mime",
    [
        QMimeData(),
        html("<p>words</p>"),
        html('<img src="data:image/png;base64,%%%">'),
        html('<img src="data:text/html,x">'),
        html('<img src="data:image/png">'),
        urls("ftp://example.org/x.jpg"),
        urls("javascript:alert(1)"),
        urls("https:///nohost.jpg"),
        urls("https://example.org/" + "x" * 5000),
        urls("file:///photos/nul%00.jpg"),
        uri_list(b"\xff\xfe\x00nonsense\r\nhttp://\r\nfoo:bar\r\nhttp://[::1\r\n"),
        html("<img alt=x>" * 100_000),
        html("<img " * 100_000),
        html('<img src="' + "x" * 100_000),
    ],
)
def test_junk_is_an_empty_drop(mime: QMimeData) -> None:
    assert read_drop(mime).is_empty


def test_plain_text_is_nothing_to_drop() -> None:
    mime = QMimeData()
    mime.setText("hello")
    assert not can_be_read(mime)
    assert read_drop(mime).is_empty


def test_a_temporary_file_is_kept_before_its_owner_removes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    theirs = tmp_path / "tmp" / "drag.png"
    theirs.write_bytes(b"png")
    scratch = Scratch()
    (kept,) = scratch.keep([str(theirs)])
    theirs.unlink()
    assert Path(kept).read_bytes() == b"png"
    assert os.path.basename(kept) == "drag.png"
    scratch.close()
    assert not Path(kept).exists()


def test_a_lasting_file_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    assert Scratch().keep([str(tmp_path / "photo.jpg")]) == [str(tmp_path / "photo.jpg")]


def test_large_temporary_files_and_what_is_no_file_are_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    small, film, another = tmp_path / "small.jpg", tmp_path / "film.mov", tmp_path / "another.jpg"
    small.write_bytes(b"x" * (1 << 20))
    another.write_bytes(b"y")
    with film.open("wb") as file:
        file.truncate(1 << 30)
    gone = tmp_path / "gone.jpg"
    paths = [str(path) for path in (small, film, gone, tmp_path, another)]
    scratch = Scratch()
    kept = scratch.keep(paths)
    assert [path == before for path, before in zip(kept, paths, strict=True)] == [False, True, True, True, False]
    scratch.close()


def test_pixels_are_stored_no_larger_than_a_search_could_use() -> None:
    scratch = Scratch()
    image = QImage(8192, 4096, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    stored = scratch.store_image(image)
    assert stored is not None
    assert (QImage(stored).width(), QImage(stored).height()) == (2048, 1024)
    scratch.close()


def test_scratch_holds_pixels_and_bytes_until_it_is_closed() -> None:
    scratch = Scratch()
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    stored = scratch.store_image(image)
    assert stored is not None
    assert QImage(stored).pixelColor(0, 0) == QColor("blue")
    assert Path(scratch.store_bytes(b"abc")).read_bytes() == b"abc"
    folder = os.path.dirname(os.path.dirname(stored))
    scratch.close()
    assert not Path(folder).exists()
