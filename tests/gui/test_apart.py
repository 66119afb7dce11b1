"""The window and photos that take their decoder down: a sentence, and the window goes on."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from photofind.core.imaging import DecodeLimits, viewing
from photofind.gui.picture import chip_picture, picture_of_photo
from photofind.gui.preferences import Preferences
from tests.support.gallery import PHOTOS, Gallery
from tests.support.photos import put, slow_picture
from tests.support.processes import decoder_reading
from tests.support.waiting import until
from tests.support.windows import Opened

POSIX = pytest.mark.skipif(os.name != "posix", reason="looks at the open files of other processes")


@pytest.fixture
def fresh(qtbot: QtBot, fresh_gallery: Gallery, tmp_path: Path) -> Iterator[Opened]:
    """A window on a library that a test may change."""
    window = Opened(qtbot, fresh_gallery.library, fresh_gallery.settings, Preferences(tmp_path / "window.ini"))
    window.start(PHOTOS)
    yield window
    window.close()
    assert window.window.session.pictures.process_ids() == []


def _kill_who_reads(path: Path) -> threading.Thread:
    thread = threading.Thread(target=lambda: until(lambda: decoder_reading(str(path)), "it is read").kill())
    thread.start()
    return thread


@POSIX
def test_photos_that_kill_their_decoder(fresh: Opened, fresh_gallery: Gallery, tmp_path: Path) -> None:
    window = fresh.window
    deadly, sound = fresh_gallery.home / "25.jpg", fresh_gallery.home / "24.jpg"
    deadly.write_bytes(slow_picture())
    killer = _kill_who_reads(deadly)
    window.show_preview(fresh_gallery.id_of(deadly))
    fresh.until(lambda: window.preview.message.isVisible(), "the preview says what happened")
    assert window.preview.message.text().startswith("This photo cannot be shown: the decoder crashed on it")
    killer.join()
    window.show_preview(fresh_gallery.id_of(sound))
    fresh.until(lambda: window.preview.current_image() is not None, "the next photo is shown")
    assert not window.preview.message.isVisible()

    probe = put(tmp_path / "deadly probe.jpg", slow_picture())
    killer = _kill_who_reads(probe)
    window.intake.take_files([str(probe)])
    fresh.until(lambda: "the decoder crashed on it" in window.notices.text, "the search says what happened")
    assert "Cannot search by" in window.notices.text
    killer.join()
    fresh.search(lambda: window.intake.take_files([str(fresh_gallery.probe)]))
    assert len(fresh.ids()) == PHOTOS


def test_the_window_decodes_nothing_itself(
    opened: Opened, gallery: Gallery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a photo was decoded in the window's process")

    for name in ("decode_photo", "read_header"):
        monkeypatch.setattr(viewing, name, refuse)
    window = opened.window
    window.show_preview(opened.ids()[3])
    window.preview.set_details_visible(on=True)
    opened.until(lambda: window.preview.current_image() is not None, "the preview")
    path = put(tmp_path / "photo.jpg", gallery.probe.read_bytes())
    opened.search(lambda: window.intake.take_files([str(path)]))
    copied: list[QImage] = []
    limits = DecodeLimits.of(megapixels=10, megabytes=10)
    part = window.query_bar.chips[0].part
    window.session.searching.ask(
        lambda library: (
            picture_of_photo(library, opened.ids()[0], limits),
            chip_picture(library.pictures, part, limits, 20),
        ),
        copied.extend,
    )
    opened.until(lambda: len(copied) == 2, "the pictures of the clipboard and of the chip")
    assert window.notices.text == ""


def _suspend_who_reads(opened: Opened, path: Path) -> psutil.Process:
    """Let the decoder of a file hang, while the window goes on."""
    suspended: list[psutil.Process] = []

    def suspend() -> bool:
        decoder = decoder_reading(str(path))
        if decoder is not None:
            decoder.suspend()
            suspended.append(decoder)
        return bool(suspended)

    opened.until(suspend, "the decoder hangs")
    return suspended[0]


@POSIX
def test_nothing_waits_for_a_decoder_that_hangs(fresh: Opened, fresh_gallery: Gallery, tmp_path: Path) -> None:
    window = fresh.window
    hanging = fresh_gallery.home / "25.jpg"
    hanging.write_bytes(slow_picture())
    window.show_preview(fresh_gallery.id_of(hanging))
    first = _suspend_who_reads(fresh, hanging)
    window.show_preview(fresh_gallery.id_of(fresh_gallery.home / "21.jpg"))
    fresh.until(lambda: window.preview.current_image() is not None, "the next photo is shown")
    assert not psutil.pid_exists(first.pid)

    probe = put(tmp_path / "hanging probe.jpg", slow_picture())
    window.intake.take_files([str(probe)])
    _suspend_who_reads(fresh, probe)
    fresh.search(lambda: window.intake.take_files([str(fresh_gallery.probe)]))
    assert fresh.chips() == ["probe.jpg"]

    window.show_preview(fresh_gallery.id_of(hanging))
    last = _suspend_who_reads(fresh, hanging)
    fresh.close()  # it waits for nobody, and would fail if it did
    assert not psutil.pid_exists(last.pid)
