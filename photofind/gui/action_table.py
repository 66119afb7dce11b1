"""The one table of actions: what the user can do, by which keys, and where in the menus.

Everything else follows from ``ACTIONS``: the menus, the tooltips, the list of shortcuts in the window and the texts to
translate. The rows are in ``action_rows``, menu by menu; ``action_spec`` says what a row means.
"""

from __future__ import annotations

from typing import Final

from photofind.gui.action_rows.photos import EDIT, PHOTO
from photofind.gui.action_rows.program import FILE, HELP
from photofind.gui.action_rows.searching import SEARCH
from photofind.gui.action_rows.viewing import VIEW
from photofind.gui.action_spec import ActionSpec

ACTIONS: Final[tuple[ActionSpec, ...]] = (*FILE, *EDIT, *VIEW, *PHOTO, *SEARCH, *HELP)
