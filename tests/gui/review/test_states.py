"""What the review shows while there is nothing to review, and how looking for duplicates is told."""

from __future__ import annotations

import pytest

from photofind.core.errors import LibraryDamagedError
from photofind.gui.review.header import FindState
from photofind.gui.worker_link import WorkerProgress
from tests.gui.review.conftest import OpenReview
from tests.gui.review.handmade import Groups


@pytest.fixture
def nothing(groups: Groups) -> Groups:
    groups.made.clear()
    return groups


@pytest.mark.usefixtures("nothing")
def test_no_duplicates_says_how_many_photos_were_compared(open_review: OpenReview) -> None:
    reviewing = open_review()
    reviewing.page.show_finding(FindState())
    assert reviewing.page.state.isVisible()
    assert reviewing.page.state.text == "No duplicates 30 photos were compared."
    assert not reviewing.page.state.button.isVisible()
    assert not reviewing.page.summary.isVisible()


def test_photos_that_were_not_compared_are_offered_to_be(open_review: OpenReview, nothing: Groups) -> None:
    nothing.was_searched, nothing.waiting = False, 30
    reviewing = open_review()
    reviewing.page.show_finding(FindState())
    assert "30 photos were not compared yet" in reviewing.page.state.text
    with reviewing.opened.qtbot.waitSignal(reviewing.page.find_requested, timeout=10_000):
        reviewing.page.state.button.click()


@pytest.mark.usefixtures("nothing")
def test_finding_is_told_as_it_goes_on_and_groups_appear(open_review: OpenReview) -> None:
    reviewing = open_review()
    worker = reviewing.opened.window.session.worker
    worker.duplicates_progressed.emit(WorkerProgress("compare", 1200, 48_000, 0, 0.0, None, False))
    assert reviewing.page.header.text == "Comparing 1,200 of 48,000 …"
    assert "Comparing 1,200 of 48,000" in reviewing.page.state.text
    with reviewing.opened.qtbot.waitSignal(reviewing.review.listed, timeout=30_000):
        worker.duplicates_found.emit({})
    assert reviewing.page.header.text == ""
    assert reviewing.page.state.text.startswith("No duplicates")


def test_an_error_is_said_and_can_be_tried_again(open_review: OpenReview, groups: Groups) -> None:
    reviewing = open_review()
    made, groups.made = groups.made, []
    groups.error = LibraryDamagedError("The file duplicates.db is damaged; delete it.")
    with reviewing.opened.qtbot.waitSignal(reviewing.review.list_failed, timeout=30_000):
        reviewing.control.refresh()
    assert reviewing.page.problem == "The file duplicates.db is damaged; delete it."
    groups.error, groups.made = None, made
    with reviewing.opened.qtbot.waitSignal(reviewing.review.listed, timeout=30_000):
        reviewing.page.header.search.click()
        reviewing.control.refresh()
    assert reviewing.page.problem == ""


def test_a_search_by_words_leads_back_to_the_photos(open_review: OpenReview) -> None:
    reviewing = open_review()
    reviewing.opened.window.action_set["home"].setEnabled(True)
    reviewing.opened.do("home")
    assert not reviewing.control.is_open
