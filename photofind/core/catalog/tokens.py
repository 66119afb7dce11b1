"""What words a name holds: ``IMG_20190712_KyotoTemple.jpg`` is about 2019, Kyoto and a temple.

The words of names are stored with the rows: a change of what is found in a name needs a migration that finds it anew.
Both what is stored and what is looked for go through here; full-text search only compares the results.
"""

from __future__ import annotations

import os
import re
import unicodedata

_SEGMENT = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LETTERS_OR_DIGITS = re.compile(r"[0-9]+|[^0-9]+")
_DAY = re.compile(r"((?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_HASH = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{8,}", re.IGNORECASE)
_MOST_RUNS_OF_DIGITS = 2
_MOST_TOKENS = 64
# What cameras, phones and messengers begin the names of files with, before a number.
_MACHINE_TEXT = (
    "cimg cr dcim dji dsc dscf dscn fb gopr hpim imag img image imgp kic mg mvi pana photo pict picture pxl sam vid wa"
    " whatsapp"
)
_MACHINE_WORDS = frozenset(_MACHINE_TEXT.split())
# Scripts that are written without spaces; their letters are words of one letter, found side by side.
_UNSPACED = (
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u1000", "\u109f"),  # Burmese
    ("\u1780", "\u17ff"),  # Khmer
    ("\u3040", "\u30ff"),  # Hiragana, Katakana
    ("\u3400", "\u4dbf"),  # CJK ideographs
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)


def folded(text: str) -> str:
    """Return a text without case and accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def typed_tokens(text: str) -> list[str]:
    """Return what a typed text looks for: its words, and numbers apart from letters ("EOS 40D": eos, 40, d)."""
    return [token for segment in _SEGMENT.findall(folded(text)) for token in _runs(segment)][:_MOST_TOKENS]


def stored_tokens(text: str) -> list[str]:
    """Return the words of a text as they are stored.

    Words that are told apart by capitals only are followed by what they make together, because nobody types the
    capitals: "KyotoTemple" is kyoto, temple and kyototemple.
    """
    tokens: list[str] = []
    for segment in _SEGMENT.findall(text):
        for run in _LETTERS_OR_DIGITS.findall(segment):
            parts = _by_capitals(run)
            tokens += parts
            if len(parts) > 1 and run.isascii():
                tokens.append(run.lower())
    return tokens[:_MOST_TOKENS]


def name_words(name: str) -> str:
    """Return what the name of a file says: its words, days and years without what a machine put there; maybe ""."""
    stem = os.path.splitext(name)[0]
    kept: list[str] = []
    for segment in _SEGMENT.findall(stem):
        if not _is_code(segment):
            kept += [word for token in stored_tokens(segment) for word in _meant(token)]
    return " ".join(kept[:_MOST_TOKENS])


def folder_words(path: str, root: str) -> str:
    """Return what the names of the folders say, from that of the root down to ``path``; maybe ""."""
    top = os.path.basename(root)
    below = path.removeprefix(root)
    return " ".join(stored_tokens(f"{top} {below}"))


def label_words(label: str) -> str:
    """Return the words of a camera's or a place's name; maybe ""."""
    return " ".join(stored_tokens(label))


def _meant(token: str) -> list[str]:
    if not token[0].isdecimal():
        short = len(token) == 1 and token.isascii()
        return [] if short or token in _MACHINE_WORDS else [token]
    if day := _DAY.match(token):
        return [day[0], day[1]]
    return [token] if _YEAR.fullmatch(token) else []


def _is_code(segment: str) -> bool:
    """Tell whether a part of a name is a hash or an identifier instead of words."""
    if segment.isdecimal() or segment.isalpha():
        return False
    return bool(_HASH.fullmatch(segment)) or len(re.findall("[0-9]+", segment)) > _MOST_RUNS_OF_DIGITS


def _by_capitals(run: str) -> list[str]:
    if run.isascii():
        return [part.lower() for part in _PARTS.findall(run)]
    parts = [""]
    for before, letter in zip(" " + run, run, strict=False):
        if letter.isupper() and before.islower():
            parts.append("")
        parts[-1] += letter
    return [token for part in parts for token in _runs(folded(part))]


def _runs(segment: str) -> list[str]:
    """Divide a folded word at numbers, and letters of scripts without spaces from each other."""
    if segment.isascii():
        return _LETTERS_OR_DIGITS.findall(segment)
    found: list[str] = []
    for word in _SEGMENT.findall(segment):  # folding may bring forth what separates
        for run in _LETTERS_OR_DIGITS.findall(word):
            apart = "".join(f" {letter} " if _is_unspaced(letter) else letter for letter in run)
            found += apart.split()
    return found


def _is_unspaced(letter: str) -> bool:
    return letter >= _UNSPACED[0][0] and any(first <= letter <= last for first, last in _UNSPACED)
