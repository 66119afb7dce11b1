"""Where the keys lead: arithmetic on rows, lines and pages."""

from __future__ import annotations

from PySide6.QtCore import Qt

from photofind.gui.grid.layout import CellLayout

_Key = Qt.Key


def target_row(key: int, row: int, cells: CellLayout, page: int) -> int | None:
    """Return the row that a key leads to from a row, or None when the key does not move.

    ``page`` is the number of whole lines that are seen at once. A step down from the last but one line ends at the
    last photo even when there is none right below.
    """
    last = cells.count - 1
    if key == _Key.Key_Home:
        return 0
    if key == _Key.Key_End:
        return last
    if key in (_Key.Key_Left, _Key.Key_Right):
        return min(max(row + (1 if key == _Key.Key_Right else -1), 0), last)
    steps: dict[int, int] = {_Key.Key_Up: -1, _Key.Key_Down: 1, _Key.Key_PageUp: -page, _Key.Key_PageDown: page}
    step = steps.get(key)
    return None if step is None else _moved_by_lines(row, step, cells)


def _moved_by_lines(row: int, step: int, cells: CellLayout) -> int:
    line, column = divmod(row, cells.columns)
    target = min(max(line + step, 0), cells.lines - 1)
    return row if target == line else min(target * cells.columns + column, cells.count - 1)
