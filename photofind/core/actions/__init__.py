"""Acting on a user's files: a plan, each file verified right before it is touched, a journal, and a way back.

::

    Plan ──soundness──▶ journalling: intended, on the disk ──▶ verifying ──▶ doing ─┬─ trash (freedesktop_trash …)
                            │                                                     ├─ relocating (move)
                            └──▶ journal.db ◀── done                              └─ linking (hard link)
    undo:    undoing, by the journal
    crash:   recovering, by the journal and a look at the disk

``acting`` puts these together; ``protection`` knows the folders that are never touched, ``unseen`` those into which
nothing is moved, ``mounts`` which paths lead to one place, ``renaming`` how to rename without overwriting. What was in
the way of a step is told and skipped; no file is ever deleted but those whose bytes were just compared with others that
stay.
"""

from photofind.core.actions.acting import Actor
from photofind.core.actions.plan_json import PLAN_FILE, plan_from_json, plan_to_json
from photofind.core.actions.protection import ProtectedFolders, is_protected
from photofind.core.actions.trash import Trash

__all__ = ["PLAN_FILE", "Actor", "ProtectedFolders", "Trash", "is_protected", "plan_from_json", "plan_to_json"]
