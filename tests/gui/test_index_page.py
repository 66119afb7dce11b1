"""The settings of the search index: what the fields accept and write, and that searches follow them at once."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from photofind.core.accuracy_file import write_accuracy
from photofind.core.catalog import Catalog
from photofind.core.errors import SettingsError
from photofind.core.queries import Query
from photofind.core.settings import Settings, load_settings
from photofind.gui.preferences import Preferences
from photofind.gui.searching import SearchLink
from photofind.gui.settings.index import DECIMAL_SPANS, SPANS
from photofind.gui.settings.page import choose
from photofind.gui.settings_dialog import AppliedSettings, SettingsDialog
from tests.support.gallery import Gallery
from tests.support.listed import LISTED, accuracy, make_listed
from tests.support.windows import Opened

_WAIT = 15_000


def _dialog(tmp_path: Path, qtbot: QtBot) -> SettingsDialog:
    file = tmp_path / "settings.toml"
    made = SettingsDialog(Preferences(tmp_path / "window.ini"), load_settings(file), tmp_path / "library", path=file)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it
    qtbot.addWidget(made)
    return made


def _with(name: str, value: float) -> Settings:
    values: dict[str, Any] = {name: value}
    return Settings(**values)


@pytest.mark.parametrize("name", [*SPANS, *DECIMAL_SPANS])
def test_the_fields_accept_what_the_core_accepts(name: str) -> None:
    assert name in {field.name for field in dataclasses.fields(Settings)}
    low, high = SPANS[name] if name in SPANS else DECIMAL_SPANS[name]
    for value in (low, high):
        _with(name, value)
    step = 1 if name in SPANS else 0.01
    for value in (low - step, high + step):
        with pytest.raises(SettingsError, match=f"between {low:g} and {high:g}"):
            _with(name, value)


def test_what_is_chosen_is_written(tmp_path: Path, qtbot: QtBot) -> None:
    dialog = _dialog(tmp_path, qtbot)
    taken: list[AppliedSettings] = []
    dialog.applied.connect(taken.append)
    page = dialog.index
    choose(page.nlist_rule, "8-sqrt-n")
    page.numbers["training_vectors"].setValue(128)
    page.numbers["rerank_candidates"].setValue(16)
    page.alpha.setValue(1.5)
    page.recall.setValue(99.5)
    assert dialog.apply()
    kept = load_settings(tmp_path / "settings.toml")
    assert (kept.nlist_rule, kept.training_vectors, kept.rerank_candidates) == ("8-sqrt-n", 128, 16)
    assert (kept.expansion_alpha, kept.default_recall) == (1.5, 0.995)
    assert taken[0].engine == {
        "nlist_rule",
        "training_vectors",
        "rerank_candidates",
        "expansion_alpha",
        "default_recall",
    }
    page.reset.click()
    assert dialog.apply()
    assert (tmp_path / "settings.toml").read_text(encoding="utf-8").strip() == ""


def test_what_the_fields_cannot_show_in_full_is_no_change(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "settings.toml").write_text("default_recall = 0.97654\nexpansion_alpha = 2\n", encoding="utf-8")
    dialog = _dialog(tmp_path, qtbot)
    assert dialog.index.recall.value() == 97.7
    assert dialog.index.changes() == {}


def test_each_range_is_said_beside_its_field(tmp_path: Path, qtbot: QtBot) -> None:
    dialog = _dialog(tmp_path, qtbot)
    said = " ".join(label.text() for label in dialog.index.findChildren(QLabel))
    for words in ("39 to 256.", "1 to 64.", "0 to 10.", "50 to 100 %."):
        assert words in said
    assert "next training" in said
    assert "next search" in said


def test_searches_follow_the_settings_without_a_restart(gallery: Gallery, qtbot: QtBot, wide_picture: Path) -> None:
    link = SearchLink(gallery.library, Settings(photo_megapixels=1))
    try:
        with qtbot.waitSignal(link.failed, timeout=_WAIT) as refused:
            link.search(Query(images=(str(wide_picture),)))
        assert "megapixels" in refused.args[1]
        link.use(Settings())
        with qtbot.waitSignal(link.found, timeout=_WAIT):
            link.search(Query(images=(str(wide_picture),)))
    finally:
        link.close()


def test_the_slider_follows_the_default_recall_at_once(tmp_path: Path, qtbot: QtBot) -> None:
    library = tmp_path / "listed"
    make_listed(library)
    with Catalog.open_reader(library / "library.db") as catalog:
        pack = catalog.active_pack()
        epoch = catalog.vectors.epoch(pack) if pack is not None else None
    assert pack is not None
    assert epoch is not None
    measured = dataclasses.replace(accuracy(), pack_key=pack.key, epoch_id=epoch.id)
    write_accuracy(library, measured)
    opened = Opened(qtbot, library, Settings(workers=1), Preferences(tmp_path / "window.ini"))
    opened.start(LISTED)
    try:
        speed = opened.window.speed
        opened.window.background.read_shape()
        opened.until(lambda: speed.positions.default_nprobe == measured.cheapest(0.98).nprobe)
        opened.do("settings")
        dialog = opened.window.findChild(SettingsDialog)
        assert isinstance(dialog, SettingsDialog)
        dialog.index.recall.setValue(70.0)
        assert dialog.apply()
        assert measured.cheapest(0.7).nprobe < measured.cheapest(0.98).nprobe
        opened.until(lambda: speed.positions.default_nprobe == measured.cheapest(0.7).nprobe)
        assert speed.position == speed.positions.default
    finally:
        opened.close()


@pytest.fixture
def wide_picture(tmp_path: Path) -> Path:
    """A picture of two megapixels."""
    path = tmp_path / "wide.png"
    Image.new("RGB", (2000, 1000), (90, 120, 40)).save(path)
    return path


def test_index_settings_start_no_run_and_are_asked_about_at_once(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[object] = []
    monkeypatch.setattr(opened.window.background, "add_folders", runs.append)
    opened.do("settings")
    dialog = opened.window.findChild(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    dialog.index.recall.setValue(90.0)
    with opened.qtbot.waitSignal(opened.window.session.settings_changed, timeout=_WAIT):
        assert dialog.apply()
    assert opened.window.session.settings.default_recall == 0.9
    assert runs == []
    dialog.engine.numbers["photo_seconds"].setValue(7)
    assert dialog.apply()
    assert runs == [[]]
    dialog.close()
