"""Where the review goes on when its groups were listed anew: nobody should have to look for what they were at."""

from __future__ import annotations

from typing import Final

import numpy as np

from photofind.core.evidence import GroupKind
from photofind.gui.review.overview import KINDS, Ints, Overview

_COMING: Final = 1000


def kind_to_show(overview: Overview, kind: GroupKind, photo_id: int) -> GroupKind:
    """Return the kind to list: this one if there are groups of it, else that of the photo's group, else any."""
    if overview.count_of(kind):
        return kind
    group = overview.group_with(photo_id)
    if group >= 0:
        return KINDS[int(overview.kinds[group])]
    return next((each for each in GroupKind if overview.count_of(each)), kind)


def group_to_show(overview: Overview, kind: GroupKind, photo_id: int, coming: Ints, before: Overview) -> int:
    """Return the group of a kind that a photo is in, else the first in which one of the groups to come goes on.

    Parameters
    ----------
    overview
        All groups, as they are now.
    kind
        What is listed.
    photo_id
        What was looked at.
    coming
        The numbers of the groups that were listed from the current one on, shape (n,).
    before
        What these are numbers in.

    Returns
    -------
    int
        The number of a group, -1 when there is none.
    """
    group = overview.group_with(photo_id, kind)
    if group >= 0 or not len(coming):
        return group
    ids = np.concatenate([before.members(number) for number in coming[:_COMING].tolist()])
    left = ids[np.isin(ids, overview.members_of(kind))]
    return overview.group_with(int(left[0]), kind) if len(left) else -1
