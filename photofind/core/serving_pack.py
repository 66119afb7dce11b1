"""Opening the model pack that a library's photos were encoded with, as far as it is still installed.

What opens networks and words is imported when it is used: a window that opens would wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from photofind.core.catalog import Pack
from photofind.core.encoders import Encoder, open_query_encoder, resolve
from photofind.core.errors import PackError, PackMissingError

if TYPE_CHECKING:
    from photofind.core.words.meaning import WordsEncoder


def is_at_hand(pack: Pack) -> bool:
    """Tell whether the very pack is installed."""
    try:
        return resolve(pack.spec).key == pack.key
    except PackError:
        return False


def open_pack(pack: Pack) -> Encoder:
    """Open what encodes the images of queries; raises PackMissingError when the pack is not installed."""
    _check_at_hand(pack)
    return open_query_encoder(pack.spec)


def open_words(pack: Pack) -> WordsEncoder | None:
    """Open what reads words, once in a process, None when there are none for the pack; raises as `open_pack` does."""
    from photofind.core.words.meaning import shared_words

    _check_at_hand(pack)
    return shared_words(resolve(pack.spec).pack, pack.key)


def _check_at_hand(pack: Pack) -> None:
    if not is_at_hand(pack):
        raise PackMissingError(
            f"This library was made with the model pack {pack.spec}, which is not installed; run `photofind index` to"
            " embed its photos with the current one."
        )
