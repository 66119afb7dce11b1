"""What an answer of a damaged library is worth, beside that of the healthy one.

Answers are lists of lines, see ``reading``. One that lacks lines because of damaged rows is right when it says how
many, and when no line is in it that the healthy library would not give, and none that comes too early.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from tests.campaign.rot.reading import LEFT_OUT, RANKING, REFUSED

_COMPLETE: Final = "exactly "
"""Questions that compare with every photo: all that is left out lacks in their answers, and nothing else."""
_CACHES: Final = {"accuracy": ["None"]}
"""What may be missing without a word: it is made anew when somebody asks for it."""


class Verdict(StrEnum):
    """What an answer is worth, in the words in which it is counted."""

    RIGHT = "answers right"
    REFUSED = "answers refused"
    WITHOUT = "answers without damaged rows, said"
    WRONG = "wrong answers"


def verdict(question: str, found: Any, healthy: Mapping[str, Any], *, told: bool) -> Verdict:
    """Judge one answer; ``told`` says that the doctor, or another answer, names a damage."""
    if is_refusal(found):
        return Verdict.REFUSED
    wanted = healthy.get(question)
    if found == wanted or found == _CACHES.get(question):
        return Verdict.RIGHT
    if isinstance(wanted, list) and told and _is_right_but_for_some(question, found, wanted, healthy):
        return Verdict.WITHOUT
    return Verdict.WRONG


def is_refusal(found: Any) -> bool:
    """Tell whether an answer is a sentence that says why there is none, or begins with such a sentence."""
    return isinstance(found, str) or str(found[0] if found else "").startswith(REFUSED)


def _is_right_but_for_some(
    question: str, found: Sequence[str], wanted: Sequence[str], healthy: Mapping[str, Any]
) -> bool:
    said = [line for line in found if line.startswith(LEFT_OUT)]
    mine = {line for line in found if not line.startswith(LEFT_OUT)}
    if len(said) != 1 or len(mine) != len(found) - 1:
        return False
    left_out = int(said[0].removeprefix(LEFT_OUT))
    ranked = healthy.get(RANKING.get(question, question), wanted)
    # As many hits as were asked for: those that lack are the ones that come before the last of them.
    lowest = min(map(_score, mine)) if question in RANKING and len(mine) == len(wanted) else -math.inf
    lacking = sum(line not in mine and _score(line) > lowest for line in ranked)
    fits = lacking == left_out if question.startswith(_COMPLETE) else lacking <= left_out
    return mine <= set(ranked) and fits


def _score(line: str) -> float:
    return float(line.split(maxsplit=1)[0])
