"""Words that say nothing about a photo by themselves, in the keys of `splitting.key_of`."""

from __future__ import annotations

from typing import Final


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text that is a list."""
    return frozenset(words.split())


DETERMINERS: Final = word_set(
    "a an the any some my your his her its our their this that these those much many lots plenty ein eine einen der"
    " die das le la les un une el los las una"
)
PREPOSITIONS: Final = word_set(
    "about above across after against along among around as at before behind below beneath beside between beyond by"
    " during for from in inside into near of off on onto out outside over past through to toward towards under until"
    " up upon with within"
)
CONJUNCTIONS: Final = word_set("and & or nor but while when where because so than then if und oder aber et ou y o")
VERBS: Final = word_set(
    "is are was were be been being has have had having do does did can could will would should there"
)
PRONOUNS: Final = word_set(
    "i me you he him she it we us they them who whom which what whose himself herself itself themselves"
)
PHOTO_WORDS: Final = word_set(
    "photo photos photograph photographs photography picture pictures pic pics image images snapshot snapshots foto"
    " fotos bild bilder"
)
"""What every photo is; as words to look up they would find names only by accident."""

NEGATORS: Final = word_set("no not without except excluding ohne sans nobody no-one")

STOP_WORDS: Final = DETERMINERS | PREPOSITIONS | CONJUNCTIONS | VERBS | PRONOUNS | NEGATORS
