"""Ids of texts: CLIP's own for known sentences, and what packs may bring instead of a tokenizer."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from photofind.core.encoders.tokenizing import TextTokenizer
from photofind.core.errors import PackError
from tests.support.packs import clip_vocabulary, pack_files, word_list, write_pack

START, END = 49406, 49407


def opened(folder: Path, *, kind: str = "bpe", tokenizer: bytes | None = None, more: str = "") -> TextTokenizer:
    pack = write_pack(folder, pack_files(kind=kind, tokenizer=tokenizer, more=more))
    assert pack.text is not None
    return TextTokenizer(pack, pack.text)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> TextTokenizer:
    pack = write_pack(tmp_path_factory.mktemp("clip"), pack_files(kind="bpe", length=77))
    assert pack.text is not None
    return TextTokenizer(pack, pack.text)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # Published with CLIP and with other programs that tokenise as it does.
        ("a photo of a cat", [320, 1125, 539, 320, 2368]),
        ("a photo of a dog", [320, 1125, 539, 320, 1929]),
        ("hello world!", [3306, 1002, 256]),
        ("the black dog", [518, 1449, 1929]),
        ("How are you?", [829, 631, 592, 286]),
        ("I'm fine,", [328, 880, 3797, 267]),
        ("blaa bla", [2205, 320, 19630]),
        ("caf\u00e9", [15304]),
        ("cafe\u0301", [15304]),
        ("\u0130", [328, 16384]),
        ("a\0b", [320, 444, 321]),
        ("", []),
        (
            "a photo of an astronaut riding a horse on mars",
            [320, 1125, 539, 550, 18376, 6765, 320, 4558, 525, 7496],
        ),
        (
            "Apple CoreML developer tools on a Macbook Air are fast",
            [3055, 19622, 5780, 10929, 5771, 525, 320, 20617, 1922, 631, 1953],
        ),
        (
            "the quick brown fox jumps over the lazy dog near the river on a warm sunny afternoon with blue skies and"
            " green trees everywhere",
            [
                *[518, 3712, 2866, 3240, 18911, 962, 518, 10753, 1929, 2252, 518, 2473],
                *[525, 320, 3616, 5438, 2716, 593, 1746, 7244, 537, 1901, 4682, 6364],
            ],
        ),
    ],
)
def test_clips_published_ids(clip: TextTokenizer, text: str, ids: list[int]) -> None:
    given = clip.ids(text)
    assert given.dtype == np.int64
    assert given.tolist() == [[START, *ids, END]]


def test_case_and_spaces_do_not_matter(clip: TextTokenizer) -> None:
    assert clip.ids("  A\tPhoto\n of   a CAT ").tolist() == clip.ids("a photo of a cat").tolist()


def test_marks_typed_by_somebody_are_text(clip: TextTokenizer) -> None:
    for mark in ("<|endoftext|>", "<|startoftext|>"):
        assert not {START, END} & set(clip.ids(f"a {mark} b")[0, 1:-1].tolist())


@pytest.mark.parametrize("text", ["\ud83d", "\U0001f600" * 3, "\u202eabc", "a" * 10_000, "dog " * 10_000, "\0" * 99])
def test_any_text_has_ids_that_fit(clip: TextTokenizer, text: str) -> None:
    ids = clip.ids(text)
    assert ids.shape[0] == 1
    assert 3 <= ids.shape[1] <= 77
    assert (ids[0, 0], ids[0, -1]) == (START, END)


def test_a_compressed_vocabulary_is_the_same(clip: TextTokenizer, tmp_path: Path) -> None:
    packed = opened(tmp_path, tokenizer=gzip.compress(clip_vocabulary(), mtime=0))
    assert packed.ids("a photo of a cat").tolist() == clip.ids("a photo of a cat").tolist()


def test_short_texts_are_filled_up_if_the_pack_says_so(tmp_path: Path) -> None:
    assert opened(tmp_path, more="padding = 7").ids("hello world!").tolist() == [
        [START, 3306, 1002, 256, END, *[7] * 11]
    ]


def test_a_tokenizer_json_speaks_for_itself(tmp_path: Path) -> None:
    plain = opened(tmp_path / "a", kind="json")
    assert plain.ids("RED thing [end]").tolist() == [[736, 0, 0, 0, 0]]  # the mark is text: "[", "end", "]"
    assert plain.ids("red " * 100).tolist() == [[736] * 16]
    assert opened(tmp_path / "b", kind="json", more="padding = 3").ids("red").tolist() == [[736, *[3] * 15]]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("json", b"{"),
        ("json", b"[]"),
        ("json", b"\xff\xfe"),
        ("json", clip_vocabulary()[:1000]),
        ("json", b'{"model": {"type": "Python", "code": "1"}}'),
        (
            "json",
            b'{"normalizer": {"type": "Precompiled", "precompiled_charsmap": ""},'
            b' "model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}}',
        ),
        ("bpe", b"title\na b\n"),
        ("bpe", b"\xff" * 100),
        ("bpe", word_list()),
        ("bpe", gzip.compress(clip_vocabulary(), mtime=0)[:-100]),
        ("bpe", gzip.compress(b"title", mtime=0)),
        ("bpe", clip_vocabulary().replace(b"\ni n\n", b"\nin\n", 1)),
        ("bpe", clip_vocabulary().replace(b"\ni n\n", b"\nnobody knows\n", 1)),
        ("bpe", clip_vocabulary().replace(b"\ni n\n", b"\nt h\n", 1)),
    ],
)
def test_a_tokenizer_that_is_none_is_refused(tmp_path: Path, kind: str, content: bytes) -> None:
    with pytest.raises(PackError, match="tokenizer of the model colours cannot be read") as caught:
        opened(tmp_path, kind=kind, tokenizer=content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_tokenizer_that_fails_on_a_text(tmp_path: Path) -> None:
    # Its word for unknown words is unknown.
    words = b'{"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "b"}}'
    tokenizer = opened(tmp_path, kind="json", tokenizer=words)
    assert tokenizer.ids("a").tolist() == [[0]]
    with pytest.raises(PackError, match="failed on a text"):
        tokenizer.ids("dog")


def test_an_altered_tokenizer_is_refused(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    assert pack.text is not None
    (tmp_path / "tokenizer").write_bytes(b"?")
    with pytest.raises(PackError, match="install the pack again"):
        TextTokenizer(pack, pack.text)
