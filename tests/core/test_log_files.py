"""What gets into a log file, how large it becomes, and how it is emptied."""

from __future__ import annotations

import logging
import os
import stat
import sys
from pathlib import Path

import pytest

from photofind.core.log_files import (
    LARGEST_BYTES,
    LOG_FILE,
    PrivateFormatter,
    PrivateLogHandler,
    clear,
    keep_small,
    library_logs,
)


def logged(error: BaseException) -> str:
    try:
        raise error
    except type(error):
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "a bug", (), sys.exc_info())
    return PrivateFormatter("%(message)s").format(record)


@pytest.mark.parametrize(
    "error",
    [
        KeyError("secret"),
        ValueError("invalid literal for int() with base 10: 'secret'"),
        ValueError(f'unexpected "secret" in {b"secret"!r}'),
        FileNotFoundError(2, "No such file", "/photos/secret/1.jpg"),
        ValueError("x" * 400 + "secret"),
    ],
    ids=["key", "literal", "bytes", "path", "long"],
)
def test_the_message_of_an_exception_is_logged_without_what_it_quotes(error: BaseException) -> None:
    text = logged(error)
    assert "secret" not in text.replace('error = KeyError("secret")', "")
    assert type(error).__name__ in text
    assert "raise error" in text


def test_names_of_the_program_stay() -> None:
    assert "'photo_id'" in logged(AttributeError("'Tile' object has no attribute 'photo_id'"))


def test_causes_are_told_without_values_too() -> None:
    error = RuntimeError("it failed")
    error.__cause__ = KeyError("secret")
    text = logged(error)
    assert "direct cause" in text
    assert "secret" not in text


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
def test_a_log_is_private_also_one_that_was_not(tmp_path: Path) -> None:
    path = tmp_path / LOG_FILE
    path.touch()
    path.chmod(0o644)
    PrivateLogHandler(path, 1).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_log_that_is_cleared_is_gone_on_in(tmp_path: Path) -> None:
    path = tmp_path / LOG_FILE
    (tmp_path / f"{LOG_FILE}.1").write_text("before\n")
    handler = PrivateLogHandler(path, 1)
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "again", (), None)
    handler.emit(record)
    assert library_logs(tmp_path) == [path, tmp_path / f"{LOG_FILE}.1"]
    clear([*library_logs(tmp_path), tmp_path / "not there"])
    assert [log.stat().st_size for log in library_logs(tmp_path)] == [0, 0]
    handler.emit(record)
    handler.close()
    assert path.read_text(encoding="utf-8") == "again\n"


def test_what_decoders_print_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "decoders.log"
    with path.open("ab", buffering=0) as log:
        log.write(b"x" * LARGEST_BYTES)
        keep_small(log.fileno())
        assert path.stat().st_size == LARGEST_BYTES
        log.write(b"x")
        keep_small(log.fileno())
        log.write(b"y")
    assert path.read_bytes() == b"y"
