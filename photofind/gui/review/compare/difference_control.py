"""Keeps what differs up to date while it is shown: asks for it, shows it on the plane, and says it in the legend."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPalette

from photofind.core.settings import Settings
from photofind.gui.preview.loader import FULL
from photofind.gui.review.compare.differing import DifferenceMaker, FoundDifference, WantedDifference
from photofind.gui.review.compare.legend import GAINS, Legend
from photofind.gui.review.compare.scene import Scene
from photofind.gui.review.compare.scene_view import SceneView
from photofind.gui.review.compare.side import Side
from photofind.gui.review.compare.wording import difference_sentence


class DifferenceControl(QObject):
    """Between the two photos, the thread that compares them, and what shows that; ``compared(FoundDifference)``."""

    compared = Signal(object)

    def __init__(
        self, plane: SceneView, legend: Legend, library: Path, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._plane = plane
        self._legend = legend
        self._is_aligned = True
        self.gain = GAINS[0]
        """How many times as strong differences are shown."""
        self.maker = DifferenceMaker(library, settings, self)
        self.maker.found.connect(self._on_found)
        self.maker.failed.connect(legend.say)

    def set_gain(self, gain: int) -> None:
        """Show differences so many times as strong from now on; :meth:`want` shows these anew."""
        self.gain = gain
        self._legend.set_gain(gain)

    def next_gain(self) -> int:
        """Return the next stronger gain, after the strongest the weakest."""
        return GAINS[(GAINS.index(self.gain) + 1) % len(GAINS)]

    def want(self, first: Side, second: Side, scene: Scene, *, is_aligned: bool) -> None:
        """Show what differs between the pictures that are at hand, and again when all pixels of both have come."""
        if not (first.is_decoded and second.is_decoded) or first.picture is None or second.picture is None:
            is_lost = first.message or second.message
            self._legend.say("" if is_lost else self.tr("The photos are being read …"))
            return
        for side in (first, second):
            side.ask(FULL)  # whether every pixel is the same can only be told of all of them
        window = self._plane.palette().color(QPalette.ColorRole.Window)
        self._is_aligned = is_aligned
        wanted = WantedDifference(
            first=first.picture,
            second=second.picture,
            scene=scene,
            gain=self.gain,
            outside=(window.red(), window.green(), window.blue()),
        )
        self.maker.compute(wanted)

    def forget(self) -> None:
        """Let the pictures go, and what was to come of them."""
        self.maker.forget()
        self._legend.say("")

    def _on_found(self, found: FoundDifference) -> None:
        self._plane.set_difference(found.picture)
        words = [difference_sentence(found.measured, is_identical=found.is_identical, is_whole=found.is_whole)]
        if not self._is_aligned:
            words.append(self.tr("How the photos belong together is not known: they lie over each other as they are."))
        self._legend.say(" ".join(words))
        self.compared.emit(found)
