"""Reading a pack out of a zip file that anybody may have made.

The whole table of contents is examined before anything is read: one entry that is no plain file or folder, or whose
name could mean a place outside, condemns the zip, needed or not. Nothing is ever extracted by the zip's own names; the
installer asks for the files that it wants and decides what they are called.
"""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from typing import IO, Final

from photofind.core.encoders.pack import PACK_FILE
from photofind.core.errors import PackError
from photofind.core.packs.sources import ByteStream

LARGEST_BYTES: Final = 4_000_000_000
"""What all files of a pack may hold together."""

_MOST_ENTRIES: Final = 1000
_LARGEST_DIRECTORY: Final = 1_000_000
# Weights hardly shrink; what shrinks a hundredfold is there to fill a disk. Small texts may.
_HIGHEST_RATIO: Final = 100
_SMALL_BYTES: Final = 10_000_000
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
# The end record of a zip, alone and with the two records that large ones have before it, and its longest comment.
_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_END_BYTES, _END_64_BYTES, _LOCATOR_BYTES = 22, 56, 20
_LONGEST_COMMENT: Final = 65_535


class ZipSource:
    """An open zip file with a pack at its top or in its one folder that holds one.

    Raises
    ------
    PackError
        It is no zip, not safe to read, or holds no pack.
    """

    def __init__(self, file: IO[bytes], label: str) -> None:
        self._label = label
        try:
            self._check_directory_size(file)
            self._zip = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise PackError(f"{label} is not a zip file, or a damaged one.") from error
        entries = self._zip.infolist()
        self._check(entries)
        self._prefix = self._find_pack(entries)

    def names(self) -> list[str]:
        """Return the names of all plain files beside the ``pack.toml``."""
        beside = [name.removeprefix(self._prefix) for name in self._zip.namelist() if name.startswith(self._prefix)]
        return [name for name in beside if name and "/" not in name]

    def open(self, name: str) -> ByteStream:
        """Open a file to read it once from its beginning; raise PackError when there is none."""
        try:
            entry = self._zip.getinfo(self._prefix + name)
        except KeyError:
            raise PackError(f"The pack lacks {name}, which its {PACK_FILE} names; get a complete one.") from None
        try:
            return _Entry(self._zip.open(entry), self._label)
        except _BROKEN as error:
            raise PackError(f"{self._label} is damaged; get it again.") from error

    def _refusal(self, entry: zipfile.ZipInfo, problem: str) -> PackError:
        return PackError(f"{self._label} is not safe to unpack: it holds {problem} ({entry.orig_filename[:100]!r}).")

    def _check_directory_size(self, file: IO[bytes]) -> None:
        """Refuse a zip of very many files before its table of contents is read into memory."""
        end = file.seek(0, io.SEEK_END)
        file.seek(max(0, end - _LONGEST_COMMENT - _END_BYTES - _LOCATOR_BYTES - _END_64_BYTES))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0:
            raise ValueError("no end record")
        (size,) = struct.unpack_from("<I", tail, at + 12)
        if tail[at - _LOCATOR_BYTES : at].startswith(_LOCATOR_64):
            record = at - _LOCATOR_BYTES - _END_64_BYTES
            if record < 0 or not tail.startswith(_END_64, record):
                raise ValueError("no 64-bit end record")
            (size,) = struct.unpack_from("<Q", tail, record + 40)
        if size > _LARGEST_DIRECTORY:
            raise PackError(f"{self._label} holds too many files to be a model pack.")

    def _check(self, entries: list[zipfile.ZipInfo]) -> None:
        if len(entries) > _MOST_ENTRIES:
            raise PackError(f"{self._label} holds too many files to be a model pack.")
        seen: set[str] = set()
        for entry in entries:
            self._check_name(entry)
            self._check_kind(entry)
            # Systems differ in which names they take for the same.
            name = unicodedata.normalize("NFKC", entry.filename.rstrip("/")).casefold()
            if name in seen:
                raise self._refusal(entry, "a name twice")
            seen.add(name)
        if sum(entry.file_size for entry in entries) > LARGEST_BYTES:
            raise PackError(f"{self._label} is too large when unpacked to be a model pack.")

    def _check_name(self, entry: zipfile.ZipInfo) -> None:
        # The name as it is written: zipfile itself cuts off after a NUL and turns the separators of its own system.
        name = entry.orig_filename
        if name.startswith("/") or any(letter in name for letter in ":\\") or not name.isprintable():
            raise self._refusal(entry, "a name that leads out of it")
        if any(part in ("", ".", "..") for part in name.removesuffix("/").split("/")):
            raise self._refusal(entry, "a name that leads out of it")

    def _check_kind(self, entry: zipfile.ZipInfo) -> None:
        kind = stat.S_IFMT(entry.external_attr >> 16)  # 0 where the system that made it has no such thing
        if kind not in (0, stat.S_IFDIR if entry.is_dir() else stat.S_IFREG):
            raise self._refusal(entry, "a link or another thing that is no plain file")
        if entry.flag_bits & _ENCRYPTED:
            raise self._refusal(entry, "a file with a password")
        if entry.compress_type not in _METHODS:
            raise self._refusal(entry, "a file packed in an unusual way")
        if entry.file_size > max(_SMALL_BYTES, _HIGHEST_RATIO * entry.compress_size):
            raise self._refusal(entry, "a file that grows beyond measure")

    def _find_pack(self, entries: list[zipfile.ZipInfo]) -> str:
        """Return what stands before the names of the pack's files: nothing, or a folder with its slash."""
        found = [entry.filename for entry in entries if entry.filename.rpartition("/")[2] == PACK_FILE]
        found = [name for name in found if name.count("/") <= 1]
        if PACK_FILE in found:
            return ""
        if len(found) != 1:
            many = "more than one folder with a" if found else "no"
            raise PackError(f"{self._label} holds {many} {PACK_FILE}, so it is not a model pack.")
        return found[0].removesuffix(PACK_FILE)


class _Entry:
    """A file inside a zip, whose damage is a ``PackError``."""

    def __init__(self, stream: IO[bytes], label: str) -> None:
        self._stream = stream
        self._label = label

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes, none at the end."""
        try:
            return self._stream.read(size)
        except _BROKEN as error:
            raise PackError(f"{self._label} is damaged; get it again.") from error

    def close(self) -> None:
        """Let the file go."""
        self._stream.close()
