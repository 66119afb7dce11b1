"""Answering queries: what was asked becomes one rule, the index proposes, the catalog says which photos those are.

Scores are cosine similarities, 1 for the same picture; where words add to them, all are divided by the highest that a
photo could reach. ``core/searching`` holds the steps, this module their order.

A step that comes upon a damaged embedding fails, and all begins again without it: what is damaged never has a score.
The answer says how many photos that cost.
"""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from photofind.core.accuracy import Accuracy
from photofind.core.catalog import Catalog, Pack
from photofind.core.encoders import Encoder
from photofind.core.errors import DamagedIndexError, DamagedRowsError, LibraryDamagedError, PackMissingError, QueryError
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.progress import Control
from photofind.core.queries import (
    MAX_LIMIT,
    ExactCheck,
    Filters,
    Hit,
    IndexShape,
    Query,
    Region,
    SearchResult,
    Term,
    Words,
)
from photofind.core.searching.allowed import Allowed, FilterAnswers
from photofind.core.searching.calibrated import KeptAccuracy
from photofind.core.searching.composing import EXPANSION, Composition, compose
from photofind.core.searching.hits import HitList, Own
from photofind.core.searching.images import KnownImages, QueryImages
from photofind.core.searching.missed import asked_exactly, missing
from photofind.core.searching.ranking import Depth, Ranking
from photofind.core.searching.texts import KNOWS_NO_WORDS, QueryTexts, TextReader
from photofind.core.searching.view import IndexView, Seen
from photofind.core.settings import Settings
from photofind.core.vectors import IndexSnapshot
from photofind.core.vectors.relevance import CANNOT_TELL, FEWEST, relevance_mark
from photofind.core.vectors.rule import default_nprobe
from photofind.core.words.describing import describe
from photofind.core.words.meaning import WordsEncoder

__all__ = ["MAX_LIMIT", "Hit", "IndexShape", "Query", "Region", "SearchResult", "Searcher"]

_WIDER = 4
"""What words describe lies farther from every photo than one photo from another: so many times more lists are probed.

Measured with ``tests/benchmarks/bench_filters.py`` at 100,000 photos: 92 % of the exact answers instead of 75 %.
"""
_SAMPLE_STEP = 4
"""Of the sample, every so many rows will do where named things have to be scored."""


_DEFAULTS = Settings()
T = TypeVar("T")


class _Stopped(Exception):  # noqa: N818 - not an error: nobody waits for the answer any more
    """Ends an exact check between two blocks of photos."""


def no_words(_pack: Pack) -> WordsEncoder | None:
    """Return that nothing knows words for the pack's photos."""
    return None


