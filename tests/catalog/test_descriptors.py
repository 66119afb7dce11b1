"""What reads a database's file beside SQLite leaves SQLite's locks alone."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.descriptors import alone, beside, connected, read_at
from photofind.core.catalog.journal import Journal
from photofind.core.catalog.page_sums import damaged_pages
from photofind.core.errors import LibraryBusyError

_REJECT = """
import sys
from pathlib import Path
from photofind.core.catalog.decisions import DecisionStore
with DecisionStore.open(Path(sys.argv[1])) as store:
    first = int(sys.argv[2])
    store.reject_pairs((i.to_bytes(32, "big"), (i + 1).to_bytes(32, "big")) for i in range(first, first + 600, 2))
"""

_SET = """
import sys
from pathlib import Path
from photofind.core.catalog import Catalog
catalog = Catalog.open_writer(Path(sys.argv[1]))
with catalog.transaction():
    catalog.set_target_spec(sys.argv[2])
catalog.close_signed()
"""

_HOLD = """
import sys
from pathlib import Path
from photofind.core.catalog import Catalog
catalog = Catalog.open_reader(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""

needs_descriptors = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not list them")


def _elsewhere(program: str, *arguments: object) -> None:
    subprocess.run([sys.executable, "-c", program, *map(str, arguments)], check=True, timeout=60)


def _descriptors(path: Path) -> int:
    return sum(os.path.realpath(link) == str(path) for link in Path("/proc/self/fd").iterdir())


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    _elsewhere(_SET, path, "one")
    return path


def test_a_second_reader_does_not_cut_the_first_off(database: Path) -> None:
    """A writer elsewhere would take itself for the last one, and remove the log that the first one reads."""
    with closing(Catalog.open_reader(database)) as first:
        Catalog.open_reader(database).close()
        for value in ("two", "three"):
            _elsewhere(_SET, database, value)
            assert first.target_spec() == value
        assert damaged_pages(database) == []
        _elsewhere(_SET, database, "four")
        assert first.target_spec() == "four"


def test_decisions_of_several_programs_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    _elsewhere(_REJECT, path, 1000)
    with DecisionStore.open(path) as store:
        DecisionStore.open(path, writable=False).close()
        _elsewhere(_REJECT, path, 2000)
        store.reject_pair(bytes(32), bytes([1] * 32))
        for first in (3000, 4000):
            _elsewhere(_REJECT, path, first)
        assert len(store.rejected_pairs()) == 1201
    _elsewhere(_REJECT, path, 5000)
    with DecisionStore.open(path, writable=False) as reader:
        assert len(reader.rejected_pairs()) == 1501


def test_who_writes_closes_as_often_as_he_likes(tmp_path: Path) -> None:
    for store in (DecisionStore.open(tmp_path / "decisions.db"), Journal.open(tmp_path / "journal.db")):
        store.close()
        store.close()
    catalog = Catalog.open_writer(tmp_path / "library.db")
    catalog.close_signed()
    catalog.close_signed()
    catalog.close()


@needs_descriptors
def test_what_is_kept_open_is_one_and_ends_with_the_last_connection(database: Path) -> None:
    assert damaged_pages(database) == []
    assert _descriptors(database) == 0
    first = Catalog.open_reader(database)
    counts = []
    for _ in range(5):
        Catalog.open_reader(database).close()
        assert damaged_pages(database) == []
        counts.append(_descriptors(database))
    assert len(set(counts)) == 1
    second = Catalog.open_reader(database)
    first.close()
    assert _descriptors(database) > 0
    second.close()
    assert _descriptors(database) == 0


@needs_descriptors
def test_a_connection_that_nobody_closes_is_counted_off(database: Path) -> None:
    catalog = Catalog.open_reader(database)
    damaged_pages(database)
    del catalog
    gc.collect()
    assert _descriptors(database) == 0


def test_a_file_that_took_the_place_of_another_is_read(tmp_path: Path) -> None:
    path, other = tmp_path / "one.db", tmp_path / "other.db"
    path.write_bytes(b"the first")
    other.write_bytes(b"the second one")
    end = connected(path)
    with beside(path) as descriptor:
        assert read_at(descriptor, 4, 100) == b"first"
    if os.name == "posix":
        other.replace(path)
        with beside(path) as descriptor:
            assert read_at(descriptor, 0, 100) == b"the second one"
    end()
    end()  # again


def test_a_file_that_is_not_there_is_an_error_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), beside(tmp_path / "none.db"):
        pass
    with pytest.raises(FileNotFoundError), alone(tmp_path / "none.db"):
        pass
    connected(tmp_path / "none.db")()


def test_nobody_is_alone_beside_a_connection(database: Path) -> None:
    with closing(Catalog.open_reader(database)), pytest.raises(LibraryBusyError, match="close it"), alone(database):
        pass
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(LibraryBusyError, match="close it"), alone(database):
            pass
        other.communicate(timeout=60)
    with alone(database) as descriptor:
        assert read_at(descriptor, 0, 6) == b"SQLite"


def test_who_comes_while_somebody_is_alone_waits(database: Path) -> None:
    seen: list[str | None] = []

    def read() -> None:
        with closing(Catalog.open_reader(database)) as catalog:
            seen.append(catalog.target_spec())

    with alone(database):
        thread = threading.Thread(target=read)
        thread.start()
        time.sleep(0.2)
        assert seen == []
    thread.join(20)
    assert seen == ["one"]
