"""The comparison over a real library: pictures, words and facts as they come, and every command."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from photofind.gui import theme
from photofind.gui.review import commands as review_commands
from photofind.gui.review.compare import commands, differing
from photofind.gui.review.compare.differing import FoundDifference
from photofind.gui.review.compare.modes import CompareMode
from photofind.gui.review.compare.view import CompareView
from tests.gui.review.compare.conftest import EVIDENCE, SIZE, WAIT_MS, Copies, OpenView, rgb

SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


def press(view: CompareView, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> bool:
    return view.take_key(QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


def compare(qtbot: QtBot, view: CompareView, copies: Copies, name: str) -> None:
    """Compare the original with a copy and wait until both are read, or one cannot be."""
    view.set_pair(copies.member("original.jpg"), copies.member(name))
    qtbot.waitUntil(
        lambda: all(side.message or (side.is_decoded and side.details) for side in view.sides), timeout=WAIT_MS
    )


def difference(qtbot: QtBot, view: CompareView) -> FoundDifference:
    """Go to what differs and wait until all pixels are compared."""
    heard: list[FoundDifference] = []
    view.compared.connect(heard.append)
    view.set_mode(CompareMode.DIFFERENCE)
    qtbot.waitUntil(lambda: bool(heard) and heard[-1].is_whole, timeout=WAIT_MS)
    view.compared.disconnect(heard.append)
    return heard[-1]


@pytest.fixture
def view(open_view: OpenView) -> CompareView:
    return open_view()


def test_both_photos_come_with_words_and_facts(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    view.set_roles("kept", "to the trash")
    compare(qtbot, view, copies, "crop.png")
    assert [side.size.toTuple() for side in view.sides] == [SIZE, (480, 360)]
    assert all(shown.picture is side.picture for shown, side in zip(view.pair.views, view.sides, strict=True))
    assert view.verdict.sentence.text() == "Cropped: B shows 32 % of A."
    assert "similarity 0.900" in view.verdict.evidence.text()
    assert view.pair.titles[1].text().startswith("B  ·  to the trash  ·  crop.png  ·  480")
    differing_facts = {fact.name: (fact.first, fact.second) for fact in view.facts.differing}
    assert differing_facts["Camera"] == ("Canon EOS R6", "")
    assert differing_facts["Aperture"] == ("f/2.8", "")
    assert "Folder" in [fact.name for fact in view.facts.equal]


def test_evidence_is_unfolded_on_demand(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "crop.png")
    assert not view.verdict.evidence.isVisible()
    view.verdict.button.click()
    assert view.verdict.evidence.isVisible()


def test_no_pixel_of_the_same_file_differs(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "same.jpg")
    found = difference(qtbot, view)
    assert found.is_identical
    assert view.legend.sentence.text() == "No pixel differs."
    assert view.legend.isVisible()
    assert rgb(found.picture.levels[0]).max() == 0


def test_what_was_drawn_on_a_copy_glows(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "written.png")
    found = difference(qtbot, view)
    assert not found.is_identical
    shown = rgb(found.picture.levels[0]).sum(axis=2)
    assert (shown[105:155, 105:195] > 60).mean() > 0.9
    assert (shown[200:, :] == 0).all()
    assert view.legend.sentence.text().startswith("Brightness differs by ")


@pytest.mark.parametrize("name", ["mirrored.png", "turned.png", "lying.jpg", "small.png", "reencoded.jpg"])
def test_copies_lie_on_their_original(qtbot: QtBot, view: CompareView, copies: Copies, name: str) -> None:
    compare(qtbot, view, copies, name)
    found = difference(qtbot, view)
    assert found.measured.mean < 0.02
    assert not found.is_identical or name in ("turned.png", "lying.jpg")
    if name == "mirrored.png":
        assert found.measured.most < 0.02
        assert found.measured.shared == pytest.approx(0.32, abs=0.01)
        assert rgb(found.picture.levels[0])[550, 50].tolist() == [128, 128, 128]


def test_another_shot_differs_and_is_not_called_aligned(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "shot.jpg")
    found = difference(qtbot, view)
    assert found.measured.mean > 0.05
    assert "not known" in view.legend.sentence.text()
    assert view.verdict.sentence.text().startswith("Similar shot")


def test_differences_are_shown_stronger(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "reencoded.jpg")
    weak = difference(qtbot, view)
    shades = [rgb(weak.picture.levels[0]).mean()]
    for gain in (4, 16, 1):
        with qtbot.waitSignal(view.compared, timeout=WAIT_MS) as compared:
            assert press(view, Qt.Key.Key_G)
        assert view.gain == gain
        assert compared.args is not None
        assert compared.args[0].measured is weak.measured  # not computed again
        shades.append(rgb(compared.args[0].picture.levels[0]).mean())
    assert shades[0] < shades[1] < shades[2]
    assert shades[3] == shades[0]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("gone.png", "This file is not there any more: "), ("broken.png", "This photo cannot be shown: ")],
)
def test_a_lost_file_is_told_over_its_thumbnail(
    qtbot: QtBot, view: CompareView, copies: Copies, name: str, sentence: str
) -> None:
    compare(qtbot, view, copies, name)
    assert view.sides[1].message.startswith(sentence)
    assert view.pair.messages[1].text().startswith(sentence)
    assert view.pair.messages[1].isVisible()
    assert not view.pair.messages[0].isVisible()
    qtbot.waitUntil(lambda: view.pair.views[1].picture is not None, timeout=WAIT_MS)
    view.set_mode(CompareMode.DIFFERENCE)
    assert view.message.isVisible()
    assert view.legend.sentence.text() == ""
    view.set_mode(CompareMode.SIDE)
    compare(qtbot, view, copies, "crop.png")  # the next pair is none the worse for it
    assert not view.pair.messages[1].isVisible()
    assert not view.message.text()


def test_the_newest_pair_wins(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    first = copies.member("original.jpg")
    view.set_mode(CompareMode.DIFFERENCE)
    for name in [*EVIDENCE, "small.png"]:
        view.set_pair(first, copies.member(name))
    heard: list[FoundDifference] = []
    view.compared.connect(heard.append)
    qtbot.waitUntil(lambda: bool(heard) and heard[-1].is_whole, timeout=WAIT_MS)
    assert view.sides[1].size.toTuple() == (450, 300)
    assert all(found.measured.levels.shape == (300, 450) for found in heard)
    assert view.verdict.sentence.text().startswith("Resized")


def test_the_last_pair_s_difference_does_not_come_late(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "written.png")
    difference(qtbot, view)
    heard: list[FoundDifference] = []
    view.compared.connect(heard.append)
    view.set_gain(16)
    view.set_pair(copies.member("original.jpg"), copies.member("small.png"))
    assert view.legend.sentence.text() == "The photos are being read …"
    qtbot.waitUntil(lambda: bool(heard) and heard[-1].is_whole, timeout=WAIT_MS)
    assert {found.measured.levels.shape for found in heard} == {(300, 450)}


def test_another_palette_colours_the_difference_anew(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "same.jpg")
    found = difference(qtbot, view)
    with qtbot.waitSignal(view.compared, timeout=WAIT_MS) as compared:
        view.setPalette(theme.palette(dark=not theme.is_dark(view.palette())))
    assert compared.args is not None
    assert compared.args[0].measured is found.measured


def test_the_reference_is_not_read_again_for_the_next_member(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "crop.png")
    picture = view.sides[0].picture
    view.set_pair(copies.member("original.jpg"), copies.member("small.png"))
    assert view.sides[0].picture is picture
    assert view.pair.views[0].picture is picture


def test_cleared_it_shows_nothing_and_does_nothing(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "crop.png")
    difference(qtbot, view)
    view.clear()
    assert [shown.picture for shown in view.pair.views] == [None, None]
    assert view.plane.picture is None
    assert view.verdict.sentence.text() == ""
    assert view.facts.differing == []
    assert not press(view, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: all(side.loader.remembered() == [] for side in view.sides), timeout=WAIT_MS)
    compare(qtbot, view, copies, "crop.png")
    assert all(side.is_decoded for side in view.sides)


def test_keys_change_the_mode_and_it_is_told(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "same.jpg")
    told: list[CompareMode] = []
    view.mode_changed.connect(told.append)
    for key, mode in (
        (Qt.Key.Key_O, CompareMode.OVERLAY),
        (Qt.Key.Key_B, CompareMode.BLINK),
        (Qt.Key.Key_D, CompareMode.DIFFERENCE),
        (Qt.Key.Key_S, CompareMode.SIDE),
    ):
        assert press(view, key)
        assert view.mode is mode
        assert [other for other in CompareMode if view.tools[other].isChecked()] == [mode]
        assert view.pair.isVisible() == (mode is CompareMode.SIDE)
        assert view.legend.isVisible() == (mode is CompareMode.DIFFERENCE)
    assert told == [CompareMode.OVERLAY, CompareMode.BLINK, CompareMode.DIFFERENCE, CompareMode.SIDE]


def test_a_key_pressed_again_swaps_or_blinks(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "same.jpg")
    press(view, Qt.Key.Key_S)
    assert view.swapped
    press(view, Qt.Key.Key_W)
    assert not view.swapped
    press(view, Qt.Key.Key_B)
    assert view.plane.front == 0
    press(view, Qt.Key.Key_B)
    assert view.plane.front == 1


def test_keys_zoom_and_move(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "same.jpg")
    fitting = view.tools.zoom_text()
    assert press(view, Qt.Key.Key_Plus, SHIFT)  # as some keyboards write it
    assert view.tools.zoom_text() != fitting
    assert press(view, Qt.Key.Key_0)
    assert view.pair.zoom == view.pair.views[0].viewport.fit_zoom()
    assert view.tools.zoom_text() == fitting
    assert press(view, Qt.Key.Key_P)
    assert view.tools.zoom_text() == "100 %"
    before = view.pair.views[1].place.centre
    assert press(view, Qt.Key.Key_Right, SHIFT)
    assert view.pair.views[1].place.centre.x() > before.x()
    press(view, Qt.Key.Key_O)
    assert press(view, Qt.Key.Key_Left, SHIFT)
    assert view.plane.curtain.share < 0.5
    assert press(view, Qt.Key.Key_Minus)
    press(view, Qt.Key.Key_S)
    press(view, Qt.Key.Key_Z)
    assert not view.synced
    assert not view.tools["sync"].isChecked()


def test_all_pixels_are_read_once_the_zoom_needs_them(
    qtbot: QtBot, copies: Copies, open_view: OpenView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photofind.gui.review.compare.view._LEAST_AREA", 1)
    view = open_view()
    view.resize(420, 420)
    view.set_facts_visible(on=False)
    compare(qtbot, view, copies, "same.jpg")
    assert not any(side.picture is None or side.picture.complete for side in view.sides)
    view.do("pixels")
    qtbot.waitUntil(lambda: all(s.picture is not None and s.picture.complete for s in view.sides), timeout=WAIT_MS)


def test_facts_are_shown_or_not(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "same.jpg")
    with qtbot.waitSignal(view.facts_toggled) as toggled:
        press(view, Qt.Key.Key_I)
    assert toggled.args == [False]
    assert not view.facts.isVisible()
    assert not view.tools["facts"].isChecked()


def test_photos_too_large_for_a_full_comparison_are_said_to_be(
    qtbot: QtBot, view: CompareView, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photofind.gui.preview.loader.AFFORDABLE_PIXELS", 100_000)
    monkeypatch.setattr(differing, "MOST_PIXELS", 50_000)
    compare(qtbot, view, copies, "same.jpg")
    with qtbot.waitSignal(view.compared, timeout=WAIT_MS) as compared:
        view.set_mode(CompareMode.DIFFERENCE)
    assert compared.args is not None
    found = compared.args[0]
    assert found.measured.levels.size <= 51_000
    assert not found.is_whole
    assert "at this size" in view.legend.sentence.text()


def test_no_key_is_the_page_s_own() -> None:
    for command in commands.COMMANDS:
        for key in command.keys:
            bound, modifiers = (key, NONE) if isinstance(key, Qt.Key) else (key.key(), key.keyboardModifiers())
            assert commands.command_for(bound, modifiers) == command.key
            assert review_commands.command_for(bound, modifiers) is None


def test_every_command_does_something_and_has_its_icon(qtbot: QtBot, view: CompareView, copies: Copies) -> None:
    compare(qtbot, view, copies, "same.jpg")
    assert view.commands() == commands.COMMANDS
    for command in commands.COMMANDS:
        view.do(command.key)
        assert not command.icon or not theme.icon(command.icon).isNull()
        assert command.label() in command.hint()