class Searcher:
    """Searches a library while it may be growing; use it from one thread.

    ``open_encoder`` is called with the active pack when the first image from outside the library comes, ``open_words``
    when the first text with free words does; when that raises PackMissingError, the answer says so. ``settings`` tune
    how it searches, see :class:`Settings`. ``pictures`` decode the images.
    """

    def __init__(
        self,
        library: Path,
        catalog: Catalog,
        open_encoder: Callable[[Pack], Encoder],
        limits: DecodeLimits,
        open_words: Callable[[Pack], WordsEncoder | None] = no_words,
        today: Callable[[], datetime.date] = datetime.date.today,
        settings: Settings = _DEFAULTS,
        pictures: Pictures = IN_PLACE,
    ) -> None:
        self._library = library
        self._catalog = catalog
        self._open_words = open_words
        self._today = today
        self._words: tuple[WordsEncoder | None] | None = None
        self._images = QueryImages(catalog, open_encoder, limits, pictures)
        self._is_pack_missing = False
        self._texts = self._text_reader()
        self._filters = FilterAnswers(catalog)
        self._settings = settings
        self._view = IndexView(library, catalog, settings.rerank_candidates, forgiving=True)
        self._kept_accuracy = KeptAccuracy(library, settings.rerank_candidates)
        self._pack: Pack | None = None

    def close(self) -> None:
        """Let the library's files go."""
        self._view.close()

    def search(self, query: Query) -> SearchResult:
        """Return the photos that answer a query best.

        Raises
        ------
        QueryError
            When an image cannot be read, a photo id is unknown, nothing is asked for, or a number is out of range.
        LibraryDamagedError
            When too many embeddings are damaged for the others to stand for the library.
        """
        started = time.perf_counter()
        query.check()
        result = self._asked(tuple(query.terms()), lambda seen: self._answer(query, seen))
        if result is None:
            result = SearchResult([], 1, 1, exact=True, relevance=CANNOT_TELL, elapsed_ms=0.0)
        return replace(result, elapsed_ms=_ms_since(started))

    def check_exactly(self, query: Query, found: Collection[int], control: Control) -> ExactCheck | None:
        """Compare a query with every photo and tell which of the nearest are not among the ids of ``found`` photos.

        Returns None when ``control`` stopped it, which it notices between blocks of photos. A copy of a photo that was
        found is not missed; nor is one where more photos than fit are equally near, and chance picks.

        Raises
        ------
        QueryError
            As :meth:`search` does.
        """
        started = time.perf_counter()
        query.check()
        asked = asked_exactly(query)

        def check() -> None:
            if control.stopping:
                raise _Stopped

        def compare(seen: Seen[KnownImages]) -> ExactCheck:
            result = self._answer(asked, seen, check)
            nearest, missed = missing(result.hits, asked.limit - 1, found, self._catalog, seen.pack)
            check()
            return ExactCheck(nearest, missed, _ms_since(started), result.left_out)

        try:
            return self._asked(tuple(asked.terms()), compare) or ExactCheck(0, (), _ms_since(started))
        except _Stopped:
            return None

    def shape(self) -> IndexShape:
        """Return the shape of the newest view of the index; cheap as long as nothing was committed."""
        seen = self._look(())
        if seen is None:
            return IndexShape(1, 1, 0)
        snapshot = seen.snapshot
        accuracy = self._kept_accuracy.of(seen.pack, snapshot.live)
        return IndexShape(snapshot.nlist, self._default_nprobe(snapshot, accuracy), snapshot.live, accuracy)

    def refresh(self) -> IndexSnapshot | None:
        """Return the newest view of the index, None while the library has no vectors."""
        seen = self._look(())
        return seen.snapshot if seen else None

    # The index

    def _look(self, terms: Sequence[Term]) -> Seen[KnownImages] | None:
        """Return the newest view and which images of the query it holds, all from one commit."""
        seen = self._view.look(lambda pack: self._images.known(terms, pack))
        if seen is not None:
            if self._pack is not None and self._pack.key != seen.pack.key:  # words are said in the space of one pack
                self._words, self._texts, self._is_pack_missing = None, self._text_reader(), False
            self._pack = seen.pack
        return seen

    def _asked(self, terms: Sequence[Term], answer: Callable[[Seen[KnownImages]], T]) -> T | None:
        """Return the answer of the newest view, without the rows that turn out to be damaged; None without vectors."""
        while (seen := self._look(terms)) is not None:
            try:
                return answer(seen)
            except DamagedRowsError as error:
                self._view.leave_out(error)  # or it says that there are too many
            except DamagedIndexError as error:
                self._view.do_without_index(error)
        return None

    def _text_reader(self) -> TextReader:
        return TextReader(self._catalog, self._words_encoder, self._today, self._lack_of_words)

    def _words_encoder(self) -> WordsEncoder | None:
        assert self._pack is not None
        if self._words is None:
            try:
                self._words = (self._open_words(self._pack),)
            except PackMissingError:  # photos of the library can still be searched by, and what they say of themselves
                self._words, self._is_pack_missing = (None,), True
        return self._words[0]

    def _lack_of_words(self) -> str:
        return "The library's model is not installed" if self._is_pack_missing else KNOWS_NO_WORDS

    # The answer

    def _default_nprobe(self, snapshot: IndexSnapshot, accuracy: Accuracy | None) -> int:
        """Return the cheapest nprobe that was measured to reach the wanted recall; unmeasured, what the rule says."""
        if accuracy is None:
            return default_nprobe(snapshot.nlist, snapshot.live)
        return min(accuracy.cheapest(self._settings.default_recall).nprobe, snapshot.nlist)

    def _nprobe(self, query: Query, snapshot: IndexSnapshot, pack: Pack, *, by_words: bool) -> int:
        if query.nprobe is not None:
            return min(query.nprobe, snapshot.nlist)
        nprobe = self._default_nprobe(snapshot, self._kept_accuracy.of(pack, snapshot.live))
        if by_words:  # photos were asked when that was measured, and words lie farther off
            nprobe = max(nprobe, _WIDER * default_nprobe(snapshot.nlist, snapshot.live))
        return min(nprobe, snapshot.nlist)

    def _answer(self, query: Query, seen: Seen[KnownImages], check: Callable[[], None] = lambda: None) -> SearchResult:
        snapshot, pack = seen.snapshot, seen.pack
        known = seen.read.without(snapshot.left_out)
        terms = tuple(query.terms())
        texts = self._texts.read(terms)
        filters = tuple(each for each in (query.filters, *texts.filters) if each)
        allowed = self._filters.allowed(filters, snapshot, pack)
        by_words = any(part.vector is not None for part in texts.parts)
        nprobe = self._nprobe(query, snapshot, pack, by_words=by_words)
        about = SearchResult(
            [],
            nprobe,
            snapshot.nlist,
            exact=True,
            relevance=CANNOT_TELL,
            elapsed_ms=0.0,
            understood=texts.understood,
            unknown=texts.unknown,
            problems=texts.problems,
            matching=len(allowed.photo_ids) if allowed is not None else None,
        )
        images = self._images.vectors(terms, known, snapshot, pack)
        if not all(np.isfinite(vector).all() for vector, _ in images):
            raise self._damaged()
        if not images and not texts.parts:
            return replace(about, hits=self._without_terms(query, texts, allowed, filters))
        about = replace(about, left_out=self._left_out(snapshot, pack, allowed))
        if allowed is not None and not allowed.selection.count:
            return about
        composition = compose(images, texts.parts, snapshot.sample())
        ranking = Ranking(snapshot, self._catalog, pack, self._words_encoder, allowed)
        own = _own(query, known)
        depth = Depth(query.limit + (len(own.vids) if query.exclude_query else 0), nprobe, query.exact)
        scored = ranking.rank(composition, depth, check)
        if query.expand:
            alpha = self._settings.expansion_alpha
            composition = composition.expanded(snapshot.rows(scored.best(EXPANSION)), alpha=alpha)
            scored = ranking.rank(composition, depth, check)
        if not np.isfinite(scored.scores).all():
            raise self._damaged()
        hits = HitList(self._catalog, pack, snapshot, ranking).hits(scored, composition, query, own, allowed)
        mark = self._mark(composition, ranking, snapshot)
        return replace(about, hits=hits, exact=query.exact or scored.all_compared, relevance=mark)

    def _left_out(self, snapshot: IndexSnapshot, pack: Pack, allowed: Allowed | None) -> int:
        """Return how many photos that could be hits are not compared."""
        if not len(snapshot.left_out):
            return 0
        places = self._catalog.vectors.places(pack.id, snapshot.left_out.tolist())
        photo_ids = np.array([place.photo_id for place in places], np.int64)
        return len(photo_ids) if allowed is None else int(allowed.holds(photo_ids).sum())

    def _without_terms(
        self, query: Query, texts: QueryTexts, allowed: Allowed | None, filters: Sequence[Filters]
    ) -> list[Hit]:
        """Return what filters alone keep, newest first; nothing when words were wanted of which nothing is known."""
        if texts.is_vain:
            return []
        if allowed is None:
            if texts.problems or texts.understood or texts.unknown:
                return []
            raise QueryError("There is nothing to search for in this text; type words, or name an image.")
        with self._catalog.snapshot():
            kept = self._catalog.lists.newest(allowed.photo_ids, query.limit)
        why = tuple(reason for each in filters for reason in describe(each))
        return [Hit(t.photo_id, t.path, 1.0, t.offline, why) for t in self._catalog.lists.tiles(kept.tolist())]

    def _mark(self, composition: Composition, ranking: Ranking, snapshot: IndexSnapshot) -> float:
        if composition.vector is None:
            return CANNOT_TELL
        sample = snapshot.sample()
        if composition.wishes and len(sample) > _SAMPLE_STEP * FEWEST:
            sample = sample[::_SAMPLE_STEP]
        mark = relevance_mark(ranking.scores(composition, sample), snapshot.live)
        return mark if mark == CANNOT_TELL else mark / composition.total

    def _damaged(self) -> LibraryDamagedError:
        return LibraryDamagedError(
            f"Embeddings of {self._library} are damaged; run `photofind doctor` on this library."
        )


def _own(query: Query, known: KnownImages) -> Own:
    terms = list(query.terms())
    is_single = len(terms) == 1 and not isinstance(terms[0].of, Words) and terms[0].weight > 0
    asked = os.path.abspath(query.images[0]) if len(query.images) == 1 else None
    return Own(known.vids(), frozenset(known.ids), is_single and not query.expand, asked)


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000.0
