"""Judging pairs: which are asked about, the keys, what is stored at once, and what the answers change."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore, Label
from photofind.core.catalog.pairs import PAIRS_FILE, PairStore
from photofind.core.evidence import Evidence, Pair, Verdict
from photofind.core.records import ContentId
from photofind.gui.review.dialogs.label_pairs import LibraryLabels, hash_pair, pairs_in_doubt
from photofind.gui.review.dialogs.labels import LabelDialog
from photofind.gui.searching import SearchLink
from tests.support.gallery import Gallery

_WAIT = 30_000


@pytest.fixture
def searched(fresh_gallery: Gallery) -> Gallery:
    """A library in which pairs with many scores were found, and one whose pixels are the same."""
    _find(fresh_gallery, 60)
    return fresh_gallery


def _find(gallery: Gallery, count: int) -> None:
    with gallery.open() as library:
        pack = library._catalog.active_pack()
        contents = sorted({int(tile.content_id) for tile in library.tiles(library.list_photos().photo_ids.tolist())})
    assert pack is not None
    chosen = list(itertools.islice(itertools.combinations(contents, 2), count + 1))
    with PairStore.open(gallery.library / PAIRS_FILE, writable=True) as store:
        scores = [number / count for number in range(count)]
        found = [
            Pair(ContentId(a), ContentId(b), Evidence(Verdict.EDITED if score > 0.5 else Verdict.SIMILAR, score))
            for (a, b), score in zip(chosen, scores, strict=False)
        ]
        same = Pair(ContentId(chosen[-1][0]), ContentId(chosen[-1][1]), Evidence(Verdict.SAME_PICTURE, 1.0))
        store.settle(pack.key, [*found, same])


def _labels(gallery: Gallery) -> list[Label]:
    with DecisionStore.open(gallery.library / DECISIONS_FILE) as decisions:
        return decisions.labels()


@pytest.fixture
def link(searched: Gallery) -> Iterator[SearchLink]:
    made = SearchLink(searched.library, searched.settings)
    yield made
    made.close()


@pytest.fixture
def dialog(searched: Gallery, link: SearchLink, qtbot: QtBot) -> LabelDialog:
    made = LabelDialog(LibraryLabels(link.ask), searched.settings)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    qtbot.waitUntil(made.yes.isVisible, timeout=_WAIT)
    return made


def test_pairs_in_doubt_are_asked_about(searched: Gallery) -> None:
    with searched.open() as library:
        found = pairs_in_doubt(library)
    scores = [pair.score for pair in found.pairs]
    assert len(scores) == 20
    assert scores == sorted(scores, reverse=True)
    assert 0.9 < scores[0] < 1
    assert scores[-1] < 0.1


def test_what_was_judged_is_not_asked_again(searched: Gallery) -> None:
    with searched.open() as library:
        first = pairs_in_doubt(library).pairs
        with DecisionStore.open(searched.library / DECISIONS_FILE) as decisions:
            for pair in first:
                decisions.add_label(*hash_pair(pair), is_copy=True, score=pair.score)
        second = pairs_in_doubt(library).pairs
    assert len(second) == 20
    assert not {hash_pair(pair) for pair in first} & {hash_pair(pair) for pair in second}


def test_answers_are_given_by_keys_and_stored_at_once(dialog: LabelDialog, searched: Gallery, qtbot: QtBot) -> None:
    assert dialog.place.text() == "1 of 20"
    QTest.keyClick(dialog, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: len(_labels(searched)) == 1, timeout=_WAIT)
    assert dialog.place.text() == "2 of 20"
    QTest.keyClick(dialog, Qt.Key.Key_N)
    QTest.keyClick(dialog, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: len(_labels(searched)) == 2, timeout=_WAIT)
    assert dialog.place.text() == "4 of 20"
    assert sorted(label.is_copy for label in _labels(searched)) == [False, True]


def test_a_button_does_not_take_the_keys_away(dialog: LabelDialog, searched: Gallery, qtbot: QtBot) -> None:
    dialog.yes.click()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_N)
    qtbot.waitUntil(lambda: len(_labels(searched)) == 2, timeout=_WAIT)
    assert dialog.place.text() == "3 of 20"


def test_one_goes_back_and_answers_anew(dialog: LabelDialog, searched: Gallery, qtbot: QtBot) -> None:
    assert not dialog.back_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Y)
    QTest.keyClick(dialog, Qt.Key.Key_Left)
    assert dialog.place.text() == "1 of 20"
    assert "yes" in dialog.said.text()
    QTest.keyClick(dialog, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: [label.is_copy for label in _labels(searched)] == [False], timeout=_WAIT)


def test_both_photos_are_shown(dialog: LabelDialog, qtbot: QtBot) -> None:
    left, right = dialog.pictures.sides
    qtbot.waitUntil(lambda: left.view.picture is not None and right.view.picture is not None, timeout=_WAIT)
    assert left.name.text() != right.name.text()
    assert left.view.picture is not None
    assert left.view.picture.size.width() > 0


def test_a_photo_that_is_gone_is_said_to_be(
    searched: Gallery, link: SearchLink, dialog: LabelDialog, qtbot: QtBot
) -> None:
    dialog.done(0)
    with searched.open() as library:
        gone = pairs_in_doubt(library).pairs[0].first
    Path(gone.path).unlink()
    again = LabelDialog(LibraryLabels(link.ask), searched.settings)
    again.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: "cannot be read" in again.pictures.sides[0].problem.text(), timeout=_WAIT)
    assert again.yes.isEnabled()


def test_the_answers_change_what_is_expected(dialog: LabelDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.labelled, timeout=_WAIT):
        for _ in range(20):
            QTest.keyClick(dialog, Qt.Key.Key_N)
    assert dialog.outcome.isVisible()
    assert dialog.outcome.headline.text() == "20 pairs judged"
    table = dialog.outcome.table
    cells = [table.topLevelItem(row).text(1) for row in range(table.topLevelItemCount())]  # type: ignore[union-attr]
    assert len(cells) == 5
    assert any("\N{RIGHTWARDS ARROW}" in cell for cell in cells)
    with qtbot.assertNotEmitted(dialog.labelled):
        dialog.again.click()
        qtbot.waitUntil(dialog.yes.isVisible, timeout=_WAIT)
    assert dialog.place.text() == "1 of 20"


def test_closing_keeps_the_answers_so_far(searched: Gallery, link: SearchLink, qtbot: QtBot) -> None:
    dialog = LabelDialog(LibraryLabels(link.ask), searched.settings)  # not for qtbot to close: it deletes itself
    dialog.show()
    qtbot.waitUntil(dialog.yes.isVisible, timeout=_WAIT)
    dialog.yes.click()
    with qtbot.waitSignal(dialog.labelled, timeout=_WAIT):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(dialog), timeout=_WAIT)
    qtbot.waitUntil(lambda: [label.is_copy for label in _labels(searched)] == [True], timeout=_WAIT)


def test_without_pairs_there_is_a_word(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    link = SearchLink(fresh_gallery.library, fresh_gallery.settings)
    dialog = LabelDialog(LibraryLabels(link.ask), fresh_gallery.settings)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "no pairs in doubt" in dialog.looking.text(), timeout=_WAIT)
    assert dialog.yes.isHidden()
    QTest.keyClick(dialog, Qt.Key.Key_Y)
    link.close()
