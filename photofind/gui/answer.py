"""What is said about an answer: how much it found and how, what was understood, and what to try when there is nothing.

Sentences only; what the photos are, the grid shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from photofind.core.queries import SearchResult
from photofind.gui.names import displayable
from photofind.gui.numbers import decimal, grouped
from photofind.gui.query import WindowQuery

_MOST_UNKNOWN = 5


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why there are no photos, and what the user might try."""

    headline: str
    hints: tuple[str, ...] = ()


class AnswerWords(QObject):
    """The sentences about answers."""

    def summary(self, result: SearchResult, query: WindowQuery, most: int) -> str:
        """Say how many photos fit as far as that can be told, and how they were found: ``5 photos look alike · exact``.

        Parameters
        ----------
        most:
            So many hits were asked for; there may be more.
        """
        parts = [self._found(result, query, most), self.tr("exact") if result.exact else self.tr("approximate")]
        parts.append(self.tr("{} ms").format(decimal(result.elapsed_ms, 0 if result.elapsed_ms >= 10 else 1)))
        return " · ".join(parts)

    def line(self, result: SearchResult) -> str:
        """Say what the search made of the words, and what it had to leave out; mostly nothing for pictures alone."""
        said = []
        if result.understood:
            said.append(self.tr("Understood: {}").format(displayable(result.understood)))
        if result.unknown and result.hits:
            said.append(self.tr("Nothing known of {}").format(self._quoted(result.unknown)))
        said += [displayable(problem).removesuffix(".") for problem in result.problems]
        if result.left_out:
            said.insert(0, self.left_out(result.left_out).removesuffix("."))  # no width may cut it off
        return " — ".join(said)

    def left_out(self, count: int) -> str:
        """Say how many photos were not compared, because their embeddings are damaged."""
        if count == 1:
            return self.tr("1 photo could not be compared: its embedding is damaged; run `photofind doctor`.")
        words = self.tr("{} photos could not be compared: their embeddings are damaged; run `photofind doctor`.")
        return words.format(grouped(count))

    def kept(self, matching: int | None, total: int | None) -> str:
        """Say how many photos the filters keep: ``3 of 812 photos match the filters``; nothing without any.

        Parameters
        ----------
        total:
            The number of photos in the library, None when it is not known.
        """
        if matching is None:
            return ""
        if total is not None and total >= matching:
            return self.tr("{} of {} photos match the filters").format(grouped(matching), grouped(total))
        if matching == 1:
            return self.tr("1 photo matches the filters")
        return self.tr("{} photos match the filters").format(grouped(matching))

    def nothing(self, result: SearchResult, query: WindowQuery) -> Nothing:
        """Say why a query has no answer, and what to try."""
        if result.matching == 0:
            return self.no_match(query)
        if result.unknown:
            return Nothing(
                self.tr("photofind does not know {}").format(self._quoted(result.unknown)),
                (
                    self.tr("Try other words for it, or the name of a folder, a place or a year."),
                    self.tr("Or start from a photo: drop a picture here, or click one that is close."),
                    self.tr("A model pack for words, from the settings, knows more of them."),
                ),
            )
        hints = [self.tr("Try fewer or other words.")] if any(part.words is not None for part in query.parts) else []
        if query.filters:
            hints.append(self.tr("Or let the filters keep more photos."))
        return Nothing(self.tr("No photos found"), tuple(hints))

    def no_match(self, query: WindowQuery) -> Nothing:
        """Say that the filters keep no photo; those that were typed can be changed only where they were typed."""
        typed = _typed_conditions(query)
        change_filters = self.tr("Change or clear the filters to see more.")
        change_words = self.tr("Change or take out {} in the words.").format(self._quoted(typed))
        if not typed:
            return Nothing(self.tr("No photo matches the filters"), (change_filters,))
        if not query.filters:
            return Nothing(self.tr("No photo matches the words"), (change_words,))
        return Nothing(self.tr("No photo matches the filters and the words"), (change_filters, change_words))

    def _found(self, result: SearchResult, query: WindowQuery, most: int) -> str:
        own = {part.photo_id for part in query.parts}
        scores = [hit.score for hit in result.hits if hit.photo_id not in own]
        by_words = any(part.words is not None and not part.is_negative for part in query.parts)
        if not scores:
            return self.tr("No other photos yet") if result.hits else self.tr("No photos found")
        if result.relevance < 0:  # the library is too small to tell
            return self.tr("Best matches first") if by_words else self.tr("Most alike first")
        alike = sum(score >= result.relevance for score in scores)
        is_more = alike == len(scores) and len(result.hits) >= most
        return self._fitting(alike, is_more=is_more) if by_words else self._alike(alike, is_more=is_more)

    def _alike(self, count: int, *, is_more: bool) -> str:
        if count == 0:
            return self.tr("No photo looks much alike")
        if count == 1:
            return self.tr("1 photo looks alike")
        words = self.tr("More than {} photos look alike") if is_more else self.tr("{} photos look alike")
        return words.format(grouped(count))

    def _fitting(self, count: int, *, is_more: bool) -> str:
        if count == 0:
            return self.tr("No photo fits well")
        if count == 1:
            return self.tr("1 photo fits well")
        words = self.tr("More than {} photos fit well") if is_more else self.tr("{} photos fit well")
        return words.format(grouped(count))

    def _quoted(self, words: Sequence[str]) -> str:
        quoted = [self.tr("“{}”").format(displayable(word)) for word in words[:_MOST_UNKNOWN]]
        return ", ".join(quoted) + (" …" if len(words) > _MOST_UNKNOWN else "")


def _typed_conditions(query: WindowQuery) -> list[str]:
    """Return what was typed that leaves photos out, such as ``folder: Kyoto``."""
    from photofind.core.words.describing import describe  # which only this rare case needs
    from photofind.core.words.reading import read_words

    today = datetime.date.today()
    wanted = [part.words for part in query.parts if part.words is not None and not part.is_negative]
    return [condition for words in wanted for condition in describe(read_words(words, today=today).filters)]
