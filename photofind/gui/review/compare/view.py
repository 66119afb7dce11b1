"""Two photos of a group compared: which mode is on, what each command does, and who is told what has come.

What is at hand is shown at once: thumbnails, enlarged, until the pictures come. What goes wrong with a file is said
over its picture. Nothing is read or computed in the window's thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from photofind.core.evidence import Member
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.settings import Settings
from photofind.gui.grid.source import TileSource
from photofind.gui.names import displayable
from photofind.gui.preview.loader import FULL
from photofind.gui.preview.message import Message
from photofind.gui.review.commands import Command
from photofind.gui.review.compare import commands
from photofind.gui.review.compare.difference_control import DifferenceControl
from photofind.gui.review.compare.fact_delta import fact_delta
from photofind.gui.review.compare.fact_table import FactTable
from photofind.gui.review.compare.legend import Legend
from photofind.gui.review.compare.modes import CompareMode
from photofind.gui.review.compare.pair_view import PairView
from photofind.gui.review.compare.relation import Relation, relation_of
from photofind.gui.review.compare.scene import Scene, laid_by_frames
from photofind.gui.review.compare.scene_view import SceneView
from photofind.gui.review.compare.side import Side
from photofind.gui.review.compare.tool_row import CompareTools
from photofind.gui.review.compare.verdict_line import VerdictLine
from photofind.gui.review.compare.wording import evidence_numbers, verdict_sentence
from photofind.gui.review.words import measures
from photofind.gui.threads import close_readers

_LEAST_AREA = 800 * 600
_PAN_STEP = 80.0


class CompareView(QWidget):
    """Shows photo A, the reference, and photo B of a group.

    Signals: ``mode_changed(CompareMode)``, ``facts_toggled(bool)``, ``synced_changed(bool)`` for who remembers them;
    ``compared(FoundDifference)`` when a difference is shown.

    ``source`` should be a view of its own of the thumbnails, because this widget says which ones it wants. The keys of
    :meth:`commands` do nothing by themselves: the page around forwards them to :meth:`take_key`. :meth:`shutdown` must
    be called before the view goes.
    """

    mode_changed = Signal(object)
    facts_toggled = Signal(bool)
    synced_changed = Signal(bool)
    compared = Signal(object)

    def __init__(
        self,
        source: TileSource,
        library: Path,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        pictures: Pictures = IN_PLACE,
    ) -> None:
        super().__init__(parent)
        self.setEnabled(False)  # until there is a pair
        self.setAccessibleName(self.tr("Comparison of two photos"))
        self._source = source
        self.sides = (
            Side(source, library, settings, self, pictures=pictures),
            Side(source, library, settings, self, pictures=pictures),
        )
        self._relation = Relation(None, None)
        self._scene: Scene | None = None
        self._mode = CompareMode.SIDE
        self._swapped = False
        self._roles = ("", "")
        self.tools = CompareTools(self)
        self.pair = PairView(self)
        self.plane = SceneView(self)
        self.legend = Legend(self)
        self.difference = DifferenceControl(self.plane, self.legend, library, settings, self)
        self.verdict = VerdictLine(self)
        self.facts = FactTable(self)
        self.message = Message(self.plane)
        self._lay_out()
        self._connect()
        self._show_mode()

    # What the review uses

    def set_pair(self, first: Member, second: Member) -> None:
        """Compare two members of a group: the reference, called A, and another, called B."""
        members = (first, second)
        before = tuple(side.member for side in self.sides)
        is_other = [a is None or a.photo_id != b.photo_id for a, b in zip(before, members, strict=True)]
        self._relation = relation_of(first, second)
        if any(is_other):
            self._forget_pictures()
        self._source.want([int(first.photo_id), int(second.photo_id)])
        for side, member in zip(self.sides, members, strict=True):
            side.show(member)
        self.setEnabled(True)
        self._show_pictures()
        self._show_words()
        self._show_facts()
        self._ask(self._view_area())

    def clear(self) -> None:
        """Show nothing and let all pictures go."""
        self.setEnabled(False)
        self._relation = Relation(None, None)
        self._forget_pictures()
        self._source.want([])
        for side in self.sides:
            side.show(None)
        self._show_words()
        self._show_facts()

    def set_roles(self, first: str, second: str) -> None:
        """Say what becomes of each photo, such as "kept"; it stands beside its name."""
        self._roles = (first, second)
        self._show_words()

    @property
    def mode(self) -> CompareMode:
        """How the photos are shown."""
        return self._mode

    def set_mode(self, mode: CompareMode) -> None:
        """Show the photos in another way."""
        if mode == self._mode:
            return
        self._mode = mode
        self._show_mode()
        self.mode_changed.emit(mode)

    @property
    def synced(self) -> bool:
        """Whether both photos move together."""
        return self.pair.synced

    def set_synced(self, *, on: bool) -> None:
        """Let both photos move together, or each for itself."""
        changed = on != self.pair.synced
        self.pair.set_synced(on=on)
        self.tools.set_checked("sync", on=on)
        if changed:
            self.synced_changed.emit(on)

    @property
    def swapped(self) -> bool:
        """Whether B is on the left."""
        return self._swapped

    @property
    def gain(self) -> int:
        """How many times as strong differences are shown."""
        return self.difference.gain

    def set_gain(self, gain: int) -> None:
        """Show differences so many times as strong."""
        self.difference.set_gain(gain)
        self._want_difference()

    def facts_visible(self) -> bool:
        """Tell whether the facts are shown below the photos."""
        return not self.facts.isHidden()

    def set_facts_visible(self, *, on: bool) -> None:
        """Show or hide the facts."""
        changed = on != self.facts_visible()
        self.facts.setVisible(on)
        self.tools.set_checked("facts", on=on)
        if changed:
            self.facts_toggled.emit(on)

    @staticmethod
    def commands() -> tuple[Command, ...]:
        """Return what can be done here, with the keys that the page forwards."""
        return commands.COMMANDS

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means; return False if it means nothing here."""
        key = commands.command_for(event.key(), event.modifiers())
        if key is None or not self.isEnabled():
            return False
        self.do(key)
        return True

    def do(self, key: str) -> None:
        """Do the command of this key."""
        doings: dict[str, Callable[[], None]] = {
            "side": self._side,
            "overlay": lambda: self.set_mode(CompareMode.OVERLAY),
            "blink": self._blink,
            "difference": lambda: self.set_mode(CompareMode.DIFFERENCE),
            "swap": self._swap,
            "sync": lambda: self.set_synced(on=not self.synced),
            "zoom_in": lambda: self._step(1),
            "zoom_out": lambda: self._step(-1),
            "fit": lambda: self._shown().fit(),
            "pixels": lambda: self._shown().show_pixels(),
            "gain": lambda: self.set_gain(self.difference.next_gain()),
            "facts": lambda: self.set_facts_visible(on=not self.facts_visible()),
            "left": lambda: self._move(-1, 0),
            "right": lambda: self._move(1, 0),
            "up": lambda: self._move(0, -1),
            "down": lambda: self._move(0, 1),
        }
        doings[key]()
        self._show_checks()

    def shutdown(self) -> bool:
        """End the threads; return False when one is still busy with a file that does not answer."""
        return close_readers([*(side.loader for side in self.sides), self.difference.maker])

    # Commands

    def _shown(self) -> PairView | SceneView:
        return self.pair if self._mode is CompareMode.SIDE else self.plane

    def _side(self) -> None:
        if self._mode is CompareMode.SIDE:
            self._swap()
        else:
            self.set_mode(CompareMode.SIDE)

    def _blink(self) -> None:
        if self._mode is CompareMode.BLINK:
            self.plane.blink()
        else:
            self.set_mode(CompareMode.BLINK)

    def _swap(self) -> None:
        self._swapped = not self._swapped
        self.pair.set_swapped(on=self._swapped)
        self.plane.set_swapped(on=self._swapped)

    def _step(self, steps: int) -> None:
        if self._mode is CompareMode.SIDE:
            self.pair.step(steps)
        elif steps > 0:
            self.plane.zoom_in()
        else:
            self.plane.zoom_out()

    def _move(self, across: int, down: int) -> None:
        """Move the divider, or what is seen towards this side."""
        if self._mode is CompareMode.OVERLAY and across:
            self.plane.move_curtain(across)
        else:
            self._shown().pan(QPointF(-across * _PAN_STEP, -down * _PAN_STEP))

    # Pictures

    def _forget_pictures(self) -> None:
        self._scene = None
        self.pair.start_pair()
        self.plane.start_pair()
        self.message.say("")
        self.difference.forget()

    def _show_pictures(self) -> None:
        """Show what has come of both photos, and how they lie together."""
        first, second = self.sides
        if first.member is None or second.member is None:
            return
        self._scene = self._new_scene()
        for number, side in enumerate(self.sides):
            if side.picture is not self.pair.views[number].picture:
                self.pair.set_picture(number, side.picture)
            self.pair.messages[number].say(side.message)
        self.pair.set_scene(self._scene)
        self.plane.set_scene(self._scene)
        self.plane.set_pictures(first.picture, second.picture)
        messages = dict.fromkeys(side.message for side in self.sides if side.message)
        self.message.say("\n".join(messages))
        self._want_difference()

    def _new_scene(self) -> Scene | None:
        first, second = (side.size for side in self.sides)
        if self.sides[0].picture is None and self.sides[1].picture is None:
            return None
        placement = self._relation.placement
        if placement is None:
            placement = laid_by_frames(first, second, self._relation.orientation)
        return Scene(first, second, placement)

    def _ask(self, area: int) -> None:
        for side in self.sides:
            side.ask(area)

    def _view_area(self) -> int:
        ratio = self.devicePixelRatioF()
        return max(_LEAST_AREA, round(self.plane.width() * self.plane.height() * ratio * ratio))

    def _sharpen(self, number: int) -> None:
        """Ask for more pixels of one photo, once it is decoded at all."""
        if self.sides[number].is_decoded:
            self.sides[number].ask(FULL if self._is_zoomed() else self._view_area())

    def _is_zoomed(self) -> bool:
        if self._mode is CompareMode.SIDE:
            return not all(view.viewport.fits for view in self.pair.views)
        return not self.plane.viewport.fits

    # The difference

    def _want_difference(self) -> None:
        """Ask for what differs, if that is to be seen."""
        if self._mode is CompareMode.DIFFERENCE and self._scene is not None:
            self.difference.want(*self.sides, self._scene, is_aligned=self._relation.placement is not None)

    # Words

    def _show_words(self) -> None:
        first, second = (side.member for side in self.sides)
        heads = (self._head("A", 0), self._head("B", 1))
        self.plane.set_names(
            *(" · ".join(part for part in pair if part) for pair in zip("AB", self._roles, strict=True))
        )
        for number, side in enumerate(self.sides):
            facts = "" if side.member is None else measures(side.member)
            self.pair.titles[number].setText("  ·  ".join(part for part in (heads[number], facts) if part))
        if first is None or second is None:
            self.verdict.say("", "")
            return
        evidence = self._relation.evidence
        sentence = verdict_sentence(first, second, self._relation)
        self.verdict.say(sentence, "" if evidence is None else evidence_numbers(evidence))

    def _head(self, letter: str, number: int) -> str:
        member = self.sides[number].member
        name = "" if member is None else displayable(os.path.basename(member.path))
        return "  ·  ".join(part for part in (letter, self._roles[number], name) if part)

    def _show_facts(self) -> None:
        first, second = self.sides
        heads = (self._head("A", 0), self._head("B", 1))
        if first.member is None or second.member is None:
            self.facts.set_facts([], heads)
            return
        self.facts.set_facts(fact_delta(first.member, second.member, (first.details, second.details)), heads)

    # Modes

    def _show_mode(self) -> None:
        self._stack.setCurrentWidget(self._shown())
        if self._mode is not CompareMode.SIDE:
            self.plane.show_as(self._mode)
        self.legend.setVisible(self._mode is CompareMode.DIFFERENCE)
        self._want_difference()
        self._show_checks()

    def _show_checks(self) -> None:
        for mode in CompareMode:
            self.tools.set_checked(mode, on=mode is self._mode)
        self.tools.set_checked("sync", on=self.synced)
        self.tools["sync"].setEnabled(self._mode is CompareMode.SIDE)
        self.tools.set_checked("facts", on=self.facts_visible())
        self.tools.set_zoom(self._shown().zoom)

    # Putting together

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self.facts.set_room(event.size().height())
        for side in self.sides:
            if side.is_decoded and side.picture is not None and not side.picture.complete:
                side.ask(self._view_area())

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isEnabled():
            self._want_difference()  # around it is the window's colour

    def _lay_out(self) -> None:
        middle = QWidget(self)
        self._stack = QStackedLayout(middle)
        self._stack.addWidget(self.pair)
        self._stack.addWidget(self.plane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(middle, 1)
        column.addWidget(self.legend)
        column.addWidget(self.verdict)
        column.addWidget(self.facts)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        self.tools.triggered.connect(self.do)
        for shown in (self.pair, self.plane):
            shown.zoom_changed.connect(lambda _: self.tools.set_zoom(self._shown().zoom))
        self.pair.sharper_wanted.connect(self._sharpen)
        self.plane.sharper.connect(self._sharpen)
        self.legend.gain_chosen.connect(self.set_gain)
        self.difference.compared.connect(self.compared)
        for side in self.sides:
            side.changed.connect(self._show_pictures)
            side.detailed.connect(self._show_facts)
