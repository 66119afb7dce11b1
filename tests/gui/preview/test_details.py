"""The facts about a photo as a form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from photofind.core.details import PhotoDetails
from photofind.core.records import ContentId, PhotoFacts, PhotoId, PhotoRecord
from photofind.gui.preview.details import DetailsPanel, WrappingText

FACTS = PhotoFacts(
    "JPEG", 4032, 3024, "2023-07-12T12:34:56", "Canon EOS 40D", "EF-S 17-55mm f/2.8", 48.858333, -2.294444
)


@pytest.fixture(autouse=True)
def _english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English))


def record(facts: PhotoFacts = FACTS, path: str = "/photos/summer/beach.jpg", size: int = 3_412_345) -> PhotoRecord:
    return PhotoRecord(PhotoId(1), ContentId(1), path, size, 1_700_000_000_000_000_000, offline=False, facts=facts)


def details(**changed: Any) -> PhotoDetails:
    told = PhotoDetails(
        path="/photos/summer/beach.jpg",
        size=3_412_345,
        mtime_ns=1_700_000_000_000_000_000,
        facts=FACTS,
        orientation=1,
        exposure="1/250 s",
        aperture="f/2.8",
        iso=200,
        focal_length=35.0,
        focal_length_35mm=56.0,
        flash=False,
        software="Darkroom 3",
        altitude=35.2,
    )
    return replace(told, **changed)


@pytest.fixture
def panel(qtbot: QtBot) -> DetailsPanel:
    made = DetailsPanel()
    qtbot.addWidget(made)
    made.resize(made.width(), 600)
    with qtbot.waitExposed(made):
        made.show()
    return made


def shown(panel: DetailsPanel) -> dict[str, str]:
    return {row.name: row.text for row in panel.rows}


def test_all_that_the_library_knows(panel: DetailsPanel) -> None:
    panel.show_photo(record())
    facts = shown(panel)
    assert facts.pop("Modified").startswith("1")  # the day depends on the time zone
    assert facts == {
        "Name": "beach.jpg",
        "Folder": "/photos/summer",
        "Taken": "12 July 2023, 12:34",
        "Camera": "Canon EOS 40D",
        "Lens": "EF-S 17-55mm f/2.8",
        "Place": "48.8583° N, 2.2944° W",
        "Size": "4032 × 3024 pixels (12.2 MP)",  # noqa: RUF001 - as it is shown
        "Format": "JPEG",
        "File size": "3.4 MB",
    }


def test_what_the_file_says_beyond_that(panel: DetailsPanel) -> None:
    panel.show_photo(record(), details())
    facts = shown(panel)
    assert list(facts)[5:12] == ["Exposure", "Aperture", "ISO", "Focal length", "Flash", "Place", "Altitude"]
    assert [facts[name] for name in list(facts)[5:10]] == [
        "1/250 s",
        "f/2.8",
        "200",
        "35 mm (like 56 mm on film)",
        "Did not fire",
    ]
    assert facts["Altitude"] == "35 m"
    assert facts["Software"] == "Darkroom 3"


def test_the_file_knows_better_than_the_library(panel: DetailsPanel) -> None:
    panel.show_photo(record(), details(size=5_000_000, facts=replace(FACTS, width=100, height=100)))
    facts = shown(panel)
    assert facts["File size"] == "5.0 MB"
    assert facts["Size"] == "100 × 100 pixels (0.01 MP)"  # noqa: RUF001 - as it is shown


def test_what_the_file_does_not_say_has_no_row(panel: DetailsPanel) -> None:
    silent = details(
        exposure=None,
        aperture=None,
        iso=None,
        focal_length=None,
        focal_length_35mm=28.0,
        flash=None,
        software=None,
        altitude=None,
    )
    panel.show_photo(record())
    before = list(shown(panel))
    panel.show_photo(record(), silent)
    assert list(shown(panel)) == before


def test_a_focal_length_that_is_the_same_on_film_is_told_once(panel: DetailsPanel) -> None:
    panel.show_photo(record(), details(focal_length=50.0, focal_length_35mm=50.0))
    assert shown(panel)["Focal length"] == "50 mm"


def test_what_is_missing_has_no_row(panel: DetailsPanel) -> None:
    panel.show_photo(record(PhotoFacts("PNG", 0, 0), size=512))
    facts = shown(panel)
    assert set(facts) == {"Name", "Folder", "Format", "File size", "Modified"}
    assert facts["File size"] == "512 bytes"


def test_without_a_photo_there_is_nothing(panel: DetailsPanel) -> None:
    panel.show_photo(record())
    panel.show_photo(None)
    assert panel.rows == []


def test_a_hidden_form_is_made_when_it_is_shown(panel: DetailsPanel) -> None:
    panel.hide()
    panel.show_photo(record())
    assert panel.findChildren(WrappingText) == []
    panel.show()
    assert len(panel.findChildren(WrappingText)) == len(panel.rows)


def test_the_coordinates_can_be_copied(panel: DetailsPanel) -> None:
    panel.show_photo(record())
    [button] = panel.findChildren(QToolButton)
    assert button.accessibleName() == "Copy the coordinates"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "48.858333, -2.294444"


def test_a_name_that_is_no_text(panel: DetailsPanel) -> None:
    panel.show_photo(record(path="/photos/b\udcffd/\udce9t\udce9.jpg"))
    assert shown(panel)["Name"] == "\N{REPLACEMENT CHARACTER}t\N{REPLACEMENT CHARACTER}.jpg"
    assert shown(panel)["Folder"] == "/photos/b\N{REPLACEMENT CHARACTER}d"


def test_a_long_path_is_broken_and_seen_in_full(panel: DetailsPanel, qtbot: QtBot) -> None:
    panel.show_photo(record(path="/" + "very_long_folder_name" * 10 + "/a.jpg"))
    texts = {text.accessibleName(): text for text in panel.findChildren(WrappingText)}
    line = texts["Name"].height()
    qtbot.waitUntil(lambda: texts["Folder"].height() > 4 * line, timeout=10_000)
    assert texts["Folder"].toPlainText() == "/" + "very_long_folder_name" * 10


def test_a_text_can_be_selected_and_copied(panel: DetailsPanel) -> None:
    panel.show_photo(record())
    text = next(text for text in panel.findChildren(WrappingText) if text.accessibleName() == "Camera")
    QTest.mouseDClick(text.viewport(), Qt.MouseButton.LeftButton)
    QTest.keyClick(text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Canon EOS 40D"
    assert text.isReadOnly()
