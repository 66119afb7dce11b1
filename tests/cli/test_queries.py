"""``search``, ``status`` and ``doctor`` as processes: the contract of names, streams and statuses."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import photofind as package
from tests.support.photos import picture, put
from tests.support.program import PROGRAM, Ended, configure, photofind
from tests.support.world import World


def _search(world: World, *arguments: str | Path, **options: Any) -> Ended:
    return photofind("search", "--library", world.library, *arguments, **options)


def _names(world: World, results: list[dict[str, Any]]) -> list[str]:
    return [os.path.relpath(result["path"], world.photos) for result in results]


def test_search_by_an_image_of_the_library(indexed: World) -> None:
    image = indexed.photos / "0004.jpg"
    ended = _search(indexed, "--image", image, "--json")
    assert (ended.status, ended.err) == (0, "")
    answer = ended.json
    assert answer.keys() == {"query", "nprobe", "exact", "elapsed_ms", "results"}
    assert answer["query"] == {"images": [str(image)], "ids": [], "limit": 50}
    assert answer["elapsed_ms"] > 0
    assert len(answer["results"]) == 12
    assert answer["results"][0].keys() == {"path", "id", "score"}
    assert answer["results"][0]["path"] == str(image)
    assert answer["results"][0]["score"] == pytest.approx(1, abs=1e-3)
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert len({result["id"] for result in answer["results"]}) == 12


def test_search_by_an_image_from_elsewhere(indexed: World, tmp_path: Path) -> None:
    ended = _search(indexed, "--image", put(tmp_path / "p.jpg", 4), "--json", "--limit", "2")
    assert _names(indexed, ended.json["results"])[0] == "0004.jpg"
    assert len(ended.json["results"]) == 2


def test_what_libraries_say_of_an_image_is_not_told(indexed: World, tmp_path: Path) -> None:
    strips = io.BytesIO()
    picture(3).save(strips, "TIFF", compression="tiff_adobe_deflate")
    content = strips.getvalue()
    holed = content[:5000] + bytes(3000) + content[8000:]  # libtiff has a line of its own for that
    samples = content.index(struct.pack("<HHI", 277, 3, 1))  # the tag of samples per pixel: as a long, and too many
    greedy = content[:samples] + struct.pack("<HHII", 277, 4, 1, 300_000_000) + content[samples + 12 :]
    for image in (put(tmp_path / "holed.tif", holed), put(tmp_path / "greedy.tif", greedy)):
        ended = _search(indexed, "--image", image)
        assert (ended.status, ended.out) == (1, "")
        assert ended.err.splitlines() == [f"photofind: Cannot search by {image}: the picture is damaged."]


def test_search_by_several_images_and_ids(indexed: World) -> None:
    both = _search(indexed, "--image", indexed.photos / "0001.jpg", "--image", indexed.photos / "0002.jpg", "--json")
    assert set(_names(indexed, both.json["results"])[:2]) == {"0001.jpg", "0002.jpg"}
    ids = [str(result["id"]) for result in both.json["results"][:2]]
    by_id = _search(indexed, "--id", ids[0], "--id", ids[1], "--json")
    assert by_id.json["query"]["ids"] == [int(number) for number in ids]
    assert by_id.json["results"] == both.json["results"]


def test_a_relative_name_of_an_image(indexed: World) -> None:
    ended = _search(indexed, "--image", "0004.jpg", "--json", cwd=indexed.photos)
    assert _names(indexed, ended.json["results"])[0] == "0004.jpg"


def test_exact_nprobe_and_exclude_query(indexed: World) -> None:
    image = indexed.photos / "0003.jpg"
    exact = _search(indexed, "--image", image, "--exact", "--json").json
    assert exact["exact"] is True
    assert set(_names(indexed, exact["results"])[:2]) == {"0003.jpg", "sub/copy.jpg"}
    probed = _search(indexed, "--image", image, "--nprobe", "1", "--json").json
    assert probed["nprobe"] == 1
    assert probed["results"] == exact["results"]
    others = _search(indexed, "--image", image, "--exclude-query", "--json").json
    assert {"0003.jpg", "sub/copy.jpg"}.isdisjoint(_names(indexed, others["results"]))
    assert len(others["results"]) == 10


def test_search_for_people(indexed: World) -> None:
    ended = _search(indexed, "--image", indexed.photos / "0004.jpg", "--limit", "3")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines()[0] == f"1.0000  {indexed.photos / '0004.jpg'}"
    assert len(ended.out.splitlines()) == 3


def test_names_that_are_no_text_break_neither_lines_nor_json(indexed: World) -> None:
    odd = os.fsdecode(b"%s/dir-\xff/new\nline \xe9.jpg" % bytes(indexed.photos))
    as_json = _search(indexed, "--image", odd, "--json")
    assert as_json.status == 0
    assert os.fsencode(as_json.json["results"][0]["path"]) == os.fsencode(odd)
    shown = _search(indexed, "--image", odd, "--limit", "1")
    assert shown.out == f"1.0000  {indexed.photos}/dir-\\udcff/new\\nline \\udce9.jpg\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["Name words, an image"]),
        (["--image", "nowhere.jpg"], ["nowhere.jpg", "No such file"]),
        (["--image", "."], ["Is a directory"]),
        (["--image", "pyproject"], ["not a picture"]),
        (["--id", "999999"], ["no photo with the id 999999"]),
        (["--id", "-1"], ["no photo with the id -1"]),
        (["--id", "9" * 30], ["no photo with the id 999"]),
        (["--id", "1", "--limit", "0"], ["limit"]),
        (["--id", "1", "--limit", "-5"], ["limit"]),
        (["--id", "1", "--nprobe", "0"], ["nprobe"]),
        (["--batch", "nowhere.jsonl"], ["nowhere.jsonl", "No such file"]),
    ],
)
def test_queries_that_cannot_be_answered(
    indexed: World, arguments: list[str], words: list[str], tmp_path: Path
) -> None:
    put(tmp_path / "pyproject", b"not a picture")
    _search(indexed, *arguments, cwd=tmp_path).assert_fails(*words)


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["index"],
        ["search", "--limit", "many"],
        ["search", "--exact", "--nprobe", "3", "--id", "1"],
        ["search", "--colour", "red"],
        ["model"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    ended = photofind(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert "usage: photofind" in ended.err
    assert "Traceback" not in ended.err


def test_version() -> None:
    assert photofind("--version").out == f"photofind {package.__version__}\n"


# Batches


def _batch(world: World, text: str | bytes) -> Ended:
    return _search(world, "--batch", "-", stdin=text)


def test_a_batch(indexed: World, tmp_path: Path) -> None:
    queries: list[dict[str, Any]] = [
        {"id": "q1", "images": [str(indexed.photos / "0001.jpg")], "limit": 3},
        {"id": 2, "images": [str(indexed.photos / "0002.jpg")], "words": "", "minus_words": [], "folder": None},
        {"id": "q3", "ids": [1], "exact": True, "nprobe": None, "limit": None, "exclude_query": True},
    ]
    text = "\n".join(map(json.dumps, queries)) + "\n\n"
    from_stdin = _batch(indexed, text)
    assert (from_stdin.status, from_stdin.err) == (0, "")
    first, second, third = from_stdin.lines
    assert first.keys() == {"id", "results", "elapsed_ms"}
    assert (first["id"], second["id"], third["id"]) == ("q1", 2, "q3")
    assert [len(answer["results"]) for answer in (first, second)] == [3, 12]
    assert _names(indexed, first["results"])[0] == "0001.jpg"
    assert 1 not in [result["id"] for result in third["results"]]
    file = put(tmp_path / "queries.jsonl", b"\xef\xbb\xbf" + text.encode())
    from_file = _search(indexed, "--batch", file)
    assert [line["results"] for line in from_file.lines] == [line["results"] for line in from_stdin.lines]


_IMAGES = (b"images", b"minus_images")
_BAD_LINES = [
    b'{"id": "bad", "images": ["/nowhere.jpg"]}',
    b'{"id": "bad", "images": "/nowhere.jpg"}',
    b'{"id": "bad", "images": [1]}',
    b'{"id": "bad", "images": ["a\\u0000b.jpg"]}',
    b'{"id": "bad", "images": ["\\ud800.jpg"]}',
    b'{"id": "bad", "images": [""]}',
    b'{"id": "bad", "ids": [123456789]}',
    b'{"id": "bad", "ids": [1' + b"0" * 40 + b"]}",
    b'{"id": "bad", "ids": [true]}',
    b'{"id": "bad", "ids": [1], "limit": "ten"}',
    b'{"id": "bad", "ids": [1], "limit": 1e3}',
    b'{"id": "bad", "ids": [1], "limit": -1}',
    b'{"id": "bad", "ids": [1], "nprobe": 0}',
    b'{"id": "bad", "ids": [1], "words": 7}',
    b'{"id": "bad"}',
    *(b'{"id": "bad", "ids": [1], "%s": [%s]}' % (key, b", ".join([b'"a.jpg"'] * 1001)) for key in _IMAGES),
    b'{"id": "bad", "ids": [' + b", ".join([b"1"] * 1001) + b"]}",
]

_BROKEN_LINES = [
    b"no json",
    b"[1, 2]",
    b'"text"',
    b"null",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"ids": [' + b"9" * 5000 + b"]}",
    b'{"id": 1e400, "ids": [1]}',
    b'{"id": [-1e999], "ids": [1]}',
]


def test_bad_lines_of_a_batch_cost_only_themselves(indexed: World) -> None:
    good = b'{"id": "good", "ids": [1], "limit": 1}'
    lines = [line for bad in [*_BAD_LINES, *_BROKEN_LINES] for line in (bad, good)]
    ended = _batch(indexed, b"\n".join(lines) + b"\n")
    assert (ended.status, ended.err) == (0, "")
    answers = ended.lines
    assert len(answers) == len(lines)
    for line, answer in zip(lines, answers, strict=True):
        if line == good:
            assert answer["id"] == "good"
            assert len(answer["results"]) == 1
        else:
            assert answer.keys() - {"id"} == {"error"}, line[:100]
            assert answer["error"]
            assert "Traceback" not in answer["error"]
            assert answer.get("id") == ("bad" if line in _BAD_LINES else None)


def test_a_batch_names_files_by_their_very_bytes(indexed: World) -> None:
    path = b"%s/dir-\xff/new\nline \xe9.jpg" % bytes(indexed.photos)
    raw = b'{"id": 1, "limit": 1, "images": ["%s"]}\n' % path.replace(b"\n", b"\\n")
    escaped = json.dumps({"id": 2, "limit": 1, "images": [os.fsdecode(path)]}).encode() + b"\n"
    for answer in _batch(indexed, raw + escaped).lines:
        assert os.fsencode(answer["results"][0]["path"]) == path


def test_a_batch_answers_each_line_as_it_comes(indexed: World) -> None:
    with subprocess.Popen(
        [*PROGRAM, "search", "--library", str(indexed.library), "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(b'{"id": %d, "ids": [1]}\n' % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(30) == 0


# Streams


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
@pytest.mark.parametrize("kind", ["search", "status", "batch"])
def test_a_reader_that_has_gone_is_no_error(indexed: World, kind: str, tmp_path: Path) -> None:
    arguments = {
        "search": ["search", "--id", "1"],
        "status": ["status"],
        "batch": ["search", "--batch", str(put(tmp_path / "q", b'{"id": 1, "ids": [1]}\n' * 50))],
    }[kind]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        run = subprocess.run(
            [*PROGRAM, *arguments, "--library", str(indexed.library)],
            stdout=gone,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert run.stderr == b""
    assert run.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["status"], ["status", "--json"], ["search", "--id", "1"]])
def test_an_answer_that_cannot_be_written(indexed: World, arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        run = subprocess.run(
            [*PROGRAM, *arguments, "--library", str(indexed.library)],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert run.stderr == b"photofind: Cannot write the answer: No space left on device.\n"
    assert run.returncode == 1


def test_a_terminal_that_lacks_characters(indexed: World) -> None:
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    image = put(indexed.place / "caf\u00e9 \u5199.jpg", b"no picture")
    ended = _search(indexed, "--image", image, env=ascii_only)
    ended.assert_fails("caf\\xe9 \\u5199.jpg")
    shown = photofind("status", "--library", indexed.library, env=ascii_only)
    assert shown.status == 0


# Status, doctor


def test_status(indexed: World) -> None:
    ended = photofind("status", "--library", indexed.library, "--json")
    assert (ended.status, ended.err) == (0, "")
    status = ended.json
    assert status["photos"] == 12
    assert status["vectors"] == 11
    assert (status["offline"], status["pending"], status["missing_vectors"]) == (0, 0, 0)
    assert status["index"].keys() >= {"nlist", "segments", "bytes"}
    assert status["roots"] == [{"path": str(indexed.photos), "offline": False}]
    (error,) = status["errors"]
    assert os.fsencode(error["path"]) == b"%s/bad-\xff\n.jpg" % bytes(indexed.photos)
    assert error["reason"] == "not a picture"
    shown = photofind("status", "--library", indexed.library)
    assert "bad-\\udcff\\n.jpg: not a picture" in shown.out
    assert len(shown.out.splitlines()) == 6


def test_doctor(world: World) -> None:
    world.put("a.jpg", 1)
    world.put("b.jpg", 2)
    world.update()
    healthy = photofind("doctor", "--library", world.library, "--json")
    assert (healthy.status, healthy.err) == (0, "")
    assert healthy.json == {"healthy": True, "problems": [], "repaired": [], "unmended": [], "provisional": False}
    (rows,) = world.library.glob("*.f16")
    rows.write_bytes(b"\x01" + rows.read_bytes()[1:])
    checked = photofind("doctor", "--check", "--library", world.library, "--json")
    assert (checked.status, checked.json["healthy"], checked.json["repaired"]) == (1, False, [])
    mended = photofind("doctor", "--library", world.library)
    assert mended.status == 0
    assert mended.out.splitlines()[0].startswith("Found ")
    assert any(line.startswith("Mended ") for line in mended.out.splitlines())
    assert photofind("doctor", "--library", world.library).out == "The library is healthy.\n"


# What is wrong with the library or the settings


_READERS = [["search", "--id", "1"], ["status"], ["doctor"]]


@pytest.mark.parametrize("arguments", _READERS)
def test_no_library(arguments: list[str], tmp_path: Path) -> None:
    photofind(*arguments, "--library", tmp_path / "none").assert_fails("There is no library", "photofind index")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("arguments", [*_READERS, ["index", "."], ["model", "use", "efficientnet-lite0"]])
def test_a_library_of_a_newer_version(arguments: list[str], world: World) -> None:
    world.put("a.jpg", 1)
    world.update()
    with closing(sqlite3.connect(world.library / "library.db")) as database:
        database.execute("PRAGMA user_version = 99")
    before = (world.library / "library.db").read_bytes()
    photofind(*arguments, "--library", world.library).assert_fails("newer photofind", "update photofind")
    assert (world.library / "library.db").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("workers = ", ["Cannot read the settings"]),
        ("workers = 0", ["workers", "between 1 and"]),
        ('workers = "two"', ["workers"]),
        ("workers = true", ["workers"]),
        ("photo_seconds = nan", ["photo_seconds"]),
        ("colour = 1", ["colour", "does not exist"]),
        ("ignore = [1]", ["ignore"]),
        ("\0", ["Cannot read the settings"]),
    ],
)
def test_junk_settings(text: str, words: list[str], indexed: World) -> None:
    configure(text)
    photofind("status", "--library", indexed.library).assert_fails(*words)
    photofind("index", indexed.photos, "--library", indexed.library).assert_fails(*words)


# Imports


def _python(code: str, *arguments: str | Path, cwd: Path | None = None) -> str:
    run = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_core_and_command_line_need_no_qt() -> None:
    code = """
import importlib, pkgutil, sys
sys.modules["PySide6"] = None
import photofind.cli, photofind.core
for package in (photofind.core, photofind.cli):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
print(len([name for name in sys.modules if name.startswith("photofind")]))
"""
    assert int(_python(code)) > 40


def test_status_does_not_wait_for_the_network_library(indexed: World) -> None:
    code = """
import sys
from photofind.cli.main import run
status = run(["status", "--json", "--library", sys.argv[1]], lambda library: 0)
assert status == 0
assert "onnxruntime" not in sys.modules
assert "watchdog" not in sys.modules
assert "tqdm" not in sys.modules
"""
    assert json.loads(_python(code, indexed.library))["photos"] == 12


def test_a_folder_of_photos_lends_python_no_modules(world: World) -> None:
    world.put("a.jpg", 1)
    for name in ("json.py", "sqlite3.py", "numpy.py", "photofind.py", "multiprocessing.py"):
        world.put(name, b"raise SystemExit('imported from the folder of photos')")
    script = Path(sys.executable).parent / "photofind"
    if not script.exists():
        pytest.skip("the program is not installed as a script here")
    run = subprocess.run(
        [script, "index", ".", "--library", world.library, "--json"], cwd=world.photos, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["added"] == 1
