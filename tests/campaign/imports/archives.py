"""Model packs as zip files and folders that mean harm: nothing of them is installed, and nothing is left behind."""

from __future__ import annotations

import io
import os
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from photofind.core.errors import PackError
from photofind.core.packs.archive import ZipSource
from tests.campaign.imports.stage import Case, Stage
from tests.support.packs import pack_files

Files = dict[str, bytes]

_NAMES = (
    *(
        "../evil",
        "a/../../evil",
        "/etc/evil",
        "//host/evil",
        "C:/evil",
        "C:evil",
        "..\\evil",
        "\\\\host\\evil",
        "a\\..\\b",
    ),
    *(
        "image.onnx:stream",
        "a/./b",
        "a//b",
        "",
        ".",
        "..",
        "nul\0byte",
        "new\nline",
        "\u202egpj.exe",
        "\x1b[2J",
        "~/x"[1:],
    ),
    *("IMAGE.ONNX", "\uff49mage.onnx", "pack.toml", "Pack.TOML", "image.onnx/"),
)
_KINDS = {
    "link": stat.S_IFLNK,
    "pipe": stat.S_IFIFO,
    "device": stat.S_IFBLK,
    "terminal": stat.S_IFCHR,
    "socket": stat.S_IFSOCK,
}
_NOT_READ = {"65,535 entries said"}
"""What only a number says that nobody goes by: the entries themselves are counted, and they are few."""


def cases(stage: Stage, chances: random.Random, most: int) -> Iterator[Case]:
    """Yield zips and folders to be refused, and at most so many that were damaged by chance."""
    files = pack_files("stranger")
    named = {f"zip with the name {name[:30]!r}": _with_entry(files, _entry(name)) for name in _NAMES}
    kinds = {f"zip with a {name}": _with_entry(files, _entry("x", mode | 0o777)) for name, mode in _KINDS.items()}
    made: dict[str, Callable[[], bytes]] = {name: (lambda content=content: content) for name, content in named.items()}  # type: ignore[misc]
    made |= {name: (lambda content=content: content) for name, content in kinds.items()}  # type: ignore[misc]
    made |= _bombs(files, stage.size) | _tricks(files)
    for name, make in made.items():
        yield _install(stage, name, make(), "either" if name in _NOT_READ else "refused")
    sound = _zipped(files)
    for number in range(most):
        yield _install(stage, f"damaged zip {number}", _damaged(sound, chances), "either")
    yield from _folders(stage, files)


def let_in() -> Iterator[str]:
    """Yield what is let into a zip by its name or kind; without a process for each, so that the short form can."""
    files = pack_files("stranger")
    entries = {f"the name {name[:30]!r}": _entry(name) for name in _NAMES}
    entries |= {f"a {name}": _entry("x", mode | 0o777) for name, mode in _KINDS.items()}
    for what, entry in entries.items():
        with suppress(PackError):
            ZipSource(io.BytesIO(_with_entry(files, entry)), "it")
            yield f"zip with {what}: it is read"


def _install(stage: Stage, name: str, content: bytes, expected: str = "refused") -> Case:
    path = stage.inbox / "pack.zip"
    path.write_bytes(content)
    return Case(name, ("model", "install", str(path)), expected, seconds=60, may_change=_installed(stage))  # type: ignore[arg-type]


def _installed(stage: Stage) -> tuple[str, ...]:
    return (os.path.relpath(stage.models, stage.place),)


