"""Installing a pack: get it, take from it what it names, try every network, and only then let it appear."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from photofind.core import paths
from photofind.core.encoders import ModelPack, find_pack, load_pack
from photofind.core.encoders.pack import LARGEST_DESCRIPTION, PACK_FILE, PackFile
from photofind.core.encoders.sums import SUMS_FILE, sums_of
from photofind.core.errors import PackError, StorageError
from photofind.core.packs.archive import LARGEST_BYTES, ZipSource
from photofind.core.packs.fetching import Download, download, is_url
from photofind.core.packs.progress import InstallStopped, PackProgress, Watch
from photofind.core.packs.sources import ByteStream, FolderSource, PackSource
from photofind.core.packs.trying import try_pack
from photofind.core.packs.workshop import Workshop, open_workshop
from photofind.core.private_files import open_private

_BLOCK_BYTES: Final = 1024 * 1024
_LARGEST_TEXT: Final = 256 * 1024
_MOST_TEXTS: Final = 8
_TEXTS: Final = re.compile(r"(?:copying|licen[cs]e|notice|readme)[a-z0-9._-]{0,60}", re.IGNORECASE)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_SPARE_BYTES: Final = 50_000_000


def install_pack(
    source: str,
    *,
    sha256: str | None = None,
    report: Callable[[PackProgress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    fetch: Download = download,
) -> ModelPack:
    """Install a pack for this user, in the place of one of the same name, which stays if anything goes wrong.

    Parameters
    ----------
    source
        A folder, a zip file, or the http or https address of a zip file.
    sha256
        Checksum of the zip file, 64 hexadecimal digits. An address demands one: it tells that what arrives is what
        its maker published, whoever sent it.
    report, cancelled
        Told of progress, and asked whether to stop, from the calling thread and often.
    fetch
        Downloads an address.

    Raises
    ------
    PackError
        The pack cannot be had, is not safe, not sound, or bears the name of a bundled one. Nothing is installed, and
        only a download that can go on is left behind.
    InstallStopped
        It was asked to stop.
    StorageError
        The disk refuses or has no room.
    """
    watch = Watch(report, cancelled)
    expected = _checksum(sha256)
    if is_url(source):
        if expected is None:
            raise PackError("A model from the network needs its SHA-256 checksum, to tell that the right one arrived.")
        with open_workshop() as workshop:
            return _install_download(workshop, source, expected, watch, fetch)
    if os.path.isdir(source):
        if expected is not None:
            raise PackError("A checksum belongs to a zip file; a folder has none.")
        folder = FolderSource(Path(source))
        with open_workshop() as workshop:
            return _install(workshop, folder, watch)
    with _open_file(source) as file, open_workshop() as workshop:
        return _install_zip(workshop, file, source, expected, watch)


def _checksum(sha256: str | None) -> str | None:
    if sha256 is None:
        return None
    digits = sha256.strip().lower()
    if not _SHA256.fullmatch(digits):
        raise PackError("A SHA-256 checksum has 64 digits of 0-9 and a-f; copy it again.")
    return digits


def _open_file(path: str) -> IO[bytes]:
    if not os.path.isfile(path):  # it never raises; a pipe would be waited for
        raise PackError(f"There is no folder or zip file {path}.")
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise PackError(f"{path} cannot be read: {error.strerror or error}.") from error


def _install_download(workshop: Workshop, url: str, expected: str, watch: Watch, fetch: Download) -> ModelPack:
    partial = workshop.partial(expected)
    fetch(url, partial, watch)
    try:
        with partial.open("rb") as file:
            pack = _install_zip(workshop, file, "The download", expected, watch)
    except InstallStopped:
        raise  # it is complete, and may be wanted later
    except PackError:
        partial.unlink(missing_ok=True)
        raise
    partial.unlink()
    return pack


def _install_zip(workshop: Workshop, file: IO[bytes], label: str, expected: str | None, watch: Watch) -> ModelPack:
    """Install from an open zip file: what was verified is what is read, whatever happens to its name meanwhile."""
    if expected is not None and _hash(file, watch) != expected:
        raise PackError(
            f"{label} does not have the expected checksum; get it again, or ask its maker for the right one."
        )
    return _install(workshop, ZipSource(file, label), watch)


def _install(workshop: Workshop, source: PackSource, watch: Watch) -> ModelPack:
    stage = workshop.new_folder()
    with _naming_the_pack(stage):
        pack = _unpack(source, stage, watch)
        watch.tell("check")
        try_pack(pack, watch)
    watch.tell("check")
    return find_pack(pack.name, workshop.publish(stage, pack.name).parent)


@contextlib.contextmanager
def _naming_the_pack(stage: Path) -> Iterator[None]:
    """Leave out of errors where a pack was put together: nobody who reads them has seen that folder."""
    try:
        yield
    except InstallStopped:
        raise
    except PackError as error:
        raise PackError(str(error).replace(f"{stage}{os.sep}", "").replace(str(stage), "in it")) from error


def _hash(file: IO[bytes], watch: Watch) -> str:
    digest, done = hashlib.sha256(), 0
    total = os.fstat(file.fileno()).st_size
    while block := file.read(_BLOCK_BYTES):
        digest.update(block)
        done += len(block)
        watch.tell("check", done, total)
    return digest.hexdigest()


def _unpack(source: PackSource, stage: Path, watch: Watch) -> ModelPack:
    """Copy the description of a pack, the files that it names, and the texts that belong to it."""
    description = _take(source, PACK_FILE, stage / PACK_FILE, LARGEST_DESCRIPTION)
    _write(stage / SUMS_FILE, [sums_of({PACK_FILE: description})])
    pack = load_pack(stage)
    if (paths.bundled_models() / pack.name / PACK_FILE).is_file():
        raise PackError(f"A model pack {pack.name} comes with photofind and is not replaced; rename the other one.")
    files = {file.file: file for file in pack.files}
    total = sum(file.size for file in files.values())
    if total > LARGEST_BYTES:
        raise PackError(f"The model pack {pack.name} is too large.")
    if shutil.disk_usage(stage).free < total + _SPARE_BYTES:
        raise StorageError(f"There is no room for the model pack {pack.name}: it takes {total / 1e6:,.0f} MB.")
    before = 0
    for file in files.values():
        _copy(source, file, stage / file.file, functools.partial(_tell_unpacked, watch, before, total))
        before += file.size
    for name in _texts(source, files):
        # A licence that is too long for one is left out.
        with contextlib.suppress(PackError):
            _take(source, name, stage / name, _LARGEST_TEXT)
    return pack


def _tell_unpacked(watch: Watch, before: int, total: int, done: int) -> None:
    watch.tell("unpack", before + done, total)


def _texts(source: PackSource, files: dict[str, PackFile]) -> list[str]:
    taken = {name.casefold() for name in files}
    return [name for name in source.names() if _TEXTS.fullmatch(name) and name.casefold() not in taken][:_MOST_TEXTS]


def _take(source: PackSource, name: str, target: Path, largest: int) -> bytes:
    """Copy a short file and return its content."""
    with contextlib.closing(source.open(name)) as stream:
        content = _read(stream, largest + 1)
    if len(content) > largest:
        raise PackError(f"{name} is too large.")
    _write(target, [content])
    return content


def _copy(source: PackSource, wanted: PackFile, target: Path, tell: Callable[[int], None]) -> None:
    """Copy a file that must be exactly the described one, reading not a byte more than that."""
    digest, done = hashlib.sha256(), 0

    def blocks(stream: ByteStream) -> Iterator[bytes]:
        nonlocal done
        while done <= wanted.size and (block := stream.read(min(_BLOCK_BYTES, wanted.size + 1 - done))):
            digest.update(block)
            done += len(block)
            tell(min(done, wanted.size))
            yield block

    with contextlib.closing(source.open(wanted.file)) as stream:
        _write(target, blocks(stream))
    if done != wanted.size or digest.hexdigest() != wanted.sha256:
        raise PackError(
            f"{wanted.file} in the pack is not the file that its {PACK_FILE} describes; get the pack again."
        )


def _read(stream: ByteStream, size: int) -> bytes:
    content = b""
    while len(content) < size and (block := stream.read(size - len(content))):
        content += block
    return content


def _write(target: Path, blocks: Iterable[bytes]) -> None:
    with open(target, "xb", opener=open_private) as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
