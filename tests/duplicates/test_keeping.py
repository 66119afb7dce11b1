"""Which copy is kept, by which rule, and what is never suggested to go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.core.duplicates.keep_rules import has_copy_name
from photofind.core.duplicates.keeping import Caution, Ground, Keeper, KeepRule, Suggestion, suggest
from photofind.core.duplicates.wording import caution_phrase, phrase, short_phrase
from photofind.core.evidence import DuplicateGroup, GroupKind, Member, Verdict
from photofind.core.settings import KEEP_RULES, Settings
from tests.duplicates.made_groups import DAY, NEW_YEAR, copies, group, member

RULES = tuple(KeepRule(name) for name in KEEP_RULES)
RESIZED, EDITED, CROPPED, SAME_PICTURE = Verdict.RESIZED, Verdict.EDITED, Verdict.CROPPED, Verdict.SAME_PICTURE


def decided(made: DuplicateGroup, **options: object) -> dict[str, Suggestion]:
    """Return what is suggested for each member by its path."""
    given: dict[str, object] = {"rules": RULES, "preferred": (), "protected": (), **options}
    suggestions = suggest(made, **given)  # type: ignore[arg-type]
    return {m.path: suggestion for m, suggestion in zip(made.members, suggestions, strict=True)}


def kept(suggestions: dict[str, Suggestion]) -> set[str]:
    return {path for path, suggestion in suggestions.items() if suggestion.keep}


def test_the_settings_name_all_rules() -> None:
    assert set(KEEP_RULES) == set(KeepRule)
    assert len(KEEP_RULES) == len(KeepRule)


@pytest.mark.parametrize(
    ("rule", "better", "worse", "words"),
    [
        (
            KeepRule.LARGER,
            member("/p/bbb.jpg"),
            member("/p/a.jpg", verdict=RESIZED, size=(1600, 1200), mtime=NEW_YEAR - DAY),
            "larger picture: 4000x3000 instead of 1600x1200",
        ),
        (
            KeepRule.FORMAT,
            member("/p/bbb.heic", file_format="HEIF", camera="A"),
            member("/p/a.jpg", verdict=Verdict.REENCODED, camera="A"),
            "better format: HEIF instead of JPEG",
        ),
        (
            KeepRule.METADATA,
            member("/p/bbb.jpg", metadata=4),
            member("/p/a.jpg", verdict=SAME_PICTURE, metadata=1, mtime=NEW_YEAR - DAY),
            "more metadata: 4 facts instead of 1 fact",
        ),
        (
            KeepRule.PREFERRED,
            member("/p/best/bbb.jpg"),
            member("/p/a.jpg", verdict=SAME_PICTURE, mtime=NEW_YEAR - DAY),
            "preferred folder: /p/best instead of elsewhere",
        ),
        (
            KeepRule.OLDER,
            member("/p/bbb.jpg"),
            member("/p/a.jpg", verdict=SAME_PICTURE, mtime=NEW_YEAR + DAY),
            "older file: 2020-01-01 00:00:00 instead of 2020-01-02 00:00:00",
        ),
        (KeepRule.SHORTER_PATH, member("/p/a.jpg"), member("/p/bb.jpg", verdict=SAME_PICTURE), "shorter path"),
        (
            KeepRule.SHORTER_PATH,
            member("/p/longer name.jpg"),
            member("/p/a (1).jpg", verdict=SAME_PICTURE),
            "named as a copy: a (1).jpg",
        ),
    ],
)
def test_each_rule_decides_and_says_so(rule: KeepRule, better: Member, worse: Member, words: str) -> None:
    for made in (group(better, worse), group(worse, better)):
        suggestions = decided(made, preferred=("/p/best",))
        assert suggestions[better.path] == Suggestion(keep=True)
        lost = suggestions[worse.path]
        assert (lost.keep, lost.rule, lost.kept, lost.caution) == (False, rule, better.photo_id, None)
        assert phrase(lost) == words
        assert words.startswith(short_phrase(lost)) or "copy" in words


def test_the_order_of_the_rules_is_the_users() -> None:
    small_old = member("/p/small.jpg", verdict=RESIZED, size=(800, 600), mtime=NEW_YEAR - DAY)
    made = group(member("/p/large.jpg"), small_old)
    assert kept(decided(made)) == {"/p/large.jpg"}
    assert kept(decided(made, rules=(KeepRule.OLDER, KeepRule.LARGER))) == {"/p/small.jpg"}
    by_age = Keeper.of(Settings(keep_rules=("older",))).suggest(made)
    assert [suggestion.keep for suggestion in by_age] == [False, True]


def test_each_loser_says_the_rule_that_it_left_at() -> None:
    made = group(
        member("/p/best.jpg", metadata=4),
        member("/p/small.jpg", verdict=RESIZED, size=(100, 75), metadata=4),
        member("/p/web.webp", verdict=Verdict.REENCODED, file_format="WEBP", metadata=4),
        member("/p/bare.jpg", verdict=SAME_PICTURE),
    )
    rules = {path: suggestion.rule for path, suggestion in decided(made).items()}
    assert rules == {
        "/p/best.jpg": None,
        "/p/small.jpg": KeepRule.LARGER,
        "/p/web.webp": KeepRule.FORMAT,
        "/p/bare.jpg": KeepRule.METADATA,
    }


def test_margins_and_lossless_turns_make_no_larger_picture() -> None:
    raw = member("/p/a.nef", file_format="RAW", size=(6000, 4000))
    jpeg = member("/p/a.jpg", verdict=Verdict.REENCODED, size=(6024, 4024))
    assert kept(decided(group(raw, jpeg))) == {"/p/a.nef"}
    trimmed = member("/p/trimmed.jpg", verdict=CROPPED, size=(3990, 2990), mtime=NEW_YEAR - DAY, metadata=4)
    assert kept(decided(group(member("/p/whole.jpg"), trimmed))) == {"/p/whole.jpg"}, "what was cropped is smaller"


@pytest.mark.parametrize("better", ["RAW", "HEIF", "TIFF", "PNG"])
def test_formats_without_a_camera_keep_every_pixel_first(better: str) -> None:
    made = group(member("/p/a", file_format="JPEG"), member("/p/bb", verdict=Verdict.REENCODED, file_format=better))
    assert kept(decided(made)) == {"/p/bb"}


@pytest.mark.parametrize("file_format", ["PNG", "BMP", "TIFF", "HEIF", "WEBP", "AVIF", "GIF", "JXL"])
def test_what_was_saved_again_does_not_win_over_the_cameras_own_jpeg(file_format: str) -> None:
    original = member("/p/DSC_0001.jpg", camera="Nikon D90", metadata=2)
    again = member("/p/a", verdict=Verdict.REENCODED, file_format=file_format, mtime=NEW_YEAR - DAY)
    lost = decided(group(original, again))["/p/a"]
    assert (lost.keep, lost.rule) == (False, KeepRule.FORMAT)


def test_a_screenshot_does_not_win_by_its_size() -> None:
    original = member("/p/DSC_0001.jpg", verdict=EDITED, camera="Nikon D90", metadata=2, size=(1600, 1200))
    screenshot = member("/p/shot.png", file_format="PNG", size=(2560, 1440))
    small = member("/p/small.jpg", verdict=RESIZED, size=(800, 600))
    suggestions = decided(group(screenshot, original, small))
    assert kept(suggestions) == {original.path}
    assert suggestions["/p/shot.png"].rule is Ground.ORIGINAL
    assert suggestions["/p/shot.png"].caution is Caution.EDITED
    assert suggestions["/p/small.jpg"].rule is KeepRule.LARGER
    assert "original" in phrase(suggestions["/p/shot.png"])


def test_what_was_edited_cropped_or_developed_needs_a_look() -> None:
    made = group(
        member("/p/a.jpg"),
        member("/p/resized.jpg", verdict=RESIZED, size=(800, 600)),
        member("/p/edited.jpg", verdict=EDITED, metadata=0, mtime=NEW_YEAR + DAY),
        member("/p/cropped.jpg", verdict=CROPPED, size=(2000, 1000)),
    )
    cautions = {path: suggestion.caution for path, suggestion in decided(made).items() if not suggestion.keep}
    assert cautions == {
        "/p/resized.jpg": None,
        "/p/edited.jpg": Caution.EDITED,
        "/p/cropped.jpg": Caution.CROPPED,
    }
    developed = decided(
        group(member("/p/a.nef", file_format="RAW"), member("/p/a.jpg", verdict=RESIZED, size=(80, 60)))
    )
    assert developed["/p/a.jpg"].caution is Caution.RAW
    assert developed["/p/a.jpg"].is_bold
    for caution in Caution:
        assert caution_phrase(caution)


def test_what_was_altered_does_not_win_over_what_it_was_made_from() -> None:
    grey = member("/p/a.jpg", verdict=EDITED, mtime=NEW_YEAR - DAY)
    framed = member("/p/f.jpg", verdict=EDITED, size=(4200, 3200), mtime=NEW_YEAR + DAY)
    suggestions = decided(group(member("/p/original.jpg"), grey, framed))
    assert kept(suggestions) == {"/p/original.jpg"}
    assert {path: s.rule for path, s in suggestions.items()} == {
        "/p/original.jpg": None,
        "/p/a.jpg": Ground.ORIGINAL,
        "/p/f.jpg": Ground.ORIGINAL,
    }
    assert {s.caution for s in suggestions.values()} == {None, Caution.EDITED}


def test_the_less_compressed_file_is_kept_when_no_rule_but_the_path_decides() -> None:
    made = group(member("/p/longer.jpg", bytes_=1000), member("/p/a.jpg", verdict=Verdict.REENCODED, bytes_=400))
    suggestions = decided(made)
    assert kept(suggestions) == {"/p/longer.jpg"}
    assert suggestions["/p/a.jpg"].rule is Ground.COMPRESSED
    assert kept(decided(made, rules=(KeepRule.SHORTER_PATH, KeepRule.OLDER))) == {"/p/a.jpg"}
    older = member("/p/b.jpg", verdict=Verdict.REENCODED, bytes_=400, mtime=NEW_YEAR - DAY)
    assert kept(decided(group(made.members[0], older))) == {"/p/b.jpg"}, "rules go first"
    about = member("/p/c.jpg", verdict=SAME_PICTURE, bytes_=980)
    assert kept(decided(group(made.members[0], about))) == {"/p/c.jpg"}, "a thumbnail inside says nothing"
    webp = member("/p/d.webp", verdict=Verdict.REENCODED, bytes_=10, file_format="WEBP")
    assert kept(decided(group(made.members[0], webp), rules=(KeepRule.OLDER,))) == {"/p/d.webp"}


def test_an_altered_picture_does_not_keep_the_rules_from_choosing_among_the_others() -> None:
    made = group(
        member("/p/a.jpg", camera="A"),
        member("/best/longer.jpg", verdict=Verdict.REENCODED),
        member("/p/grey.jpg", verdict=EDITED),
    )
    suggestions = decided(made, preferred=("/best",), rules=(KeepRule.PREFERRED,))
    assert kept(suggestions) == {"/best/longer.jpg"}
    assert suggestions["/p/grey.jpg"].rule is KeepRule.PREFERRED


def test_all_go_with_a_look_when_an_edited_one_is_kept() -> None:
    edited = member("/p/edited.jpg", verdict=EDITED, size=(8000, 6000), content=5, camera="A")
    twin = member("/p/edited (1).jpg", verdict=EDITED, size=(8000, 6000), content=5, camera="A")
    suggestions = decided(group(member("/p/a.jpg"), edited, twin))
    assert kept(suggestions) == {"/p/edited.jpg"}
    assert suggestions["/p/a.jpg"].caution is Caution.EDITED
    assert suggestions["/p/edited (1).jpg"].caution is None, "the same bytes are kept"


def test_nothing_is_suggested_for_similar_shots() -> None:
    made = group(member("/p/a.jpg"), member("/p/b.jpg", verdict=Verdict.SIMILAR), kind=GroupKind.SIMILAR)
    assert set(decided(made).values()) == {Suggestion(None)}


def test_protected_photos_stay_all_of_them_and_the_others_go_for_them() -> None:
    made = group(
        member("/p/large.jpg", size=(8000, 6000)),
        member("/safe/a.jpg", verdict=RESIZED),
        member("/safe/small.jpg", verdict=RESIZED, size=(800, 600)),
        member("/p/tiny.jpg", verdict=RESIZED, size=(80, 60)),
    )
    suggestions = decided(made, protected=("/safe",))
    assert kept(suggestions) == {"/safe/a.jpg", "/safe/small.jpg"}
    assert {suggestions[path].rule for path in kept(suggestions)} == {Ground.PROTECTED}
    for path in ("/p/large.jpg", "/p/tiny.jpg"):
        assert (suggestions[path].rule, suggestions[path].kept) == (Ground.PROTECTED, made.members[1].photo_id)
    assert suggestions["/p/large.jpg"].caution is Caution.BETTER, "it is larger than what is kept"
    assert suggestions["/p/tiny.jpg"].caution is None
    assert "protected" in phrase(suggestions["/p/tiny.jpg"])


def test_protected_by_another_path_to_the_folder(tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    safe.mkdir()
    link = tmp_path / "link"
    try:
        link.symlink_to(safe, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    (safe / "a.jpg").write_bytes(b"a")
    made = copies(str(link / "a.jpg"), str(tmp_path / "a.jpg"))
    suggestions = decided(made, protected=(str(safe),))
    assert suggestions[str(link / "a.jpg")].rule is Ground.PROTECTED


def test_what_is_away_neither_goes_nor_counts_as_kept() -> None:
    away = member("/usb/large.jpg", offline=True, size=(8000, 6000))
    made = group(away, member("/p/a.jpg", verdict=RESIZED), member("/p/b.jpg", verdict=RESIZED, size=(80, 60)))
    suggestions = decided(made)
    assert kept(suggestions) == {"/usb/large.jpg", "/p/a.jpg"}
    assert suggestions["/usb/large.jpg"].rule is Ground.OFFLINE
    all_away = decided(copies("/usb/a.jpg", "/usb/b.jpg", offline=True))
    assert kept(all_away) == {"/usb/a.jpg", "/usb/b.jpg"}
    protected = decided(copies("/usb/a.jpg", "/usb/b.jpg", offline=True), protected=("/usb",))
    assert len(kept(protected)) == 2


def test_a_second_path_to_the_kept_file_stays() -> None:
    made = copies("/p/a.jpg", "/p/linked.jpg", file_id=77)
    linked = decided(made)["/p/linked.jpg"]
    assert (linked.keep, linked.rule) == (True, Ground.LINKED)
    unknown = decided(copies("/p/a.jpg", "/p/other.jpg", file_id=0))
    assert kept(unknown) == {"/p/a.jpg"}, "no file ids here, so that these may be two"


def test_preferred_folders_have_an_order_and_links_to_them_count(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    made = copies(str(second / "a.jpg"), str(first / "aaaa.jpg"), str(tmp_path / "a.jpg"))
    assert kept(decided(made, preferred=(str(first), str(second)))) == {str(first / "aaaa.jpg")}
    assert kept(decided(made, preferred=(str(second), str(first)))) == {str(second / "a.jpg")}
    beside = copies("/p/best of/long.jpg", "/p/a.jpg")
    assert kept(decided(beside, preferred=("/p/best",))) == {"/p/a.jpg"}, "a folder, not the beginning of a name"
    link = tmp_path / "link"
    try:
        link.symlink_to(first, target_is_directory=True)
    except OSError:
        return
    assert kept(decided(made, preferred=(str(link),))) == {str(first / "aaaa.jpg")}


def test_times_that_no_clock_gave_count_for_nothing() -> None:
    made = copies("/p/a.jpg", "/p/b.jpg")
    epoch = member("/p/0.jpg", content=made.members[0].content_id, verdict=Verdict.SAME_FILE, mtime=0)
    assert kept(decided(group(*made.members, epoch))) == {"/p/a.jpg"}
    assert kept(decided(copies("/p/b.jpg", "/p/a.jpg", mtime=5))) == {"/p/a.jpg"}
    almost = member("/p/0.jpg", content=made.members[0].content_id, verdict=Verdict.SAME_FILE, mtime=NEW_YEAR + 10**9)
    assert kept(decided(group(*made.members, almost))) == {"/p/0.jpg"}, "FAT rounds to two seconds"
    odd = member("/p/1.jpg", verdict=SAME_PICTURE, mtime=10**21)
    assert phrase(decided(group(made.members[0], odd))["/p/1.jpg"]).endswith("instead of unknown")


@pytest.mark.parametrize(
    "name",
    [
        "a (1)", "a(12)", "a~2", "a (copy)", "a (3rd copy)", "a (another copy)", "a copy", "a copy 2", "a - Copy",
        "a - Copy (2)", "Copy of a", "Copy (2) of a", "a - Kopie", "Kopie von a", "a - Copie (3)", "a_copy",
    ],
)  # fmt: skip
def test_names_of_copies(name: str) -> None:
    assert has_copy_name(f"/p/{name}.jpg")
    assert has_copy_name(f"/p/{name}".upper())
    assert kept(decided(copies(f"/p/{name}.jpg", "/p/a longer name of its own.jpg"))) == {
        "/p/a longer name of its own.jpg"
    }


@pytest.mark.parametrize("name", ["IMG_0001", "Rome (2019)", "Hardcopy", "photocopy", "a (b)", "copycat", "2020-01-01"])
def test_names_that_are_none_of_copies(name: str) -> None:
    assert not has_copy_name(f"/p (1)/{name}.jpg")


_MEMBERS = st.lists(
    st.builds(
        member,
        st.sampled_from(["/p/a.jpg", "/p/a (1).jpg", "/safe/b.jpg", "/best/c.jpg", "/best/x/d.jpg", "/usb/e.jpg"]),
        content=st.integers(1, 4),
        verdict=st.sampled_from([*Verdict][:-1]),
        size=st.sampled_from([(4000, 3000), (3990, 2990), (3960, 2970), (1600, 1200)]),
        file_format=st.sampled_from(["RAW", "HEIF", "JPEG", "PNG", "WEBP"]),
        mtime=st.sampled_from([0, NEW_YEAR, NEW_YEAR + 10**9, NEW_YEAR + 3 * 10**9, NEW_YEAR + DAY]),
        metadata=st.integers(0, 2),
        camera=st.sampled_from([None, "A"]),
        offline=st.booleans(),
        file_id=st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


@given(_MEMBERS, st.permutations(list(KeepRule)), st.randoms(use_true_random=False))
def test_any_group_keeps_a_photo_whatever_the_order_of_its_members(
    members: list[Member], rules: list[KeepRule], random: object
) -> None:
    options = {"rules": rules, "preferred": ("/best",), "protected": ("/safe",)}
    shuffled = list(members)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (
        {m.photo_id: s for m, s in zip(made, suggest(group(*made), **options), strict=True)}  # type: ignore[arg-type]
        for made in (members, shuffled)
    )
    assert one == other
    by_id = {m.photo_id: m for m in members}
    staying = [by_id[photo_id] for photo_id, suggestion in one.items() if suggestion.keep]
    assert staying
    if any(not m.offline for m in members):
        assert any(not m.offline for m in staying)
    for photo_id, suggestion in one.items():
        photo = by_id[photo_id]
        if not suggestion.keep:
            assert not photo.offline
            assert os.path.dirname(photo.path) != "/safe"
            assert suggestion.kept in one
            assert one[suggestion.kept].keep
            assert not by_id[suggestion.kept].offline
            assert suggestion.rule is not None
            assert phrase(suggestion)


def test_a_group_of_ten_thousand_is_no_matter() -> None:
    many = group(
        member("/p/first.jpg", camera="A", size=(4001, 3001)),
        *(member(f"/p/{n}.png", verdict=EDITED, file_format="PNG") for n in range(9_999)),
    )
    suggestions = suggest(many, RULES, (), ())
    assert [suggestion.keep for suggestion in suggestions] == [True] + [False] * 9_999
