"""A typed text becomes tokens: words, quoted phrases, words with a minus and ``name:``-like prefixes.

Flow: clean (no control characters, one form of Unicode) ──▶ `split` (one pass) ──▶ `Token`. Every step is linear in the
text, which may be anything that a keyboard, a clipboard or a script can give.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PREFIXES: Final = frozenset(
    {"name", "folder", "camera", "date", "since", "until", "after", "before", "type", "place", "size", "is", "has"}
)
"""What may stand before a colon to say where to look."""

_CLOSING: Final = {
    '"': '"',
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
}
_MINUS: Final = "-−"  # noqa: RUF001 - the minus sign of mathematics
_PREFIX: Final = re.compile(r"([A-Za-z]{2,6})[:：]")  # noqa: RUF001 - the colon of Chinese and Japanese keyboards
_SPACE: Final = re.compile(r"\s*")
_WORD: Final = re.compile(r"\S+")
_ENDING: Final = re.compile(r"[,;.!?:、。]\W*\Z")
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")  # noqa: RUF001 - the dashes that dates are written with
_QUOTES: Final = dict.fromkeys(map(ord, "’‘ʼ"), "'")  # noqa: RUF001 - an apostrophe as phones write it


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a typed text.

    ``text`` is as typed, without quotes, minus and prefix. ``key`` is what to compare with tables: lower case, without
    accents and the punctuation around it; it is empty for what is never interpreted. ``ends`` tells of punctuation
    behind the word. ``start`` and ``end`` are its place in the cleaned text.
    """

    text: str
    key: str = ""
    quoted: bool = False
    minus: bool = False
    prefix: str = ""
    ends: bool = False
    start: int = 0
    end: int = 0

    @property
    def plain(self) -> bool:
        """Whether it is a mere word."""
        return not (self.quoted or self.minus or self.prefix)


def clean(text: str) -> str:
    """Return the text in composed form (NFC), controls as spaces, invisible marks dropped, stray surrogates as U+FFFD.

    Joiners stay: emoji and several scripts are written with them. Names of files keep their compatibility characters,
    hence NFC here; `plainly` goes further for words.
    """
    return unicodedata.normalize("NFC", "".join(map(_clean_character, text)))


def plainly(text: str) -> str:
    """Return free text with compatibility characters as plain ones (NFKC: full-width letters, ligatures)."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("�", " ").split())


def key_of(word: str) -> str:
    """Return what of a word is compared with tables: casefolded, without accents, possessive and punctuation."""
    folded = unicodedata.normalize("NFKD", word.translate(_QUOTES).translate(_DASHES).casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    if bare in {"-", "&"}:  # as in 2018 - 2020
        return bare
    start, end = 0, len(bare)
    while start < end and not (bare[start].isalnum() or _is_short_year(bare, start)):
        start += 1
    while end > start and not bare[end - 1].isalnum():
        end -= 1
    owner = bare[start:end].removesuffix("'s")
    return owner + "s" if len(owner) < end - start and owner[-1:].isdecimal() else owner  # the 90's


def split(text: str) -> list[Token]:
    """Return the tokens of a text that went through `clean`, in order."""
    return list(_tokens(text))


def _clean_character(character: str) -> str:
    if character.isprintable() or character == " ":
        return character
    category = unicodedata.category(character)
    if category == "Cs":
        return "�"
    if category == "Cf":
        return _clean_mark(character)
    return " " if category in {"Cc", "Zs", "Zl", "Zp"} else character


def _clean_mark(character: str) -> str:
    if character in "\u200c\u200d" or 0xE0020 <= ord(character) <= 0xE007F:  # joiners; the tags of flag emoji
        return character
    return " " if character == "\u200b" else ""


def _is_short_year(text: str, at: int) -> bool:
    return text[at] == "'" and text[at + 1 : at + 3].isdigit()


def _tokens(text: str) -> Iterator[Token]:
    closings = _Closings(text)
    at = _skip(text, 0)
    while at < len(text):
        token = _token(text, at, closings)
        if token.text or token.prefix:
            yield token
        at = _skip(text, token.end)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _token(text: str, at: int, closings: _Closings) -> Token:
    """Read the token that starts at ``at``, which is no space."""
    body = at
    follows = text[at + 1 : at + 2]
    minus = text[at] in _MINUS and bool(follows) and (follows in _CLOSING or _begins_word(follows))
    if minus:
        body += 1
    prefix = _PREFIX.match(text, body)
    if prefix and prefix[1].casefold() in PREFIXES:
        value, end = _value(text, prefix.end(), closings)
        return Token(value, prefix=prefix[1].casefold(), minus=minus, start=at, end=end)
    if text[body] in _CLOSING:
        close = closings.after(text[body], body + 1)
        if close is not None:
            inner = text[body + 1 : close].strip()
            return Token(inner, quoted=True, minus=minus, start=at, end=close + 1)
        body += 1
    word = _WORD.match(text, body)
    if not word:  # a quotation mark that nothing follows
        return Token("", start=at, end=body)
    shown = word[0].strip('"“”„«»') if not minus else word[0].rstrip('",;.!?')
    key = "" if minus else key_of(shown)
    return Token(shown, key, minus=minus, ends=bool(_ENDING.search(shown[-4:])), start=at, end=word.end())


def _begins_word(character: str) -> bool:
    """Whether a word may start so, or an emoji."""
    return character.isalnum() or unicodedata.category(character) == "So"


def _value(text: str, at: int, closings: _Closings) -> tuple[str, int]:
    """Read what stands behind a prefix; without its second quotation mark, which is still to be typed, all the rest."""
    if text[at : at + 1] and text[at] in _CLOSING:
        close = closings.after(text[at], at + 1)
        if close is None:
            return text[at + 1 :].strip(), len(text)
        return text[at + 1 : close].strip(), close + 1
    if text.startswith("'", at):
        close = closings.after("'", at + 1)
        if close is not None and not text[close + 1 : close + 2].strip():  # no apostrophe inside a word
            return text[at + 1 : close].strip(), close + 1
    word = _WORD.match(text, at)
    return (word[0], word.end()) if word else ("", at)


class _Closings:
    """Where the quotation marks close. It remembers which ones come no more: or else each search might see all."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._gone: set[str] = set()

    def after(self, opening: str, at: int) -> int | None:
        """Return where the phrase that ``opening`` begins is closed, or None."""
        places = [place for mark in _CLOSING.get(opening, opening) if (place := self._find(mark, at)) is not None]
        return min(places, default=None)

    def _find(self, mark: str, at: int) -> int | None:
        if mark in self._gone:
            return None
        place = self._text.find(mark, at)
        if place < 0:
            self._gone.add(mark)
            return None
        return place
