from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from photofind.core.errors import SettingsError
from photofind.core.settings import Settings, load_settings, save_settings, usable_processors


def given(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "no" / "settings.toml") == Settings()
    assert load_settings(given(tmp_path, "")) == Settings()


def test_one_decoder_a_processor_but_never_more_than_allowed() -> None:
    assert Settings().workers == min(60, usable_processors())
    assert 1 <= usable_processors() <= (os.cpu_count() or 1)
    with pytest.raises(SettingsError):
        Settings(workers=257)


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    text = """
    workers = 3
    photo_seconds = 5
    photo_megabytes = 2
    photo_megapixels = 4000
    worker_megabytes = 300
    ignore = ["*.tmp", "写真"]
    model = "efficientnet-lite0:fp32"
    priority = "normal"
    keep_rules = ["older", "larger"]
    preferred_folders = ["/photos/best/", "~/Sorted", "/photos//best"]
    protected_folders = ["/photos/./masters"]
    nlist_rule = "8-sqrt-n"
    training_vectors = 256
    rerank_candidates = 10
    expansion_alpha = 0
    default_recall = 1
    """
    assert load_settings(given(tmp_path, text)) == Settings(
        workers=3,
        photo_seconds=5.0,
        photo_megabytes=2,
        photo_megapixels=4000,
        worker_megabytes=300,
        ignore=("*.tmp", "写真"),
        model="efficientnet-lite0:fp32",
        priority="normal",
        keep_rules=("older", "larger"),
        preferred_folders=("/photos/best", str(Path("~/Sorted").expanduser())),
        protected_folders=("/photos/masters",),
        nlist_rule="8-sqrt-n",
        training_vectors=256,
        rerank_candidates=10,
        expansion_alpha=0.0,
        default_recall=1.0,
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('["larger", "newer"]', "'newer', which is no rule; known are larger, format"),
        ('["older", "larger", "older"]', "'older' twice"),
        ("[]", "at least one of larger, format"),
        ('"larger"', "must be a list of texts"),
    ],
)
def test_keep_rules_are_known_and_named_once(value: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=words):
        load_settings(given(tmp_path, f"keep_rules = {value}"))


@pytest.mark.parametrize(
    "line",
    [
        "training_vectors = 38",
        "training_vectors = 257",
        "rerank_candidates = 0",
        "rerank_candidates = 65",
        "expansion_alpha = -0.5",
        "expansion_alpha = 10.5",
        "default_recall = 0.49",
        "default_recall = 1.01",
        "default_recall = nan",
    ],
)
def test_numbers_of_the_index_are_refused_with_their_range(line: str, tmp_path: Path) -> None:
    name = line.split()[0]
    with pytest.raises(SettingsError, match=f"{name} is .*must lie between"):
        load_settings(given(tmp_path, line))


def test_a_rule_for_the_number_of_lists_that_nobody_knows_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match='"auto" or "4-sqrt-n" or "8-sqrt-n" or "16-sqrt-n"'):
        load_settings(given(tmp_path, 'nlist_rule = "2-sqrt-n"'))


@pytest.mark.parametrize("name", ["preferred_folders", "protected_folders"])
@pytest.mark.parametrize("folder", ["", "photos", "./photos", "/photos/../other", "~nobody-there/photos", "/a\0b"])
def test_folders_are_whole_paths(name: str, folder: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"{name} names .* must be a whole path"):
        save_settings(tmp_path / "settings.toml", {name: (folder,)})


def test_a_folder_whose_name_is_no_text_cannot_be_a_setting() -> None:
    with pytest.raises(SettingsError, match="no text; name the folder above"):
        Settings(protected_folders=("/photos/\udcff",))


@pytest.mark.parametrize("text", ["workers = ", "[", b"\xff\xfe\x00", "workers = 1\nworkers = 2"])
def test_what_is_no_toml_is_told_with_the_files_name(text: str | bytes, tmp_path: Path) -> None:
    path = given(tmp_path, text)
    with pytest.raises(SettingsError, match="Mend or remove") as caught:
        load_settings(path)
    assert str(path) in str(caught.value)


def test_a_folder_instead_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Cannot read"):
        load_settings(tmp_path)


def test_an_unknown_setting_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"'wrokers'.*'workers'"):
        load_settings(given(tmp_path, "wrokers = 2"))


@pytest.mark.parametrize(
    "line",
    [
        "workers = 2.0",
        "workers = true",
        'workers = "2"',
        "workers = [2]",
        'photo_seconds = "5"',
        "photo_seconds = false",
        'ignore = "*.tmp"',
        "ignore = [1]",
        'ignore = ["a", 1]',
        "ignore = 3",
        "model = 1",
        'model = ["a"]',
        "priority = 10",
        "photo_seconds = 2024-01-01",
        "workers = { a = 1 }",
    ],
)
def test_a_value_of_the_wrong_kind_is_told(line: str, tmp_path: Path) -> None:
    name = line.split()[0]
    with pytest.raises(SettingsError, match=f"setting {name} "):
        load_settings(given(tmp_path, line))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("workers", 1, 256),
        ("photo_seconds", 1, 3600),
        ("photo_megabytes", 1, 1048576),
        ("photo_megapixels", 1, 4000),
        ("worker_megabytes", 300, 1048576),
    ],
)
def test_the_ends_of_the_ranges(name: str, low: int, high: int, tmp_path: Path) -> None:
    for value in (low, high):
        assert getattr(load_settings(given(tmp_path, f"{name} = {value}")), name) == value
    for value in (low - 1, high + 1, -5, 10**30):
        with pytest.raises(SettingsError, match=f"{name} is {value}; it must lie between {low}"):
            load_settings(given(tmp_path, f"{name} = {value}"))


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_out_of_range(value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="photo_seconds"):
        load_settings(given(tmp_path, f"photo_seconds = {value}"))


