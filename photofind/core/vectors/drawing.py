"""Which vectors an index is trained on; told afterwards by their numbers alone.

Photos that took part in the training find more than others do: centroids lie where they and their neighbours are, by up
to 4 points of recall@10 at nprobe 1 where 50 photos share a list. So recall is measured with photos that stayed out,
and who stayed out has to be known as long as the index lives. Each vid has a key that looks random and never changes;
those with the smallest keys are trained on, and the epoch keeps the first key that was not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vids = npt.NDArray[np.int64]
"""Sorted, shape (n,)."""

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_KEPT_BITS = np.uint64(11)


def keys_of(vids: Vids) -> npt.NDArray[np.int64]:
    """Return the key of each vid, 0 to 2^53, shape (n,), by the mixer of SplitMix64 (Steele, Lea and Flood 2014)."""
    mixed = (vids.astype(np.uint64) + np.uint64(1)) * _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    keys: npt.NDArray[np.int64] = ((mixed ^ (mixed >> np.uint64(31))) >> _KEPT_BITS).astype(np.int64)
    return keys


def draw(live: Vids, size: int, apart: int) -> tuple[Vids, Vids, int]:
    """Draw vectors to train on; return these, up to ``apart`` of the others, and the first key that was left out.

    ``size`` is less than the number of live vids, or all are trained on and the key is beyond every other.
    """
    keys = keys_of(live)
    order = np.argsort(keys, kind="stable")
    first_out = int(keys[order[size]]) if size < len(live) else 1 << 53
    return np.sort(live[order[:size]]), np.sort(live[order[size : size + apart]]), first_out


def stayed_out(vids: Vids, first_out: int, until: int) -> npt.NDArray[np.bool_]:
    """Tell which vids took no part in a training that :func:`draw` drew, or came later; shape (n,)."""
    return (vids >= until) | (keys_of(vids) >= first_out)
