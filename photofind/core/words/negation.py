"""What a text does not want: "-people", "without people or cars", "no dogs", "not at night".

A negation reaches over one group of words, up to the next preposition, conjunction, comma or date and four words at
most, so that it can never take the rest of the text with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from photofind.core.words import stop_words
from photofind.core.words.splitting import Token
from photofind.core.words.stop_words import word_set

MAX_NEGATED_WORDS: Final = 4
"""Words of one negated group, articles aside."""

_NOBODY: Final = frozenset({"nobody", "no-one"})
_STRONG: Final = frozenset({"without", "except", "excluding", "ohne", "sans"})
_AUXILIARIES: Final = word_set("do does did can could will would shall should may might must why or")
_LISTING: Final = frozenset({"or", "nor", "and", "oder", "und"})
_LONGEST_LIST: Final = 8
_NO_NEGATION: Final = word_set("only just even yet much many so too very all sure necessarily")
_SIGNS: Final = frozenset({"sign", "signs", "button", "zone"})
_BREAKS: Final = (
    stop_words.PREPOSITIONS
    | stop_words.CONJUNCTIONS
    | stop_words.VERBS
    | stop_words.DETERMINERS
    | stop_words.PRONOUNS
    | stop_words.NEGATORS
)
_LEFT_OVER: Final = frozenset({"with", "but", "and", "or"})


class Negated(NamedTuple):
    """Something a text does not want, and which of its tokens say so."""

    start: int
    end: int
    text: str


def find_negated(tokens: Sequence[Token], dated: Collection[int]) -> list[Negated]:
    """Return what a text does not want, in order, none overlapping.

    Parameters
    ----------
    tokens
        The tokens of the text.
    dated
        The places of the tokens that belong to dates, which end a negation.
    """
    found: list[Negated] = []
    at = 0
    while at < len(tokens):
        here = list(_negated(tokens, at, dated)) if at not in dated else []
        found += here
        at = max(here[-1].end if here else at, at + 1)
    return found


def negates(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word turns what follows into what is not wanted."""
    token = tokens[at]
    if not token.plain or token.key not in stop_words.NEGATORS or token.ends or at + 1 >= len(tokens):
        return False
    behind = tokens[at + 1].key
    if token.key == "no":  # "no. 5"
        return not behind[:1].isdecimal()
    if token.key != "not":
        return True
    before = tokens[at - 1] if at else None
    if behind in _NO_NEGATION or (before and before.key in _AUXILIARIES):
        return False
    alone = before is None or before.ends or not before.plain or before.key in stop_words.CONJUNCTIONS
    return alone or behind.endswith("ing") or behind in stop_words.PREPOSITIONS | stop_words.DETERMINERS


def _negated(tokens: Sequence[Token], at: int, dated: Collection[int]) -> Iterator[Negated]:
    """Yield what is negated by the token at a place: nothing, one group, or several that "or" joins."""
    token = tokens[at]
    if token.minus and not token.prefix and token.text:
        yield Negated(at, at + 1, token.text)
        return
    nobody = _nobody(tokens, at)
    if nobody:
        yield Negated(_start(tokens, at), nobody, "people")
        return
    if not negates(tokens, at):
        return
    joints = _LISTING if token.key in _STRONG else _LISTING - {"and", "und"}
    start, group = _start(tokens, at), _group(tokens, at + 1, dated, keep_preposition=token.key == "not")
    while group and not (token.key == "no" and _SIGNS & {each.key for each in tokens[at + 1 : group.end]}):
        yield Negated(start, group.end, group.text)
        listed = _listed(tokens, group.end, dated)
        if listed:
            yield from listed
            return
        joint = tokens[group.end].key if group.end < len(tokens) and not tokens[group.end - 1].ends else ""
        start = group.end
        is_new = start + 1 < len(tokens) and tokens[start + 1].key in stop_words.DETERMINERS - {"any"}
        if joint not in joints or (is_new and joint in {"and", "und"}):  # "without a leash and a man"
            return
        group = _group(tokens, start + 1, dated)


def _listed(tokens: Sequence[Token], at: int, dated: Collection[int]) -> list[Negated]:
    """Return what follows behind a comma when "or" ends the list: "without meat, fish or eggs"."""
    found: list[Negated] = []
    while len(found) < _LONGEST_LIST and tokens[at - 1].plain and tokens[at - 1].text.endswith(","):
        group = _group(tokens, at, dated)
        if not group:
            return []
        found.append(group)
        at = group.end
        if at < len(tokens) and tokens[at].key in _LISTING - {"and", "und"} and not tokens[at - 1].ends:
            last = _group(tokens, at + 1, dated)
            return [*found, last._replace(start=at)] if last else []
    return []


def _nobody(tokens: Sequence[Token], at: int) -> int:
    """Return where "nobody" or "no one" ends, or 0."""
    if tokens[at].key in _NOBODY:
        return at + 1
    return at + 2 if tokens[at].key == "no" and at + 1 < len(tokens) and tokens[at + 1].key == "one" else 0


def _start(tokens: Sequence[Token], at: int) -> int:
    """Take in the "with" or "but" before a negation, which nothing would follow."""
    before = tokens[at - 1] if at else None
    return at - 1 if before and before.key in _LEFT_OVER and not before.ends else at


def _group(
    tokens: Sequence[Token], at: int, dated: Collection[int], *, keep_preposition: bool = False
) -> Negated | None:
    """Read one group of words: "any people", "at night", "wearing a hat", or a quoted phrase."""
    start = at
    lead: list[str] = []
    if keep_preposition and at < len(tokens) and tokens[at].key in stop_words.PREPOSITIONS:
        lead.append(tokens[at].text)
        at += 1
    at = _skip_determiners(tokens, at)
    if at < len(tokens) and tokens[at].quoted and not tokens[at].minus:
        return Negated(start, at + 1, " ".join([*lead, tokens[at].text]))
    words: list[str] = []
    while at < len(tokens) and len(words) < MAX_NEGATED_WORDS and at not in dated and _continues(tokens[at]):
        words.append(tokens[at].text)
        at += 1
        if tokens[at - 1].ends:
            break
        if len(words) == 1 and tokens[at - 1].key.endswith("ing"):
            at = _skip_determiners(tokens, at)
    text = " ".join([*lead, *words]).rstrip(",;.!?:、。")
    return Negated(start, at, text) if words and text else None


def _skip_determiners(tokens: Sequence[Token], at: int) -> int:
    """Go behind "any", "the", "a lot of"."""
    start = at
    while at < len(tokens) and at < start + 4 and tokens[at].key in stop_words.DETERMINERS | {"lot", "of"}:
        at += 1
    return at


def _continues(token: Token) -> bool:
    return token.plain and bool(token.key) and token.key not in _BREAKS