def test_a_priority_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"priority is 'high'; it must be .* \(in .*settings\.toml\)"):
        load_settings(given(tmp_path, 'priority = "high"'))


# Saving

COMMENTED = """\
# My own settings
workers = 3        # half of them

# Lightroom keeps its previews beside the photos
ignore = [
    "*.lrdata",  # previews
    "_thumb",
]
photo_seconds = 5
"""


def test_saving_changes_a_value_and_keeps_the_rest(tmp_path: Path) -> None:
    path = given(tmp_path, COMMENTED)
    saved = save_settings(path, {"workers": 2, "photo_seconds": 5.0})
    assert path.read_text(encoding="utf-8") == COMMENTED.replace("workers = 3 ", "workers = 2 ")
    assert saved == load_settings(path) == Settings(workers=2, photo_seconds=5, ignore=("*.lrdata", "_thumb"))


def test_saving_what_is_so_already_writes_nothing(tmp_path: Path) -> None:
    path = given(tmp_path, COMMENTED)
    before = path.stat()
    save_settings(path, {"workers": 3, "ignore": ("*.lrdata", "_thumb")})
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not save_settings(tmp_path / "none" / "settings.toml", {}).ignore
    assert not (tmp_path / "none").exists()


def test_saving_makes_the_file_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "no" / "such" / "settings.toml"
    settings = save_settings(path, {"priority": "normal", "ignore": ['写真 "x" \\'], "photo_seconds": 2.5})
    assert settings == load_settings(path) == Settings(priority="normal", ignore=('写真 "x" \\',), photo_seconds=2.5)
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.toml"]


def test_none_brings_the_default_back(tmp_path: Path) -> None:
    path = given(tmp_path, COMMENTED)
    assert save_settings(path, {"ignore": None, "workers": None, "model": None}) == Settings(photo_seconds=5)
    assert "# My own settings" in path.read_text(encoding="utf-8")


def test_a_file_whose_last_line_has_no_end(tmp_path: Path) -> None:
    path = given(tmp_path, "workers = 3\r\nphoto_seconds = 5")
    assert save_settings(path, {"model": "x"}) == Settings(workers=3, photo_seconds=5, model="x")
    assert save_settings(path, {"workers": 4}) == load_settings(path)


@pytest.mark.parametrize(
    "changes", [{"workers": 0}, {"workers": "2"}, {"priority": "high"}, {"wrokers": 2}, {"ignore": "*.tmp"}]
)
def test_what_is_not_sound_is_not_saved(changes: dict[str, object], tmp_path: Path) -> None:
    path = given(tmp_path, COMMENTED)
    with pytest.raises(SettingsError):
        save_settings(path, changes)
    assert path.read_text(encoding="utf-8") == COMMENTED


def test_a_file_that_is_not_sound_is_left_alone(tmp_path: Path) -> None:
    for text in ("workers = ", "wrokers = 3\n"):
        path = given(tmp_path, text)
        with pytest.raises(SettingsError):
            save_settings(path, {"workers": 2})
        assert path.read_text() == text


def test_a_linked_file_is_changed_where_it_is(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("workers = 3\n")
    real.chmod(0o640)
    link = tmp_path / "settings.toml"
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("no links here")
    save_settings(link, {"workers": 2})
    assert link.is_symlink()
    assert real.read_text() == "workers = 2\n"
    assert real.stat().st_mode & 0o777 == 0o600 or os.name == "nt"


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"Cannot (read|write) the settings in .*\.$"):
        save_settings(tmp_path / "file" / "settings.toml", {"workers": 2})
    with pytest.raises(SettingsError, match="Cannot read"):
        save_settings(tmp_path, {"workers": 2})


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("workers = 'many'", "a whole number"),
        ("photo_seconds = 'long'", "a number"),
        ("model = 3", "a text"),
        ("ignore = 5", "a list of texts"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_in_plain_words(tmp_path: Path, line: str, kind: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=f"must be {kind}"):
        load_settings(path)


def test_every_setting_has_a_kind_in_words(tmp_path: Path) -> None:
    for field in fields(Settings):
        path = tmp_path / "settings.toml"
        path.write_text(f"{field.name} = 2000-01-01\n", encoding="utf-8")
        with pytest.raises(SettingsError, match=field.name):
            load_settings(path)


@pytest.mark.parametrize(
    "text",
    ["ignore = " + "[" * 30_000, "workers = 0x" + "f" * 5000, "workers = " + "9" * 5000, "k" * 60_000 + " = 1"],
    ids=["nested", "hexadecimal", "decimal", "name"],
)
def test_junk_without_measure_is_told_in_a_short_sentence(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(given(tmp_path, text))
    assert len(str(caught.value)) < 1000


@pytest.mark.skipif(os.name != "posix", reason="pipes that have names, and devices")
def test_neither_a_pipe_nor_an_endless_file_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    os.mkfifo(path)
    with pytest.raises(SettingsError, match="no regular file"):
        load_settings(path)
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(SettingsError, match="no regular file"):
        load_settings(path)
    (tmp_path / "large").mkdir()
    with pytest.raises(SettingsError, match="larger than"):
        load_settings(given(tmp_path / "large", "#" * 70_000))
