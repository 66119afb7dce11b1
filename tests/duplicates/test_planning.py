"""Plans: each file that goes has one that stays, and nothing goes that something else counts on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.core.catalog.decisions import Mark
from photofind.core.duplicates.keeping import Keeper, Suggestion
from photofind.core.duplicates.planning import LeftOut, Refusal, make_plan, relation, summarize
from photofind.core.errors import PlanError
from photofind.core.evidence import DuplicateGroup, GroupKind, Verdict
from photofind.core.plans import Action, Plan
from photofind.core.records import PhotoId
from tests.duplicates.made_groups import copies, group, member
from tests.duplicates.test_keeping import RULES

RESIZED, EDITED = Verdict.RESIZED, Verdict.EDITED
NOON = datetime(2026, 5, 1, 12, 0, 0, 123, UTC)
Choice = tuple[DuplicateGroup, Mapping[PhotoId, Mark | Suggestion]]


def planned(*choices: Choice, action: Action = Action.TRASH, **options: Any) -> tuple[Plan, dict[str, Refusal]]:
    """Return the plan for these choices, and why which photos were left out of it."""
    left_out: list[LeftOut] = []
    plan = make_plan(choices, action, left_out=left_out.append, clock=lambda: NOON, new_id=lambda: "plan-1", **options)
    return plan, {each.path: each.refusal for each in left_out}


def marked(made: DuplicateGroup, *marks: Mark | None) -> Choice:
    """Return a group with a mark for each member, None for none."""
    return made, {m.photo_id: mark for m, mark in zip(made.members, marks, strict=True) if mark is not None}


def suggested(made: DuplicateGroup) -> Choice:
    suggestions = Keeper(RULES, (), lambda _: False).suggest(made)
    return made, {m.photo_id: suggestion for m, suggestion in zip(made.members, suggestions, strict=True)}


def steps(plan: Plan) -> dict[str, str]:
    return {step.file.path: step.kept.path for step in plan.steps}


def test_suggestions_become_steps_with_the_files_as_they_are() -> None:
    made = group(member("/p/a.jpg"), member("/p/b.jpg", verdict=RESIZED, size=(80, 60), bytes_=77))
    plan, left_out = planned(suggested(made))
    assert (plan.id, plan.made_at, plan.action, plan.target) == ("plan-1", "2026-05-01T12:00:00+00:00", "trash", None)
    (step,) = plan.steps
    kept, gone = made.members
    assert (step.file.path, step.file.stamp, step.file.content_hash) == ("/p/b.jpg", gone.stamp, gone.content_hash)
    assert (step.kept.path, step.kept.stamp, step.kept.content_hash) == ("/p/a.jpg", kept.stamp, kept.content_hash)
    assert (step.verdict, step.reason) == ("resized", "larger picture: 4000x3000 instead of 80x60")
    assert left_out == {}


def test_plans_have_names_and_times_of_their_own() -> None:
    first, second = make_plan([], Action.TRASH), make_plan([], Action.TRASH)
    assert first.id != second.id
    assert datetime.fromisoformat(first.made_at).utcoffset() is not None
    assert first.steps == ()


def test_marks_decide_and_what_has_none_stays() -> None:
    made = copies("/p/a.jpg", "/p/b.jpg", "/p/c.jpg", "/p/d.jpg")
    plan, _ = planned(marked(made, Mark.REMOVE, Mark.SKIP, Mark.REMOVE, Mark.KEEP))
    assert steps(plan) == {"/p/a.jpg": "/p/d.jpg", "/p/c.jpg": "/p/d.jpg"}, "what is marked to stay is what stays"
    assert {step.reason for step in plan.steps} == {"marked by hand"}
    assert steps(planned(marked(made, None, None, None, Mark.SKIP))[0]) == {}


def test_the_same_bytes_stay_rather_than_the_best_picture() -> None:
    made = group(
        member("/p/large.jpg"),
        member("/p/small.jpg", verdict=RESIZED, size=(80, 60), content=9),
        member("/p/small copy.jpg", verdict=RESIZED, size=(80, 60), content=9),
    )
    plan, _ = planned(marked(made, None, None, Mark.REMOVE))
    assert steps(plan) == {"/p/small copy.jpg": "/p/small.jpg"}
    assert plan.steps[0].verdict == Verdict.SAME_FILE
    plan, _ = planned(suggested(made))
    assert steps(plan) == {"/p/small.jpg": "/p/large.jpg", "/p/small copy.jpg": "/p/large.jpg"}


def test_a_group_of_which_nothing_would_stay_is_refused() -> None:
    made = copies("/p/a.jpg", "/p/b.jpg")
    plan, left_out = planned(marked(made, Mark.REMOVE, Mark.REMOVE))
    assert plan.steps == ()
    assert left_out == {"/p/a.jpg": Refusal.NOTHING_STAYS, "/p/b.jpg": Refusal.NOTHING_STAYS}
    away = group(*made.members, member("/usb/c.jpg", verdict=RESIZED, offline=True))
    assert planned(marked(away, Mark.REMOVE, Mark.REMOVE, None))[0].steps == (), "who knows whether it comes back"


def test_protected_and_absent_photos_are_left_out() -> None:
    made = group(
        member("/safe/a.jpg"), member("/p/b.jpg", verdict=RESIZED), member("/usb/c.jpg", verdict=RESIZED, offline=True)
    )
    plan, left_out = planned(marked(made, *[Mark.REMOVE] * 3), is_protected=lambda path: path.startswith("/safe/"))
    assert steps(plan) == {"/p/b.jpg": "/safe/a.jpg"}
    assert left_out == {"/safe/a.jpg": Refusal.PROTECTED, "/usb/c.jpg": Refusal.OFFLINE}


def test_a_hard_link_needs_the_same_bytes() -> None:
    made = group(
        member("/p/a.jpg", content=1),
        member("/p/b.jpg", content=1, verdict=Verdict.SAME_FILE),
        member("/p/c.jpg", verdict=Verdict.SAME_PICTURE),
    )
    plan, left_out = planned(marked(made, None, Mark.REMOVE, Mark.REMOVE), action=Action.HARDLINK)
    assert steps(plan) == {"/p/b.jpg": "/p/a.jpg"}
    assert left_out == {"/p/c.jpg": Refusal.NOT_IDENTICAL}


def test_a_second_path_to_a_file_that_stays_does_not_go() -> None:
    made = copies("/p/a.jpg", "/mount/a.jpg", file_id=5)
    other = group(*made.members, member("/p/other.jpg", verdict=RESIZED))
    plan, left_out = planned(marked(other, None, Mark.REMOVE, None))
    assert plan.steps == ()
    assert left_out == {"/mount/a.jpg": Refusal.SAME_FILE}


def test_what_stays_of_one_group_does_not_go_with_another() -> None:
    first, second = member("/p/a.jpg", content=1), member("/p/b.jpg", content=1, verdict=Verdict.SAME_FILE)
    larger = member("/p/larger.jpg", size=(8000, 6000))
    plan, left_out = planned(
        marked(group(first, second, kind=GroupKind.EXACT), None, Mark.REMOVE),
        marked(group(larger, first), None, Mark.REMOVE),
    )
    assert steps(plan) == {"/p/b.jpg": "/p/a.jpg"}
    assert left_out == {"/p/a.jpg": Refusal.NEEDED}


def test_a_photo_goes_once() -> None:
    made = copies("/p/a.jpg", "/p/b.jpg")
    plan, _ = planned(marked(made, None, Mark.REMOVE), marked(made, None, Mark.REMOVE))
    assert steps(plan) == {"/p/b.jpg": "/p/a.jpg"}


def test_similar_shots_go_only_by_hand() -> None:
    made = group(member("/p/a.jpg"), member("/p/b.jpg", verdict=Verdict.SIMILAR), kind=GroupKind.SIMILAR)
    assert planned(suggested(made))[0].steps == ()
    (step,) = planned(marked(made, None, Mark.REMOVE))[0].steps
    assert step.verdict == Verdict.SIMILAR


def test_the_target_goes_with_moving() -> None:
    made = copies("/p/a.jpg", "/p/b.jpg")
    plan, _ = planned(marked(made, None, Mark.REMOVE), action=Action.MOVE, target="/away")
    assert (plan.action, plan.target) == (Action.MOVE, "/away")
    with pytest.raises(PlanError, match="name the folder"):
        make_plan([], Action.MOVE)
    with pytest.raises(PlanError, match="leave it out"):
        make_plan([], Action.TRASH, "/away")


def test_what_members_are_to_each_other() -> None:
    reference = member("/p/a.jpg", content=1)
    resized, edited = member("/p/b.jpg", verdict=RESIZED), member("/p/c.jpg", verdict=EDITED)
    assert relation(reference, resized) is RESIZED
    assert relation(edited, reference) is EDITED
    assert relation(resized, edited) is relation(edited, resized) is EDITED
    assert relation(reference, member("/p/d.jpg", content=1, verdict=Verdict.SAME_FILE)) is Verdict.SAME_FILE
    assert relation(reference, member("/p/e.jpg")) is Verdict.SIMILAR, "nothing is known, so nothing is promised"


def test_a_summary_counts_files_bytes_and_folders() -> None:
    made = copies("/p/a.jpg", "/p/x/b.jpg", "/p/x/c.jpg", "/p/y/d.jpg", bytes_=100)
    plan, _ = planned(marked(made, None, Mark.REMOVE, Mark.REMOVE, Mark.REMOVE))
    summary = summarize(plan)
    assert (summary.files, summary.bytes, list(summary.folders)) == (3, 300, [("/p/x", 2), ("/p/y", 1)])


_PATHS = [f"/{folder}/{name}.jpg" for folder in ("p", "safe", "usb") for name in "abc"]
_MARKS = st.sampled_from([*Mark, None, Mark.REMOVE])


@st.composite
def _choices(draw: st.DrawFn) -> list[Choice]:
    photos = [
        member(
            path,
            content=draw(st.integers(1, 4)),
            verdict=draw(st.sampled_from([*Verdict])),
            file_id=draw(st.integers(0, 4)),
            offline=path.startswith("/usb"),
        )
        for path in _PATHS
    ]
    groups = draw(st.lists(st.lists(st.sampled_from(photos), min_size=2, unique_by=id), min_size=1, max_size=4))
    return [marked(group(*members), *(draw(_MARKS) for _ in members)) for members in groups]


@given(_choices(), st.sampled_from([Action.TRASH, Action.HARDLINK]))
def test_no_plan_takes_what_it_counts_on(choices: list[Choice], action: Action) -> None:
    plan, left_out = planned(*choices, action=action, is_protected=lambda path: path.startswith("/safe/"))
    going = [step.file.path for step in plan.steps]
    assert len(going) == len(set(going))
    for step in plan.steps:
        assert step.kept.path not in going
        assert step.file.path.startswith("/p/")
        assert not step.kept.path.startswith("/usb/")
        assert step.file != step.kept
        if action is Action.HARDLINK:
            assert step.file.content_hash == step.kept.content_hash
    for made, decisions in choices:
        if len(choices) == 1 and any(photo.path in going for photo in made.members):
            assert any(photo.path not in going and not photo.offline for photo in made.members)
        for photo in made.members:
            if decisions.get(photo.photo_id) is Mark.REMOVE:
                assert (photo.path in going) or photo.path in left_out
