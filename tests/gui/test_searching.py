"""Queries, of which the newest wins, and other questions, which are all answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from operator import methodcaller

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from photofind.core.errors import QueryError
from photofind.core.library import Library
from photofind.core.records import PhotoRecord
from photofind.core.search import Query, SearchResult
from photofind.gui.searching import SearchLink
from tests.support.gallery import PHOTOS, Gallery

WAIT_MS = 20_000

pytestmark = pytest.mark.usefixtures("qapp")


class Heard:
    """What a link sent: numbers of queries with the ids that were found, or with the sentence."""

    def __init__(self, link: SearchLink) -> None:
        self.found: list[tuple[int, list[int]]] = []
        self.failures: list[tuple[int, str]] = []
        link.found.connect(self._on_found)
        link.failed.connect(lambda number, text: self.failures.append((number, text)))

    def _on_found(self, number: int, result: SearchResult) -> None:
        self.found.append((number, [int(hit.photo_id) for hit in result.hits]))


@pytest.fixture
def link(gallery: Gallery) -> Iterator[SearchLink]:
    made = SearchLink(gallery.library, gallery.settings)
    yield made
    assert made.close(WAIT_MS)


def test_a_query_is_answered_with_its_number(link: SearchLink, gallery: Gallery, qtbot: QtBot) -> None:
    heard = Heard(link)
    ids = gallery.ids()
    for photo_id in ids[:3]:
        heard.found.clear()
        number = link.search(Query(photo_ids=(photo_id,), limit=PHOTOS))
        qtbot.waitUntil(lambda: bool(heard.found), timeout=WAIT_MS)
        assert heard.found[-1][0] == number
        assert heard.found[-1][1][0] == photo_id
        assert sorted(heard.found[-1][1]) == sorted(ids)
    assert heard.failures == []


def test_an_image_from_outside_is_a_query(link: SearchLink, gallery: Gallery, qtbot: QtBot) -> None:
    heard = Heard(link)
    link.search(Query(images=(str(gallery.probe),), limit=5))
    qtbot.waitUntil(lambda: bool(heard.found), timeout=WAIT_MS)
    assert len(heard.found[0][1]) == 5


def test_only_the_newest_query_is_answered(link: SearchLink, gallery: Gallery, qtbot: QtBot) -> None:
    heard = Heard(link)
    ids = gallery.ids()
    numbers = [link.search(Query(photo_ids=(photo_id,), limit=1)) for photo_id in ids]
    assert numbers == sorted(set(numbers))
    qtbot.waitUntil(lambda: bool(heard.found), timeout=WAIT_MS)
    assert heard.found == [(numbers[-1], [ids[-1]])]


def test_a_running_query_that_was_overtaken_is_dropped(
    link: SearchLink, gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    search = Library.search

    def slow_search(self: Library, query: Query) -> SearchResult:
        begun.set()
        assert go_on.wait(60)
        if len(query.photo_ids) > 1:
            raise QueryError("The old query fails.")
        return search(self, query)

    monkeypatch.setattr(Library, "search", slow_search)
    heard = Heard(link)
    ids = gallery.ids()
    for old in (ids[:1], ids[:2]):
        begun.clear()
        go_on.clear()
        link.search(Query(photo_ids=tuple(old), limit=1))
        assert begun.wait(20)
        newest = link.search(Query(photo_ids=(ids[5],), limit=1))
        go_on.set()
        qtbot.waitUntil(lambda: bool(heard.found), timeout=WAIT_MS)
        assert heard.found == [(newest, [ids[5]])]
        assert heard.failures == []
        heard.found.clear()


def test_a_cancelled_query_is_not_answered(link: SearchLink, gallery: Gallery, qtbot: QtBot) -> None:
    heard = Heard(link)
    ids = gallery.ids()
    link.search(Query(photo_ids=(ids[0],), limit=1))
    link.cancel()
    number = link.search(Query(photo_ids=(ids[1],), limit=1))
    qtbot.waitUntil(lambda: bool(heard.found), timeout=WAIT_MS)
    assert heard.found == [(number, [ids[1]])]


def test_a_query_that_cannot_be_answered_fails_with_a_sentence(
    link: SearchLink, gallery: Gallery, qtbot: QtBot
) -> None:
    heard = Heard(link)
    number = link.search(Query(images=(str(gallery.broken),)))
    qtbot.waitUntil(lambda: bool(heard.failures), timeout=WAIT_MS)
    assert heard.failures[0][0] == number
    assert str(gallery.broken) in heard.failures[0][1]
    assert heard.found == []


def test_warming_up_says_nothing_and_keeps_no_query_waiting(
    link: SearchLink, gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, ...]] = []
    warm = threading.Event()
    search = Library.search

    def watched_search(self: Library, query: Query) -> SearchResult:
        asked.append(query.photo_ids)
        try:
            return search(self, query)
        finally:
            warm.set()

    monkeypatch.setattr(Library, "search", watched_search)
    heard = Heard(link)
    link.warm()
    assert warm.wait(20)
    ids = gallery.ids()
    number = link.search(Query(photo_ids=(ids[3],), limit=1))
    qtbot.waitUntil(lambda: bool(heard.found), timeout=WAIT_MS)
    assert heard.found == [(number, [ids[3]])]
    assert asked == [(ids[0],), (ids[3],)]


def test_warming_up_a_damaged_library_says_nothing(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    (fresh_gallery.library / "library.db").write_bytes(b"this is no database" * 400)
    link = SearchLink(fresh_gallery.library, fresh_gallery.settings)
    heard = Heard(link)
    link.warm()
    number = link.search(Query(photo_ids=(1,)))
    qtbot.waitUntil(lambda: bool(heard.failures), timeout=WAIT_MS)
    assert [failure[0] for failure in heard.failures] == [number]
    assert link.close(WAIT_MS)


def test_questions_are_all_answered_in_the_windows_thread(link: SearchLink, gallery: Gallery, qtbot: QtBot) -> None:
    answers: list[PhotoRecord | None] = []
    askers: list[bool] = []
    ids = [*gallery.ids(), 999_999]

    def receive(answer: PhotoRecord | None) -> None:
        askers.append(QThread.currentThread() is link.thread())
        answers.append(answer)

    for photo_id in ids:
        link.ask(methodcaller("photo", photo_id), receive)
    qtbot.waitUntil(lambda: len(answers) == len(ids), timeout=WAIT_MS)
    assert [answer.photo_id if answer is not None else None for answer in answers] == [*ids[:-1], None]
    assert all(askers)


def test_questions_do_not_keep_queries_waiting(link: SearchLink, gallery: Gallery, qtbot: QtBot) -> None:
    let_go = threading.Event()
    answers: list[bool] = []
    heard = Heard(link)
    link.ask(lambda _: let_go.wait(60), answers.append)
    link.search(Query(photo_ids=(gallery.ids()[0],), limit=1))
    qtbot.waitUntil(lambda: bool(heard.found), timeout=WAIT_MS)
    assert answers == []
    let_go.set()
    qtbot.waitUntil(lambda: answers == [True], timeout=WAIT_MS)


def test_a_question_without_an_answer_is_told(link: SearchLink, qtbot: QtBot) -> None:
    def fail(_: Library) -> None:
        raise QueryError("Ask something else.")

    told: list[str] = []
    link.ask(fail, print, failed=told.append)
    with qtbot.waitSignal(link.ask_failed, timeout=WAIT_MS) as caught:
        link.ask(fail, print)
    assert caught.args == ["Ask something else."]
    assert told == ["Ask something else."]


def test_an_answer_to_a_widget_that_is_gone_is_dropped(link: SearchLink, qtbot: QtBot) -> None:
    class Asker(QObject):
        def receive(self, answer: int) -> None:
            raise AssertionError(answer)

    asker = Asker()
    last: list[int] = []
    link.ask(lambda library: library.count_photos(), asker.receive)
    shiboken6.delete(asker)
    link.ask(lambda library: library.count_photos(), last.append)
    qtbot.waitUntil(lambda: last == [PHOTOS], timeout=WAIT_MS)


def test_closing_while_a_query_runs(gallery: Gallery, qtbot: QtBot) -> None:
    link = SearchLink(gallery.library, gallery.settings)
    heard = Heard(link)
    running = list(link._threads)
    link.search(Query(images=(str(gallery.probe),)))
    link.ask(lambda library: library.status(), lambda status: heard.failures.append((0, str(status))))
    assert link.close(WAIT_MS)
    assert all(thread.isFinished() for thread in running)
    with qtbot.waitSignal(link.destroyed, timeout=WAIT_MS):
        link.deleteLater()
    assert heard.found == []
    assert heard.failures == []
