"""Reading packs: sound ones are described exactly, others are refused in one sentence."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from photofind.core.encoders import find_pack, list_packs, load_pack, open_encoder, resolve
from photofind.core.errors import PackError
from tests.support.packs import pack_files, write_pack

EditPack = Callable[[str, str], None]


def test_the_shipped_pack_is_sound_and_complete() -> None:
    pack = find_pack("efficientnet-lite0")
    assert pack.dimension == 512
    assert pack.licence == "Apache-2.0"
    assert set(pack.variants) == {"fp32", "int8"}
    for name, variant in pack.variants.items():
        assert len(pack.read_network(name)) == variant.size


def test_keys_tell_variants_apart_and_name_files() -> None:
    keys = find_pack("efficientnet-lite0").keys
    assert len(set(keys.values())) == len(keys) == 2
    for name, key in keys.items():
        assert re.fullmatch(rf"efficientnet-lite0-{name}-[0-9a-f]{{12}}", key)


def test_a_key_is_known_without_the_network(pack_copy: Path) -> None:
    (pack_copy / "int8.onnx").unlink()
    assert load_pack(pack_copy).key("int8") == find_pack("efficientnet-lite0").key("int8")


@pytest.mark.parametrize(("old", "new"), [("side = 320", "side = 352"), ('"lanczos"', '"bicubic"')])
def test_another_input_rule_is_another_vector_space(pack_copy: Path, edit_pack: EditPack, old: str, new: str) -> None:
    before = load_pack(pack_copy).key()
    edit_pack(old, new)
    assert load_pack(pack_copy).key() != before


def test_another_network_is_another_vector_space(pack_copy: Path, edit_pack: EditPack) -> None:
    pack = load_pack(pack_copy)
    edit_pack(pack.variant("int8").sha256, "0" * 64)
    assert load_pack(pack_copy).key("int8") != pack.key("int8")
    assert load_pack(pack_copy).key("fp32") == pack.key("fp32")


def test_specs() -> None:
    pack = find_pack("efficientnet-lite0")
    assert resolve("").key == resolve("efficientnet-lite0").key == pack.key(pack.default)
    assert resolve("efficientnet-lite0:fp32").key == pack.key("fp32")
    for spec in ("", "efficientnet-lite0:fp32"):
        assert resolve(resolve(spec).spec) == resolve(spec)


@pytest.mark.parametrize(
    "spec",
    [
        "none-such",
        "efficientnet-lite0:none",
        "../models/efficientnet-lite0",
        "/efficientnet-lite0",
        "..",
        ":",
        "a\0b",
        "a" * 300,
    ],
)
def test_a_spec_that_names_nothing_is_refused(spec: str) -> None:
    with pytest.raises(PackError):
        resolve(spec)


def test_packs_are_found_in_the_order_of_the_folders(pack_copy: Path, edit_pack: EditPack, tmp_path: Path) -> None:
    edit_pack('version = "1"', 'version = "other"')
    bundled = find_pack("efficientnet-lite0").folder.parent
    assert find_pack("efficientnet-lite0", bundled, pack_copy.parent).version == "1"
    assert find_pack("efficientnet-lite0", pack_copy.parent, bundled).version == "other"
    packs, problems = list_packs(tmp_path / "absent", pack_copy.parent, bundled)
    assert [pack.version for pack in packs] == ["other"]
    assert problems == []


def test_listing_goes_on_after_a_broken_pack(pack_copy: Path) -> None:
    broken = pack_copy.parent / "broken"
    broken.mkdir()
    (broken / "pack.toml").write_text("?")
    packs, problems = list_packs(pack_copy.parent)
    assert [pack.name for pack in packs] == ["efficientnet-lite0"]
    assert len(problems) == 1
    assert "broken" in str(problems[0])


def test_a_folder_must_be_called_like_its_pack(pack_copy: Path) -> None:
    pack_copy.rename(pack_copy.with_name("renamed"))
    with pytest.raises(PackError, match="rename"):
        find_pack("renamed", pack_copy.parent)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("format = 1", "format = 3", "format"),
        ("format = 1", 'format = "1"', "format"),
        ("format = 1", "format = true", "format"),
        ('name = "efficientnet-lite0"', 'name = "../evil"', "name"),
        ('name = "efficientnet-lite0"', 'name = "Efficient Net"', "name"),
        ('name = "efficientnet-lite0"', "", "name is missing"),
        ('licence = "Apache-2.0"', "licence = 2", "licence"),
        ('licence = "Apache-2.0"', 'licence = "a\\nb"', "licence"),
        ("dimension = 512", "dimension = 0", "dimension"),
        ("dimension = 512", "dimension = 1e3", "dimension"),
        ("dimension = 512", f"dimension = {10**30}", "dimension"),
        ('default = "int8"', 'default = "int4"', "default"),
        ("dimension = 512", "dimension = 512\ndimensions = 512", "dimensions"),
        ('mode = "area"', 'mode = "stretch"', "input.mode"),
        ('mode = "area"', 'mode = ["area"]', "input.mode"),
        ('mode = "area"', 'mode = "crop"', "input."),
        ("side = 320", "side = 0", "input.side"),
        ("side = 320", "side = 100000000", "input.side"),
        ("side = 320", "side = nan", "input.side"),
        ("multiple = 32", "multiple = 0", "input.multiple"),
        ("shortest = 96", "shortest = 97", "input.shortest"),
        ("shortest = 96", "shortest = 640", "input.shortest"),
        ("longest = 1024", "longest = 99999999", "input.longest"),
        ('resampling = "lanczos"', 'resampling = "best"', "input.resampling"),
        ("side = 320", "side = 320\nmean = 3", "input.mean"),
        ('"int8.onnx"', '"../int8.onnx"', "variants.int8.file"),
        ('"int8.onnx"', '"/etc/passwd"', "variants.int8.file"),
        ('"int8.onnx"', '"C:int8.onnx"', "variants.int8.file"),
        ('"int8.onnx"', '".."', "variants.int8.file"),
        ("[variants.int8]", '[variants."a b"]', "variants"),
        ("bytes = 6", "bytes = -6", "bytes"),
        ('sha256 = "', 'sha256 = "G', "sha256"),
        ("[input]", "[imput]", "input is missing"),
        ("[input]", "input = 3\n[other]", "input must be a table"),
        ("[input]", "[input", "TOML"),
    ],
)
def test_an_impossible_description_is_refused(
    pack_copy: Path, edit_pack: EditPack, old: str, new: str, complaint: str
) -> None:
    edit_pack(old, new)
    with pytest.raises(PackError) as caught:
        load_pack(pack_copy)
    message = str(caught.value)
    assert complaint in message
    assert "pack.toml" in message
    assert "\n" not in message
    assert len(message) < 500


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 60_000,
        b"a = " + b"[" * 5_000,
        b"format = " + b"9" * 10_000,
        b"x = '" + b"y" * 100_000 + b"'",
        b"format = 1\nvariants = {}",
    ],
    ids=["empty", "binary", "brackets", "nested", "digits", "huge", "bare"],
)
def test_junk_is_refused(pack_copy: Path, content: bytes) -> None:
    (pack_copy / "pack.toml").write_bytes(content)
    with pytest.raises(PackError) as caught:
        load_pack(pack_copy)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_description_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be read"):
        load_pack(tmp_path)
    with pytest.raises(PackError, match="no model pack"):
        find_pack("anything", tmp_path)


@pytest.mark.parametrize("damage", ["flip", "truncate", "append", "remove", "folder"])
def test_a_damaged_network_is_refused(pack_copy: Path, damage: str) -> None:
    path = pack_copy / "int8.onnx"
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "remove":
        path.write_bytes({"truncate": content[:-1], "append": content + b"\0"}.get(damage, content))
    with pytest.raises(PackError, match=r"int8\.onnx.* install the pack again") as caught:
        load_pack(pack_copy).read_network("int8")
    assert "\n" not in str(caught.value)


def test_naming_packs_imports_no_runtime() -> None:
    """Scanning and status must start fast; only opening an encoder may cost the import of onnxruntime."""
    program = (
        "import sys; from photofind.core.encoders import resolve; resolve('').key; print('onnxruntime' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


def test_the_empty_spec_opens_the_default() -> None:
    assert open_encoder("").key == resolve("").key


TEXT_CHANGES = [
    ("format = 2", "format = 1", "text is not an entry"),
    ("length = 16", "length = 2", "text.length"),
    ("length = 16", "length = 100000", "text.length"),
    ("length = 16", "", "text.length is missing"),
    ("length = 16", "length = 16\npadding = -1", "text.padding"),
    ("length = 16", "length = 16\npadding = true", "text.padding"),
    ("length = 16", 'length = 16\nprompt = "a photo"', "text.prompt"),
    ("length = 16", 'length = 16\nprompt = "{} {}"', "text.prompt"),
    ("length = 16", "length = 16\nlengths = 16", "text.lengths"),
    ('kind = "json"', 'kind = "sentencepiece"', "text.tokenizer.kind"),
    ('kind = "json"', 'kind = "json"\ncode = "x"', "text.tokenizer.code"),
    ('file = "tokenizer"', 'file = "../tokenizer"', "text.tokenizer.file"),
    ('file = "tokenizer"', 'file = "Text.onnx"', "to two files"),
    ('file = "tokenizer"', 'file = "Pack.toml"', "to two files"),
    ('file = "tokenizer"', 'file = "aux.json"', "not every system"),
    ('file = "tokenizer"', 'file = "tokenizer."', "not every system"),
    ("[text.network]", "[text.nets]", "text.network is missing"),
    ("[text.tokenizer]", "[text.tok]", "text.tokenizer is missing"),
]


@pytest.mark.parametrize(("old", "new", "complaint"), TEXT_CHANGES)
def test_an_impossible_text_network_is_refused(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    files = pack_files()
    assert old.encode() in files["pack.toml"]
    files["pack.toml"] = files["pack.toml"].replace(old.encode(), new.encode())
    with pytest.raises(PackError) as caught:
        write_pack(tmp_path, files)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_text_network_is_described(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, pack_files(more='padding = 0\nprompt = "a photo of {}"'))
    assert pack.text is not None
    assert (pack.text.kind, pack.text.length, pack.text.padding) == ("json", 16, 0)
    assert pack.text.prompt == "a photo of {}"
    assert [file.file for file in pack.files] == ["image.onnx", "text.onnx", "tokenizer"]
