"""What an actor does with files, what it leaves alone and why, and how it brings everything back."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from photofind.core.actions import linking, relocating, renaming, verifying
from photofind.core.catalog.journal import Journal, StepState
from photofind.core.errors import LibraryBusyError, PlanError, StorageError, TrashError
from photofind.core.plans import Action, Outcome, StepResult
from tests.actions.conftest import Desk
from tests.actions.worlds import plan_for

_MTIME = 1_111_111_111_123_456_789


def _pair(desk: Desk) -> tuple[Path, Path]:
    return desk.file("b/copy.jpg"), desk.file("a/kept.jpg")


def _target(desk: Desk, action: Action) -> Path | None:
    return desk.top / "moved" if action == Action.MOVE else None


def _outcomes(results: list[StepResult]) -> list[Outcome]:
    return [result.outcome for result in results]


def _tree(top: Path) -> dict[str, tuple[int, int, int, bytes]]:
    return {
        str(path): (path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_mode, path.read_bytes())
        for path in sorted(top.rglob("*"))
        if path.is_file() and not path.name.startswith(("journal.", "lock"))
    }


@pytest.mark.parametrize("action", Action)
def test_a_file_goes_and_comes_back_as_it_was(desk: Desk, action: Action) -> None:
    file, kept = _pair(desk)
    file.chmod(0o640)
    os.utime(file, ns=(5, _MTIME))
    plan = plan_for((file, kept), action=action, target=_target(desk, action))
    [result] = desk.actor().apply(plan)
    assert (result.outcome, result.reason) == (Outcome.DONE, "")
    assert kept.read_bytes() == b"the picture"
    if action == Action.HARDLINK:
        assert file.samefile(kept)
    else:
        assert not file.exists()
        assert result.now_at is not None
        assert Path(result.now_at).read_bytes() == b"the picture"

    [undone] = desk.actor().undo(plan.id)  # another actor, as after a restart
    assert (undone.outcome, undone.reason) == (Outcome.UNDONE, "")
    status = file.stat()
    assert file.read_bytes() == b"the picture"
    assert (status.st_mtime_ns, stat.S_IMODE(status.st_mode)) == (_MTIME, 0o640)
    assert not file.samefile(kept)
    assert list(desk.actor().undo(plan.id)) == []
    assert not [path for path in desk.top.rglob("*") if path.name.startswith(".photofind-")]


@pytest.mark.parametrize("action", Action)
def test_a_check_tells_the_same_and_touches_nothing(desk: Desk, action: Action) -> None:
    file, kept = _pair(desk)
    gone = desk.file("b/gone.jpg")
    plan = plan_for((file, kept), (gone, kept), action=action, target=_target(desk, action))
    gone.unlink()
    before = _tree(desk.top)
    checked = list(desk.actor().check(plan))
    assert _tree(desk.top) == before
    assert not (desk.top / "data").exists()
    applied = list(desk.actor().apply(plan))
    assert _outcomes(checked) == _outcomes(applied) == [Outcome.DONE, Outcome.SKIPPED]
    assert checked[1].reason == applied[1].reason == "The file is gone."


def _change_in_secret(file: Path, _: Path) -> None:
    status = file.stat()
    file.write_bytes(b"The Picture")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def _change(file: Path, _: Path) -> None:
    file.write_bytes(b"something longer than it was")


def _nothing(*_: object) -> None:
    """Make nothing in its place."""


def _become(make: Callable[[Path], object]) -> Callable[[Path, Path], None]:
    def become(file: Path, _: Path) -> None:
        file.unlink()
        make(file)

    return become


def _on_kept(act: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    return lambda file, kept: act(kept, file)


def _link_to_other(file: Path, other: Path) -> None:
    file.unlink()
    os.link(other, file)


def _symlink_to_other(file: Path, other: Path) -> None:
    file.unlink()
    file.symlink_to(other)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_change, "The file has changed since the plan was made."),
        (_change_in_secret, "The file "),
        (_become(_nothing), "The file is gone."),
        (_become(Path.mkdir), "The file was replaced by a folder."),
        (_become(lambda path: os.mkfifo(path)), "The file is no regular file any more."),
        (_symlink_to_other, "The file was replaced by a link."),
        (_link_to_other, "It is the kept file itself, by another path or as a hard link."),
        (_on_kept(_change), "The kept file has changed since the plan was made."),
        (_on_kept(_change_in_secret), "The "),
        (_on_kept(_become(_nothing)), "The kept file is gone."),
        (_on_kept(_become(Path.mkdir)), "The kept file was replaced by a folder."),
        (_on_kept(_become(lambda path: os.mkfifo(path))), "The kept file is no regular file any more."),
        (_on_kept(_symlink_to_other), "The kept file was replaced by a link."),
        (_on_kept(_link_to_other), "It is the kept file itself, by another path or as a hard link."),
    ],
)
def test_what_happened_since_the_plan_is_noticed(
    desk: Desk, action: Action, happens: Callable[[Path, Path], None], reason: str
) -> None:
    file, kept = _pair(desk)
    other = desk.file("b/other.jpg", b"another picture"), desk.file("a/other.jpg", b"another picture")
    plan = plan_for((file, kept), other, action=action, target=_target(desk, action))
    happens(file, kept)
    before = {path: path.read_bytes() for path in (file, kept) if path.is_file()}
    results = list(desk.actor().apply(plan))
    assert _outcomes(results) == [Outcome.SKIPPED, Outcome.DONE]  # the rest goes on
    assert results[0].reason.startswith(reason)
    assert {path: path.read_bytes() for path in (file, kept) if path.is_file()} == before


def test_one_file_by_two_paths_is_not_two(desk: Desk) -> None:
    kept = desk.file("a/kept.jpg")
    (desk.top / "link").symlink_to(desk.top / "a")
    hard = desk.top / "a" / "hard.jpg"
    os.link(kept, hard)
    plan = plan_for((desk.top / "link" / "kept.jpg", kept), (hard, kept))
    results = list(desk.actor().apply(plan))
    assert _outcomes(results) == [Outcome.SKIPPED, Outcome.SKIPPED]
    assert "kept file" in results[0].reason
    assert kept.read_bytes() == hard.read_bytes() == b"the picture"


def test_a_plan_does_not_eat_its_own_kept_files(desk: Desk) -> None:
    first, second, third = (desk.file(f"{name}/x.jpg") for name in "abc")
    (desk.top / "link").symlink_to(desk.top / "b")
    plan = plan_for((first, desk.top / "link" / "x.jpg"), (second, third), (desk.top / "link" / "x.jpg", third))
    for results in (list(desk.actor().check(plan)), list(desk.actor().apply(plan))):
        assert _outcomes(results) == [Outcome.SKIPPED, Outcome.DONE, Outcome.SKIPPED]
        assert results[0].reason == "The kept file is itself to be taken away by this plan."
        assert results[2].reason == "The plan names this file twice."
    assert first.exists()
    assert third.exists()


def test_a_protected_folder_is_not_touched_by_any_path(desk: Desk) -> None:
    kept, plain = desk.file("a/kept.jpg"), desk.file("b/plain.jpg")
    inside, second = desk.file("safe/deep/copy.jpg"), desk.file("safe/deep/second.jpg")
    (desk.top / "door").symlink_to(desk.top / "safe" / "deep")
    (desk.top / "safe" / "out").symlink_to(desk.top / "b")
    plan = plan_for((inside, kept), (desk.top / "door" / "second.jpg", kept), (desk.top / "safe/out/plain.jpg", kept))
    results = list(desk.actor(protected=(desk.top / "safe",)).apply(plan))
    assert [result.reason for result in results] == ["It lies in a protected folder."] * 3
    assert inside.read_bytes() == second.read_bytes() == plain.read_bytes() == b"the picture"
    kept_inside = plan_for((plain, inside))
    assert _outcomes(list(desk.actor(protected=(desk.top / "safe",)).apply(kept_inside))) == [Outcome.DONE]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_folder_that_cannot_be_written_to(desk: Desk) -> None:
    file, kept = _pair(desk)
    plan = plan_for((file, kept))
    file.parent.chmod(0o500)
    try:
        [result] = desk.actor().apply(plan)
    finally:
        file.parent.chmod(0o700)
    assert result.reason == "Its folder cannot be written to."


# Moving


def test_moving_keeps_folders_and_overwrites_nothing(desk: Desk) -> None:
    kept = desk.file("a/kept.jpg")
    first, second = desk.file("photos/one/x.jpg"), desk.file("photos/two/x.jpg")
    taken = desk.file("moved/one/x.jpg", b"was here first")
    plan = plan_for((first, kept), (second, kept), action=Action.MOVE, target=desk.top / "moved")
    results = list(desk.actor().apply(plan))
    assert [result.now_at for result in results] == [
        str(desk.top / "moved/one/x (2).jpg"),
        str(desk.top / "moved/two/x.jpg"),
    ]
    assert taken.read_bytes() == b"was here first"
    again = list(
        desk.actor().apply(plan_for((desk.top / "moved/two/x.jpg", kept), action=Action.MOVE, target=plan.target))
    )
    assert again[0].reason == "It is in the folder to move to already."


def _split_volumes(monkeypatch: pytest.MonkeyPatch, far: Path) -> None:
    rename = renaming._renameat2

    def across(first: str, second: str, flags: int) -> bool:
        if first.startswith(str(far)) != second.startswith(str(far)):
            os.lstat(first)
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(first, second, flags)

    monkeypatch.setattr(renaming, "_renameat2", across)


def test_moving_to_another_volume_copies_verifies_and_keeps_the_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, kept = _pair(desk)
    os.utime(file, ns=(5, _MTIME))
    _split_volumes(monkeypatch, desk.top / "moved")
    plan = plan_for((file, kept), action=Action.MOVE, target=desk.top / "moved")
    [result] = desk.actor().apply(plan)
    moved = desk.top / "moved" / "copy.jpg"
    assert result.now_at == str(moved)
    assert (moved.read_bytes(), moved.stat().st_mtime_ns) == (b"the picture", _MTIME)
    assert not file.exists()
    [undone] = desk.actor().undo(plan.id)
    assert undone.outcome == Outcome.UNDONE
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (b"the picture", _MTIME)
    assert not moved.exists()


def test_a_full_volume_leaves_the_original_and_no_half_copy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file, kept = _pair(desk)
    _split_volumes(monkeypatch, desk.top / "moved")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    [result] = desk.actor().apply(plan_for((file, kept), action=Action.MOVE, target=desk.top / "moved"))
    assert result.outcome == Outcome.FAILED
    assert result.reason == "The system refused: No space left on device."
    assert file.read_bytes() == b"the picture"
    assert not [path for path in (desk.top / "moved").rglob("*") if path.is_file()]


def test_a_plan_that_cannot_be_carried_out_at_all(desk: Desk) -> None:
    file, kept = _pair(desk)
    for target in (None, "relative/folder"):
        with pytest.raises(PlanError, match="to which folder"):
            list(desk.actor().apply(plan_for((file, kept), action=Action.MOVE, target=target)))
    safe = desk.top / "safe"
    with pytest.raises(PlanError, match="protected"):
        list(desk.actor(protected=(safe,)).apply(plan_for((file, kept), action=Action.MOVE, target=safe / "x")))
    with pytest.raises(PlanError, match="cannot be written"):
        list(desk.actor().check(plan_for((file, kept), action=Action.MOVE, target=kept / "below a file")))
    assert file.exists()


# Hard links


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_link_takes_the_place_of_a_file(desk: Desk, monkeypatch: pytest.MonkeyPatch, can_exchange: bool) -> None:
    if not can_exchange:
        monkeypatch.setattr(renaming, "_function", lambda: None)
    file, kept = _pair(desk)
    other = desk.file("b/other.jpg", b"the same picture, encoded anew")
    plan = plan_for((file, kept), (other, kept), action=Action.HARDLINK)
    results = list(desk.actor().apply(plan))
    assert _outcomes(results) == [Outcome.DONE, Outcome.SKIPPED]
    assert "byte by byte" in results[1].reason
    assert file.samefile(kept)
    assert sorted(path.name for path in file.parent.iterdir()) == ["copy.jpg", "other.jpg"]
    assert _outcomes(list(desk.actor().undo(plan.id))) == [Outcome.UNDONE]
    assert not file.samefile(kept)
    assert sorted(path.name for path in file.parent.iterdir()) == ["copy.jpg", "other.jpg"]


def test_a_link_is_undone_though_it_was_removed_or_the_kept_file_was(desk: Desk) -> None:
    file, kept = _pair(desk)
    second = desk.file("c/second.jpg")
    plan = plan_for((file, kept), (second, kept), action=Action.HARDLINK)
    list(desk.actor().apply(plan))
    file.unlink()
    kept.write_bytes(b"written over")  # and through it the other link
    results = list(desk.actor().undo(plan.id))
    assert [result.reason for result in results] == [
        "Something else has appeared in its place; it is not overwritten.",
        "The kept file has changed, and with it the bytes of this one.",
    ]
    kept.write_bytes(b"the picture")
    assert _outcomes(list(desk.actor().undo(plan.id))) == [Outcome.UNDONE, Outcome.UNDONE]
    assert file.read_bytes() == second.read_bytes() == b"the picture"
    assert len({path.stat().st_ino for path in (file, second, kept)}) == 3


def test_a_volume_without_hard_links(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file, kept = _pair(desk)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    [result] = desk.actor().apply(plan_for((file, kept), action=Action.HARDLINK))
    assert (result.outcome, result.reason) == (Outcome.SKIPPED, "Its volume has no hard links.")


# Trash


class PlainTrash:
    """A trash that says where a file is only afterwards, and does what a test wants of it."""

    def __init__(self, folder: Path, put: Callable[[str, str], None] = os.rename) -> None:
        self._folder = folder
        self._put = put
        folder.mkdir()

    def can_take(self, path: str) -> None:
        if path.endswith("refused.jpg"):
            raise TrashError("There is no trash here.")

    def put(self, path: str) -> str:
        place = str(self._folder / os.path.basename(path))
        self._put(path, place)
        return place

    def restore(self, now_at: str, path: str) -> None:
        if os.path.lexists(path):
            raise TrashError("It is taken.")
        Path(now_at).rename(path)


def _refuse(path: str, _: str) -> None:
    raise TrashError(f"Nothing is taken from {path}.")


def test_a_trash_that_does_not_work_is_not_replaced_by_deleting(desk: Desk) -> None:
    file, kept = _pair(desk)
    refused = desk.file("b/refused.jpg")
    plan = plan_for((file, kept), (refused, kept))
    results = list(desk.actor(trash=PlainTrash(desk.top / "t", _refuse)).apply(plan))
    assert [result.reason for result in results] == [f"Nothing is taken from {file}.", "There is no trash here."]
    [lied, _] = desk.actor(trash=PlainTrash(desk.top / "t2", _nothing)).apply(plan)
    assert lied.reason == "The trash did not take it."
    assert file.exists()
    assert refused.exists()


def test_a_trash_that_says_afterwards_where_a_file_is(desk: Desk) -> None:
    file, kept = _pair(desk)
    plan, trash = plan_for((file, kept)), PlainTrash(desk.top / "t")
    [result] = desk.actor(trash=trash).apply(plan)
    assert result.now_at == str(desk.top / "t" / "copy.jpg")
    [undone] = desk.actor(trash=trash).undo(plan.id)
    assert undone.outcome == Outcome.UNDONE
    assert file.exists()


def test_the_kept_file_that_vanishes_with_the_other_comes_back(desk: Desk) -> None:
    """A share that is mounted twice, under two device numbers, shows one file as two."""
    file, kept = _pair(desk)

    def put(path: str, place: str) -> None:
        Path(path).rename(place)
        kept.unlink()

    [result] = desk.actor(trash=PlainTrash(desk.top / "t", put)).apply(plan_for((file, kept)))
    assert result.reason == "The kept file vanished or changed at that moment; the file was put back."
    assert file.read_bytes() == b"the picture"


def test_what_was_saved_at_the_last_moment_is_put_back(desk: Desk) -> None:
    file, kept = _pair(desk)

    def put(path: str, place: str) -> None:
        Path(path + ".new").write_bytes(b"edited just now")
        Path(path + ".new").replace(path)
        Path(path).rename(place)

    [result] = desk.actor(trash=PlainTrash(desk.top / "t", put)).apply(plan_for((file, kept)))
    assert result.reason == "The file was replaced at the last moment; it was put back."
    assert file.read_bytes() == b"edited just now"


# The last moment


def _secretly(path: Path, content: bytes) -> None:
    status = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _save_anew(path: Path, content: bytes) -> None:
    new = path.with_name("new")
    new.write_bytes(content)
    new.replace(path)


@pytest.mark.parametrize("save", [_secretly, _save_anew])
@pytest.mark.parametrize("whose", ["file", "kept"])
def test_what_changes_while_it_is_compared_is_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path, bytes], None], whose: str
) -> None:
    file, kept = _pair(desk)
    changed = file if whose == "file" else kept
    compare = verifying._digest_same

    def compare_and_change(first: io.FileIO, second: io.FileIO) -> tuple[bytes, bytes]:
        digests = compare(first, second)
        save(changed, b"The Picture")
        return digests

    monkeypatch.setattr(verifying, "_digest_same", compare_and_change)
    [result] = desk.actor().apply(plan_for((file, kept)))
    assert result.reason.endswith("changed while it was being read.")
    assert changed.read_bytes() == b"The Picture"


@pytest.mark.parametrize("whose", ["file", "kept", "both alike"])
def test_a_change_that_shows_in_the_bytes_only(desk: Desk, whose: str) -> None:
    file, kept = desk.file("b/edited.jpg", b"another picture"), desk.file("a/kept.jpg")
    if whose == "both alike":
        file.write_bytes(b"the picture")
    plan = plan_for((file, kept))
    for path in {"file": [file], "kept": [kept], "both alike": [file, kept]}[whose]:
        _secretly(path, path.read_bytes().upper())
    [result] = desk.actor().apply(plan)
    name = "The kept file" if whose == "kept" else "The file"
    assert result.reason == f"{name} has changed since the plan was made."
    assert file.exists()


def test_what_is_saved_right_before_it_is_moved_comes_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file, kept = _pair(desk)
    rename = renaming.rename_new

    def save_and_rename(source: str, target: str) -> None:
        if source == str(file):
            _save_anew(file, b"edited just now")
        rename(source, target)

    monkeypatch.setattr(relocating, "rename_new", save_and_rename)
    [result] = desk.actor().apply(plan_for((file, kept), action=Action.MOVE, target=desk.top / "moved"))
    assert result.reason == "The file was replaced at the last moment; it was put back."
    assert file.read_bytes() == b"edited just now"
    assert not [path for path in (desk.top / "moved").rglob("*") if path.is_file()]


@pytest.mark.parametrize("can_exchange", [True, False])
@pytest.mark.parametrize("save", [_secretly, _save_anew])
@pytest.mark.parametrize("whose", ["file", "kept"])
def test_what_is_saved_right_before_a_link_takes_its_place_survives(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path, bytes], None], whose: str, can_exchange: bool
) -> None:
    file, kept = _pair(desk)
    changed = file if whose == "file" else kept
    exchange = renaming.exchange
    saves = iter([True])

    def save_and_exchange(first: str, second: str) -> bool:
        if next(saves, False):
            save(changed, b"The Picture")
        return can_exchange and exchange(first, second)

    monkeypatch.setattr(linking, "exchange", save_and_exchange)
    [result] = desk.actor().apply(plan_for((file, kept), action=Action.HARDLINK))
    assert changed.read_bytes() == b"The Picture"
    if result.outcome == Outcome.DONE:  # the kept file was saved under another number: its old bytes are the link's
        assert (whose, save) == ("kept", _save_anew)
        assert file.read_bytes() == b"the picture"
    else:
        assert "at the last moment" in result.reason
        assert (kept if whose == "file" else file).read_bytes() == b"the picture"
    assert sorted(path.name for path in file.parent.iterdir()) == ["copy.jpg"]


# Two at work, stopping, the journal


def test_only_one_acts_at_a_time(desk: Desk) -> None:
    file, kept = _pair(desk)
    second = desk.file("c/second.jpg")
    results = desk.actor().apply(plan_for((file, kept), (second, kept), name="first"))
    next(results)
    for other in (desk.actor().apply(plan_for((kept, second))), desk.actor().undo("first")):
        with pytest.raises(LibraryBusyError, match="wait for it"):
            next(other)
    results.close()  # type: ignore[attr-defined]
    assert _outcomes(list(desk.actor().apply(plan_for((second, kept), name="again")))) == [Outcome.DONE]


def test_stopping_in_between_leaves_the_rest(desk: Desk) -> None:
    kept = desk.file("a/kept.jpg")
    files = [desk.file(f"b/{number}.jpg") for number in range(5)]
    plan = plan_for(*((file, kept) for file in files))
    results = desk.actor().apply(plan)
    next(results), next(results)
    results.close()  # type: ignore[attr-defined]
    assert [file.exists() for file in files] == [False, False, True, True, True]
    with desk.journal() as journal:
        [record] = journal.history()
        assert (record.done, record.skipped, record.unsettled, record.steps) == (2, 3, 0, 5)
        assert record.bytes == 2 * len(b"the picture")
        assert [entry.state for entry in journal.steps(record.run)] == [StepState.DONE] * 2 + [StepState.PLANNED] * 3
        assert journal.plan(record.run) == plan
    assert len(list(desk.actor().undo(plan.id))) == 2
    assert all(file.exists() for file in files)


def test_nothing_is_touched_when_the_journal_cannot_be_written(desk: Desk) -> None:
    kept = desk.file("a/kept.jpg")
    files = [desk.file(f"b/{number:04}.jpg") for number in range(400)]
    plan = plan_for(*((file, kept) for file in files))
    actor = desk.actor()
    results = actor.apply(plan)
    done = [next(results)]
    pages = actor._journal._sql.execute("PRAGMA page_count").fetchone()[0]
    actor._journal._sql.execute(f"PRAGMA max_page_count = {pages}")  # from now on the disk is full
    with pytest.raises(StorageError, match="full"):
        done.extend(results)
    assert 0 < len(done) < 400
    assert sum(not file.exists() for file in files) == len(done)
    undone = desk.actor().undo(plan.id)  # with room again; what the journal had not been told is found out
    assert _outcomes(list(undone)) == [Outcome.UNDONE] * len(done)
    assert all(file.exists() for file in files)


# Undo


@pytest.mark.parametrize("action", [Action.TRASH, Action.MOVE])
def test_undo_overwrites_nothing_and_makes_the_folder_again(desk: Desk, action: Action) -> None:
    kept, first, second = desk.file("a/kept.jpg"), desk.file("b/1.jpg"), desk.file("c/2.jpg")
    plan = plan_for((first, kept), (second, kept), action=action, target=_target(desk, action))
    list(desk.actor().apply(plan))
    first.write_bytes(b"a newcomer")
    second.parent.rmdir()
    results = {result.step.file.path: result for result in desk.actor().undo(plan.id)}
    assert results[str(first)].reason == "Something else has appeared in its place; it is not overwritten."
    assert first.read_bytes() == b"a newcomer"
    assert second.read_bytes() == b"the picture"
    first.unlink()
    assert _outcomes(list(desk.actor().undo(plan.id))) == [Outcome.UNDONE]
    assert first.read_bytes() == b"the picture"


def test_undo_of_single_steps_and_of_what_was_never_done(desk: Desk) -> None:
    kept, first, second = desk.file("a/kept.jpg"), desk.file("b/1.jpg"), desk.file("c/2.jpg")
    plan = plan_for((first, kept), (second, kept))
    list(desk.actor().apply(plan))
    assert _outcomes(list(desk.actor().undo(plan.id, [plan.steps[1]]))) == [Outcome.UNDONE]
    assert (first.exists(), second.exists()) == (False, True)
    [result] = desk.actor().undo(plan.id, [plan.steps[1]])
    assert (result.outcome, result.step) == (Outcome.SKIPPED, plan.steps[1])
    with pytest.raises(PlanError, match="No plan"):
        list(desk.actor().undo("another"))


def test_a_plan_that_was_undone_can_be_carried_out_again(desk: Desk) -> None:
    file, kept = _pair(desk)
    plan = plan_for((file, kept))
    for _ in range(2):
        assert _outcomes(list(desk.actor().apply(plan))) == [Outcome.DONE]
        assert _outcomes(list(desk.actor().undo(plan.id))) == [Outcome.UNDONE]
    assert file.exists()


def test_undo_when_the_trash_was_emptied_or_changed(desk: Desk) -> None:
    kept, first, second = desk.file("a/kept.jpg"), desk.file("b/1.jpg"), desk.file("b/2.jpg")
    plan = plan_for((first, kept), (second, kept))
    places = [result.now_at for result in desk.actor().apply(plan)]
    assert places[0] is not None
    assert places[1] is not None
    Path(places[0]).unlink()
    Path(places[1]).write_bytes(b"not it")
    results = list(desk.actor().undo(plan.id))
    assert results[0].reason == f"The file in the trash has changed since; it stays at {places[1]}."
    assert results[1].reason == "It is no longer in the trash."


def test_names_that_are_no_text(desk: Desk) -> None:
    kept = desk.file("a/kept.jpg")
    file = desk.file(os.fsdecode(b"b/\xff\xfe\n.jpg"))
    plan = plan_for((file, kept), action=Action.MOVE, target=desk.top / "moved")
    [result] = desk.actor().apply(plan)
    assert result.now_at is not None
    Path(result.now_at).unlink()
    [undone] = desk.actor().undo(plan.id)  # the reason names the file, and is kept in the journal
    assert undone.outcome == Outcome.SKIPPED
    with Journal.open(desk.journal_path) as journal:
        assert "no longer at" in journal.steps(journal.history()[0].run)[0].note
