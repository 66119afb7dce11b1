"""Foreign networks run in a process apart for who searches: what hangs, grows or crashes there costs one query."""

from __future__ import annotations

import gc
import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from photofind.core import paths
from photofind.core.encoders import (
    ModelPack,
    OnnxImageEncoder,
    OnnxTextEncoder,
    open_query_encoder,
    open_query_text_encoder,
)
from photofind.core.encoders.apart import ApartImageEncoder, ApartTextEncoder, PackLimits
from photofind.core.errors import PackError, QueryError
from photofind.core.library import Library
from photofind.core.search import Query
from photofind.core.settings import Settings
from tests.campaign.imports.networks import (
    BOOL,
    FLOAT,
    INT64,
    graph,
    graph_attribute,
    integer,
    model,
    node,
    tensor,
    value_info,
)
from tests.support.packs import pack_files, word_list, write_pack
from tests.support.photos import put_many
from tests.support.waiting import until
from tests.support.world import World

_DOG = 5000
_HOLD = 500_000_000
"""Numbers that the network holds at once, four bytes each."""


def _when_a_dog_comes(*then: bytes, consts: tuple[bytes, ...] = ()) -> bytes:
    """Return a text network that gives the first direction; ``then`` work with ``dog``, 1 for that word, or else 0."""
    nodes = [
        node("ReduceMax", ["ids"], ["most"], integer("keepdims", 0)),
        node("Reshape", ["most", "one"], ["largest"]),
        node("Div", ["largest", "number"], ["dog"]),
        *then,
    ]
    known = [
        tensor("zero", [0.0], FLOAT, []),
        tensor("direction", [1.0] + [0.0] * 7, FLOAT, [1, 8]),
        tensor("number", [_DOG], INT64, [1]),
        tensor("one", [1], INT64, [1]),
        *consts,
    ]
    ends = [value_info("ids", INT64, (1, "n"))], [value_info("embedding", FLOAT, (1, 8))]
    return model(graph(nodes, *ends, known))


def _growing() -> bytes:
    return _when_a_dog_comes(
        node("Mul", ["dog", "many"], ["more"]),
        node("Add", ["more", "one"], ["sides"]),
        node("ConstantOfShape", ["sides"], ["huge"]),
        node("ReduceSum", ["huge"], ["sum"], integer("keepdims", 0)),
        node("Mul", ["sum", "zero"], ["nothing"]),
        node("Add", ["nothing", "direction"], ["embedding"]),
        consts=(tensor("many", [_HOLD], INT64, [1]),),
    )


def _endless() -> bytes:
    body = graph(
        [node("Identity", ["go_on"], ["goes_on"]), node("Add", ["x", "zero"], ["y"])],
        [value_info("i", INT64, ()), value_info("go_on", BOOL, ()), value_info("x", FLOAT, (1, 8))],
        [value_info("goes_on", BOOL, ()), value_info("y", FLOAT, (1, 8))],
    )
    return _when_a_dog_comes(
        node("Mul", ["dog", "many"], ["more"]),
        node("Squeeze", ["more"], ["trips"]),
        node("Loop", ["trips", "yes", "direction"], ["embedding"], graph_attribute("body", body)),
        consts=(tensor("many", [10**15], INT64, [1]), tensor("yes", [True], BOOL, [])),
    )


def _pack(folder: Path, text: bytes) -> ModelPack:
    words = json.loads(word_list())
    words["model"]["vocab"]["dog"] = _DOG
    return write_pack(folder, pack_files(folder.name, text=text, tokenizer=json.dumps(words).encode()))