def _zipped(files: Files, method: int = zipfile.ZIP_DEFLATED, *, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
        opened.comment = comment
    return out.getvalue()


def _entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name  # the constructor would tidy it
    info.external_attr = mode << 16
    return info


def _with_entry(files: Files, info: zipfile.ZipInfo) -> bytes:
    out = io.BytesIO(_zipped(files))
    with zipfile.ZipFile(out, "a") as opened:
        opened.filelist.append(info)  # no warning about a name twice
        opened.filelist.pop()
        opened.NameToInfo.pop(info.filename, None)
        opened.writestr(info, b"/etc/passwd")
    return out.getvalue()


def _bombs(files: Files, size: Callable[[int], int]) -> dict[str, Callable[[], bytes]]:
    zeros = bytes(size(50_000_000))
    return {
        "bomb beside the pack": lambda: _zipped(files | {"README": zeros}),
        "bomb as the network": lambda: _zipped(files | {"image.onnx": zeros}),
        "bomb as the description": lambda: _zipped({"pack.toml": zeros}),
        "bomb of many": lambda: _zipped({f"{number}": zeros[:9_900_000] for number in range(size(420))} | files),
        "bomb in a bomb": lambda: _zipped({"a.zip": _zipped({"b.zip": _zipped({"x": zeros})})}),
        "network as long as said, and more": lambda: _lying(files, zeros),
        "entries over one another": lambda: _overlapping(files),
        "a hundred thousand entries": lambda: _zipped(
            {f"{number}": b"" for number in range(size(100_000))}, zipfile.ZIP_STORED
        ),
        "1,001 entries": lambda: _zipped(files | {f"{number}": b"" for number in range(1001)}),
        "a size of 4 GB": lambda: _patched(_zipped(files), b"PK\x01\x02", 24, struct.pack("<I", 0xFFFFFFFE)),
        "every size of 64 bits": lambda: _patched(_zipped(files), b"PK\x01\x02", 20, b"\xff" * 8),
        "a table of 4 GB": lambda: _patched(_zipped(files), b"PK\x05\x06", 12, b"\xfe\xff\xff\xff"),
        "65,535 entries said": lambda: _patched(_zipped(files), b"PK\x05\x06", 8, b"\xff\xff\xff\xff"),
        "table at the end of the world": lambda: _patched(_zipped(files), b"PK\x05\x06", 16, b"\xff\xff\xff\xff"),
        "not a zip": lambda: b"PK\x03\x04" + bytes(1000),
        "nothing": lambda: b"",
        "a zip that is an end only": lambda: _zipped({}),
    }


def _tricks(files: Files) -> dict[str, Callable[[], bytes]]:
    sound = _zipped(files)
    return {
        "a password": lambda: _patched(sound, b"PK\x01\x02", 8, b"\x01\x08"),
        "strong encryption": lambda: _patched(sound, b"PK\x01\x02", 8, b"\x41\x08"),
        "patched data": lambda: _patched(sound, b"PK\x01\x02", 8, b"\x20\x08"),
        "packed by LZMA": lambda: _zipped(files, zipfile.ZIP_LZMA),
        "packed by bzip2": lambda: _zipped(files, zipfile.ZIP_BZIP2),
        "an unknown way of packing": lambda: _patched(sound, b"PK\x01\x02", 10, b"\x63\x00"),
        "a version of tomorrow": lambda: _patched(sound, b"PK\x01\x02", 6, b"\xff\xff"),
        "other names in the entries": lambda: sound.replace(b"image.onnx", b"imagE.onnx", 1),
        "another end in the comment": lambda: _zipped(files, comment=b"PK\x05\x06" + bytes(18)),
        "a checksum that is wrong": lambda: _patched(sound, b"PK\x01\x02", 16, bytes(4)),
        "no checksum that fits the description": lambda: _zipped(files | {"image.onnx": files["image.onnx"] + b"x"}),
        "a file that lacks": lambda: _zipped({name: files[name] for name in files if name != "image.onnx"}),
        "two packs": lambda: _zipped({f"{top}/{name}": files[name] for name in files for top in "ab"}),
        "64 bits without a record": lambda: sound[:-22] + b"PK\x06\x07" + bytes(16) + sound[-22:],
        "64 bits that say otherwise": lambda: _with_64_bits(sound),
    }


def _patched(content: bytes, mark: bytes, offset: int, new: bytes) -> bytes:
    """Return a zip with some bytes of its first record of a kind replaced."""
    at = content.index(mark) + offset
    return content[:at] + new + content[at + len(new) :]


def _lying(files: Files, content: bytes) -> bytes:
    """Return a zip whose network unpacks to much more than its table says."""
    zipped = bytearray(_zipped(files | {"image.onnx": content}))
    said, true = struct.pack("<I", len(files["image.onnx"])), struct.pack("<I", len(content))
    return bytes(zipped.replace(true, said))


def _overlapping(files: Files) -> bytes:
    """Return a zip of 900 entries that are all the same compressed bytes (D. Fifield, "A better zip bomb", 2019)."""
    kernel = zlib.compress(bytes(1_000_000), 9)[2:-4]
    out = bytearray()
    head = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(kernel), 1_000_000, 1, 0)
    out += head + b"x" + kernel
    start = len(out)
    for number in range(900):
        name = f"{number}".encode()
        fields = (20, 20, 0, 8, 0, 0, 0, len(kernel), 1_000_000, len(name), 0, 0, 0, 0, 0, 0)
        out += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", *fields) + name
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 900, 900, len(out) - start, start, 0)
    del files
    return bytes(out + end)


def _with_64_bits(content: bytes) -> bytes:
    """Return a zip whose 64-bit end record tells of a table elsewhere than the 32-bit one."""
    body, end = content[:-22], content[-22:]
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 5, 5, 1 << 40, 1 << 62)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(body), 1)
    return body + record + locator + end


def _damaged(sound: bytes, chances: random.Random) -> bytes:
    content = bytearray(sound)
    for _ in range(chances.randint(1, 8)):
        # The records at the end are what a reader believes; a flip in the middle is told by the checksum.
        low = 0 if chances.random() < 0.3 else max(0, len(content) - 600)
        content[chances.randrange(low, len(content))] = chances.randrange(256)
    if chances.random() < 0.2:
        del content[chances.randrange(len(content)) :]
    return bytes(content)


def _folders(stage: Stage, files: Files) -> Iterator[Case]:
    """Yield packs as folders; links in a folder of the user's own are followed, but what they lead to is verified."""
    folder = stage.inbox / "pack"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    secret = stage.outside / "secret.txt"
    pretenders: dict[str, Callable[[Path], object]] = {
        "a pipe": os.mkfifo,
        "a folder": lambda path: path.mkdir(),
        "a link to a secret": lambda path: path.symlink_to(secret),
        "a link to itself": lambda path: path.symlink_to(path),
        "an endless device": lambda path: path.symlink_to("/dev/zero"),
        "nothing": lambda _: None,
    }
    for target in ("image.onnx", "pack.toml"):
        for kind, make in pretenders.items():
            path = folder / target
            path.unlink()
            make(path)
            yield Case(f"folder whose {target} is {kind}", ("model", "install", str(folder)), seconds=10)
            if os.path.lexists(path):
                path.rmdir() if kind == "a folder" else path.unlink()
            path.write_bytes(files[target])
    for odd in ("/dev/zero", "/proc/self/mem", str(secret), "file:///etc/passwd", "ftp://h/x", "javascript://x", ""):
        yield Case(f"install {odd}", ("model", "install", odd), seconds=10)
