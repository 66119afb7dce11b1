"""Facts of two photos beside each other, and the table of them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from photofind.core.details import read_details
from photofind.core.imaging import DecodeLimits
from photofind.core.records import FileStamp, PhotoFacts
from photofind.gui.preview.details import WrappingText
from photofind.gui.review.compare.fact_delta import FactPair, fact_delta
from photofind.gui.review.compare.fact_table import FactTable
from tests.gui.review.compare.conftest import Copies, member


def by_name(facts: list[FactPair]) -> dict[str, tuple[str, str]]:
    return {fact.name: (fact.first, fact.second) for fact in facts if fact.differs}


def test_what_differs_and_what_is_equal() -> None:
    first = member("a.jpg", size=(4000, 3000))
    second = replace(member("b.png", size=(400, 300), kind="PNG"), stamp=FileStamp(2_500_000, 0, 0))
    facts = fact_delta(first, second)
    differing = by_name(facts)
    assert list(differing) == ["Name", "Size", "Format", "File size"]
    assert differing["Name"] == ("a.jpg", "b.png")
    assert differing["Format"] == ("JPEG", "PNG")
    assert differing["File size"] == ("1.0 kB", "2.5 MB")
    assert [fact.name for fact in facts if not fact.differs] == ["Folder", "Modified"]


def test_what_only_one_tells() -> None:
    first = member("a.jpg")
    facts = PhotoFacts("JPEG", 900, 600, "2023-05-14T11:20:00", "Canon EOS R6", latitude=52.5, longitude=13.4)
    second = replace(member("a.jpg"), facts=facts)
    for pair, side in (((first, second), 1), ((second, first), 0)):
        differing = by_name(fact_delta(*pair))
        assert list(differing) == ["Taken", "Camera", "Place"]
        assert all(texts[side] and not texts[1 - side] for texts in differing.values())


def test_facts_of_headers_wait_for_both(copies: Copies) -> None:
    first, second = copies.member("original.jpg"), copies.member("reencoded.jpg")
    limits = DecodeLimits.of(megapixels=100, megabytes=100)
    details = read_details(first.path, limits), read_details(second.path, limits)
    assert "Aperture" not in by_name(fact_delta(first, second, (details[0], None)))
    assert by_name(fact_delta(first, second, details))["Aperture"] == ("f/2.8", "")


def page_of(table: FactTable) -> QWidget:
    page = table.widget()
    assert page is not None
    return page


def texts(table: FactTable) -> list[str]:
    return [text.toPlainText() for text in page_of(table).findChildren(WrappingText)]


def test_equal_facts_are_folded_until_they_are_wanted(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    table.set_facts(
        [FactPair("Name", "a", "b"), FactPair("Camera", "", "X100"), FactPair("Size", "1", "1")], ("A", "B")
    )
    assert texts(table) == ["a", "b", "\N{EM DASH}", "X100"]
    assert [label.text() for label in page_of(table).findChildren(QLabel)][:2] == ["A", "B"]
    button = page_of(table).findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert button.text() == "1 equal fact"
    button.click()
    assert table.is_unfolded
    assert texts(table)[-2:] == ["1", "1"]
    table.set_facts([FactPair("Name", "a", "a"), FactPair("Size", "1", "1")], ("A", "B"))
    assert table.differing == []
    assert texts(table) == ["a", "a", "1", "1"]