def test_the_same_vectors_as_in_this_process(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    words = ApartTextEncoder(pack)
    assert words.dimension == pack.dimension
    np.testing.assert_array_equal(words.encode("a red car"), OnnxTextEncoder(pack).encode("a red car"))
    picture = Image.new("RGB", (90, 50), (30, 200, 10))
    apart, here = ApartImageEncoder(pack), OnnxImageEncoder(pack)
    np.testing.assert_array_equal(apart.encode(picture), here.encode(picture))
    assert (apart.key, apart.dimension, apart.working_area) == (here.key, here.dimension, here.working_area)


def test_a_network_that_waits_for_a_word_to_hang(tmp_path: Path) -> None:
    pack = _pack(tmp_path / "endless", _endless())
    words = ApartTextEncoder(pack, limits=replace(PackLimits.of(pack), query_seconds=2.0))
    first = words.process.process_id
    assert words.encode("red")[0] == 1
    assert words.process.process_id == first
    with pytest.raises(PackError, match=r"^The model endless takes too long over this query; choose another one"):
        words.encode("dog")
    assert first is not None
    assert not psutil.pid_exists(first)
    assert words.process.process_id is None
    assert words.encode("blue")[0] == 1
    second = words.process.process_id
    with pytest.raises(PackError, match="takes too long"):
        words.encode("dog")
    assert words.process.process_id == second, "it is not tried again"


def test_a_network_that_waits_for_a_word_to_grow(tmp_path: Path) -> None:
    pack = _pack(tmp_path / "growing", _growing())
    words = ApartTextEncoder(pack, limits=replace(PackLimits.of(pack), process_bytes=600_000_000))
    with pytest.raises(PackError, match="takes too much memory over this query"):
        words.encode("a dog")
    assert words.process.process_id is None
    assert words.encode("red")[0] == 1


def test_a_process_that_died_while_nobody_asked(tmp_path: Path) -> None:
    words = ApartTextEncoder(write_pack(tmp_path))
    process = psutil.Process(words.process.process_id)
    process.kill()
    process.wait(20)
    assert words.encode("red")[0] > 0.9


def test_a_process_that_dies_over_a_query(tmp_path: Path) -> None:
    pack = _pack(tmp_path / "endless", _endless())
    words = ApartTextEncoder(pack)
    process = psutil.Process(words.process.process_id)
    before = process.cpu_times().user

    def kill_at_work() -> None:
        until(lambda: process.cpu_times().user > before + 0.3, "it works")
        process.kill()

    killer = threading.Thread(target=kill_at_work)
    killer.start()
    with pytest.raises(PackError, match="crashes over this query"):
        words.encode("dog")
    killer.join()


def test_the_process_ends_with_who_asks(tmp_path: Path) -> None:
    words = ApartTextEncoder(write_pack(tmp_path))
    process = psutil.Process(words.process.process_id)
    del words
    gc.collect()
    assert not process.is_running()


def test_what_a_network_has_no_answer_to(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="nothing to read"):
        ApartTextEncoder(write_pack(tmp_path)).encode(" ")


def test_a_pack_that_breaks_its_contract(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, pack_files(dimension=7))
    with pytest.raises(PackError, match="float32 vector of shape"):
        ApartTextEncoder(pack)
    with pytest.raises(PackError, match="float32 vector of shape"):
        ApartImageEncoder(pack)


def test_opening_is_bounded_too(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    with pytest.raises(PackError, match="takes too long when it is opened"):
        ApartTextEncoder(pack, limits=replace(PackLimits.of(pack), opening_seconds=0.0))


def test_only_foreign_packs_are_run_apart() -> None:
    pack = write_pack(paths.user_models() / "colours")
    assert isinstance(open_query_encoder(), OnnxImageEncoder)
    assert isinstance(open_query_encoder("colours"), ApartImageEncoder)
    assert isinstance(open_query_text_encoder(pack), ApartTextEncoder)


def test_a_library_outlives_its_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.core.encoders.apart.limits._QUERY_SECONDS", 3.0)
    _pack(paths.user_models() / "endless", _endless())
    world = World(tmp_path, Settings(workers=1, model="endless"))
    put_many(world.photos, range(3))
    world.update()
    with Library(world.library, world.settings) as library:
        with pytest.raises(PackError, match="takes too long over this query"):
            library.search(Query(words=("dog",)))
        assert len(library.search(Query(words=("red",))).hits) == 3
        assert len(library.search(Query(images=(str(world.probe),))).hits) == 3
