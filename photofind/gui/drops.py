"""Reading what is dropped or pasted: files and folders, else picture data, else addresses of pictures on the web.

The order matters (a browser offers several of them for one picture): local files need no network, pixels are exactly
what the user saw, and an address is only a last resort that the user has to confirm.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage

from photofind.core.paths import can_be_a_path, is_within
from photofind.core.private_files import PRIVATE_FOLDER, claim

_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
# Bounded, or else a page of nothing but open tags would take time by the square of its length.
_IMAGE_SOURCE = re.compile(r"""[^>]{0,4096}?\bsrc\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_MOST_IMAGES = 100
_WEB = ("http", "https")
_LONGEST_URL = 4096
_LONGEST_SIDE = 2048
_MOST_KEPT = 64 << 20
"""Bytes of temporary files that are copied while the window waits: a browser's picture, not somebody's film."""


@dataclass(frozen=True, slots=True)
class Drop:
    """What some mime data holds for us: paths, or one of the other kinds."""

    paths: tuple[str, ...] = ()
    image: QImage | None = None
    data: bytes | None = None
    url: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could be looked for."""
        return not (self.paths or self.image or self.data or self.url)


def can_be_read(mime: QMimeData) -> bool:
    """Tell, without reading the data, whether a drag may be dropped here."""
    return mime.hasUrls() or mime.hasImage() or mime.hasHtml()


def accept_unmoved(event: QDropEvent) -> bool:
    """Accept a drag unless it can only be moved here: whoever offers files to be moved removes its own afterwards."""
    for action in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction):
        if event.possibleActions() & action:
            event.setDropAction(action)
            event.accept()
            return True
    event.ignore()
    return False


def read_drop(mime: QMimeData) -> Drop:
    """Return what was dropped or pasted; an empty drop when it is nothing that can be searched by.

    No disk is asked: what the paths are, :func:`parted` tells.
    """
    local = dict.fromkeys(_local_path(url) for url in mime.urls() if url.isLocalFile())
    paths = tuple(filter(can_be_a_path, local))
    if paths:
        return Drop(paths=paths)
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Drop(image=image)
    return _from_addresses(mime)


def parted(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return which of some paths are files, or nothing yet, and which are folders; asks disks, which may take long."""
    files: list[str] = []
    folders: list[str] = []
    for path in paths:
        (folders if os.path.isdir(path) else files).append(path)
    return files, folders


def are_temporary(paths: Iterable[str]) -> bool:
    """Tell, by their names alone, whether paths lie where programs keep what is gone a moment later."""
    place = tempfile.gettempdir()
    return all(is_within(path, place) or is_within(path, os.path.realpath(place)) for path in paths)


def _local_path(url: QUrl) -> str:
    """Return the path of a ``file:`` URL; ``toLocalFile`` would replace the bytes that are no UTF-8."""
    if os.name != "posix" or url.host() not in ("", "localhost"):
        return url.toLocalFile()
    return os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded)))


def _from_addresses(mime: QMimeData) -> Drop:
    # The source of an image is the picture itself; the dragged address may be the page that it links to.
    for address in (*_image_sources(mime), *(url.toString() for url in mime.urls())):
        if address[:5].lower() == "data:":
            data = _inline_data(address)
            if data:
                return Drop(data=data)
        url = QUrl(address.replace("&amp;", "&"))
        if url.isValid() and url.scheme() in _WEB and url.host() and len(address) <= _LONGEST_URL:
            return Drop(url=url.toString())
    return Drop()


def _image_sources(mime: QMimeData) -> Iterator[str]:
    page = mime.html() if mime.hasHtml() else ""
    for tag in islice(_IMAGE.finditer(page), _MOST_IMAGES):
        source = _IMAGE_SOURCE.match(page, tag.end())
        if source:
            yield source[1]


def _inline_data(address: str) -> bytes | None:
    """Return the bytes of a data URL (RFC 2397), None when it is malformed."""
    head, comma, body = address.partition(",")
    if not comma or not head[5:].lower().startswith("image/"):
        return None
    raw = unquote_to_bytes(body)
    if not head.lower().endswith(";base64"):
        return raw
    try:
        return base64.b64decode(raw, validate=True)
    except binascii.Error:
        return None


class Scratch:
    """A folder of the window's own for pictures that have no file, or one that will not last; gone when closed."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._count = 0

    def store_image(self, image: QImage) -> str | None:
        """Write pixels, not more than a search could use, to a file and return its path; None when the disk refuses."""
        path = self._new_path("picture.png")
        if max(image.width(), image.height()) > _LONGEST_SIDE:  # packing 80 megapixels would take seconds
            image = image.scaled(
                _LONGEST_SIDE,
                _LONGEST_SIDE,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        return path if image.save(path) else None

    def store_bytes(self, data: bytes) -> str:
        """Write a picture's bytes to a file and return its path; raises OSError when the disk refuses."""
        path = self._new_path("picture")
        Path(path).write_bytes(data)
        return path

    def keep(self, paths: Iterable[str]) -> list[str]:
        """Return paths that last: browsers hand over temporary files that are gone a moment later."""
        room = _MOST_KEPT
        kept = []
        for path in paths:
            size = _temporary_bytes(path)
            if size is None or size > room:
                kept.append(path)  # whoever reads it tells what is wrong, and with which file
            else:
                room -= size
                kept.append(self._copy(path))
        return kept

    def holds(self, path: str) -> bool:
        """Tell whether a file is in the folder, and gone with it."""
        return self._folder is not None and is_within(path, self._folder.name)

    def close(self) -> None:
        """Remove the folder."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _copy(self, path: str) -> str:
        copy = self._new_path(os.path.basename(path))
        try:
            shutil.copyfile(path, copy)
        except OSError:
            return path
        return copy

    def _new_path(self, name: str) -> str:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="photofind-", ignore_cleanup_errors=True)
        self._count += 1
        folder = os.path.join(self._folder.name, f"{self._count:04}")
        Path(folder).mkdir(PRIVATE_FOLDER)  # the file keeps its name, which messages show
        path = os.path.join(folder, name)
        claim(path)
        return path


def _temporary_bytes(path: str) -> int | None:
    """Return the size of a temporary file; None for any other."""
    if not are_temporary([path]):
        return None
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
