"""Suggestions and refusals in English words, for plans and for the command line; the window has its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

from photofind.core.duplicates.keep_rules import Fact, KeepRule, has_copy_name
from photofind.core.duplicates.keeping import Caution, Ground, Suggestion

_GROUNDS = {
    Ground.PROTECTED: "a copy in a protected folder",
    Ground.OFFLINE: "its volume is away",
    Ground.LINKED: "the same file by another path",
    Ground.ORIGINAL: "altered: the other is rather the original",
    Ground.COMPRESSED: "less compressed: the larger file",
}
_NAMES = {
    KeepRule.LARGER: "larger picture",
    KeepRule.FORMAT: "better format",
    KeepRule.METADATA: "more metadata",
    KeepRule.PREFERRED: "preferred folder",
    KeepRule.OLDER: "older file",
    KeepRule.SHORTER_PATH: "shorter path",
}
_CAUTIONS = {
    Caution.EDITED: "one of them was edited",
    Caution.CROPPED: "one of them was cropped",
    Caution.RAW: "one of them is RAW",
    Caution.BETTER: "this one is better than the protected one",
}


def phrase(suggestion: Suggestion) -> str:
    """Return why a photo is kept or may go, in a few words; empty when there is nothing to say.

    What is kept comes first: "larger picture: 4000x3000 instead of 1600x1200".
    """
    rule = suggestion.rule
    if rule is None:
        return ""
    if isinstance(rule, Ground):
        return _GROUNDS[rule]
    if rule is KeepRule.SHORTER_PATH and has_copy_name(str(suggestion.own_fact)):
        return f"named as a copy: {os.path.basename(str(suggestion.own_fact))}"
    words = _VALUES.get(rule)
    if words is None:
        return _NAMES[rule]
    kept, own = words(suggestion.kept_fact), words(suggestion.own_fact)
    return f"{_NAMES[rule]}: {kept} instead of {own}" if kept != own else _NAMES[rule]


def short_phrase(suggestion: Suggestion) -> str:
    """Return which rule decided, without what it compared."""
    rule = suggestion.rule
    if rule is None:
        return ""
    return _GROUNDS[rule] if isinstance(rule, Ground) else _NAMES[rule]


def caution_phrase(caution: Caution) -> str:
    """Return why somebody should have a look before the photo goes."""
    return _CAUTIONS[caution]


def _size(fact: Fact) -> str:
    return f"{fact[0]}x{fact[1]}" if isinstance(fact, tuple) else "unknown"


def _facts(fact: Fact) -> str:
    return f"{fact} {'fact' if fact == 1 else 'facts'}"


def _folder(fact: Fact) -> str:
    return str(fact) if fact else "elsewhere"


def _time(fact: Fact) -> str:
    try:
        return datetime.fromtimestamp(int(str(fact)) // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):  # a file may carry any number
        return "unknown"


_VALUES: dict[KeepRule, Callable[[Fact], str]] = {
    KeepRule.LARGER: _size,
    KeepRule.FORMAT: str,
    KeepRule.METADATA: _facts,
    KeepRule.PREFERRED: _folder,
    KeepRule.OLDER: _time,
}
