"""Opening the model pack that a library's photos were encoded with, as far as it is still installed.

What opens networks and words is imported when it is used: a window that opens would wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from photofind.core.catalog import Pack
from photofind.core.encoders import Encoder, Selection, open_query_encoder, resolve
from photofind.core.encoders.sums import is_vouched_for
from photofind.core.errors import PackError, PackMissingError

if TYPE_CHECKING:
    from photofind.core.words.meaning import WordsEncoder


def is_at_hand(pack: Pack) -> bool:
    """Tell whether the very pack is installed."""
    try:
        return resolve(pack.spec).key == pack.key
    except PackError:
        return False


def check_same(wanted: Selection, active: Pack | None) -> None:
    """Raise PackError when a wanted model bears the name of a library's, is another one, and nothing vouches for it.

    A new version that was installed brings its checksum. Without one, a digit of its description may be damaged, and
    every photo would be embedded anew by a wrong rule.
    """
    if active is None or active.spec != wanted.spec or active.key == wanted.key:
        return
    if not is_vouched_for(wanted.pack.folder):
        raise PackError(
            f"The model pack {wanted.pack.name} is not what it was when this library's photos were embedded, and may be"
            " damaged; install it again."
        )


def open_pack(pack: Pack) -> Encoder:
    """Open what encodes the images of queries.

    Raises
    ------
    PackMissingError
        The pack is not installed, or is another one by now.
    PackError
        It is damaged.
    """
    _check_at_hand(pack)
    return open_query_encoder(pack.spec)


def open_words(pack: Pack) -> WordsEncoder | None:
    """Open what reads words, once in a process, None when there are none for the pack; raises as `open_pack` does."""
    from photofind.core.words.meaning import shared_words

    _check_at_hand(pack)
    return shared_words(resolve(pack.spec).pack, pack.key)


def _check_at_hand(pack: Pack) -> None:
    try:
        found = resolve(pack.spec).key
    except PackMissingError:
        found = ""
    if found != pack.key:
        raise PackMissingError(
            f"This library was made with the model pack {pack.spec}, which is not installed; run `photofind index` to"
            " embed its photos with the current one."
        )
