"""Downloading one file from the address that the user gave, and from nowhere else.

What arrived stays in a partial file, and the next attempt asks for the rest only. Which version of the file the server
has by then does not matter: the caller verifies the checksum of the whole. The standard library does all of this in
little more code than it takes to teach a download library to go on with a partial file (pooch starts over).
"""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final, Protocol

from photofind.core.errors import PackError
from photofind.core.packs.archive import LARGEST_BYTES
from photofind.core.packs.progress import Watch
from photofind.core.private_files import open_private

_TIMEOUT_SECONDS: Final = 30.0
_BLOCK_BYTES: Final = 256 * 1024
_ATTEMPTS: Final = 5
_PAUSE_SECONDS: Final = 1.0
_SCHEMES: Final = {"http", "https"}
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")
_RANGE_NOT_SATISFIABLE: Final = 416

_ERRORS: Final = (OSError, http.client.HTTPException)


class Download(Protocol):
    """Brings the content of an address into a file, whose content is taken as its beginning."""

    def __call__(self, url: str, partial: Path, watch: Watch) -> None:
        """Return when the file is complete; raise PackError when it cannot be had."""
        ...


def is_url(source: str) -> bool:
    """Tell whether a source is meant as an address on the network: anything with ``://``."""
    return "://" in source


def download(url: str, partial: Path, watch: Watch, pause: Callable[[float], None] = time.sleep) -> None:
    """Bring the content of ``url`` into the file ``partial``, going on after its end; ``pause`` waits for seconds.

    A connection that breaks off is opened again a few times.

    Raises
    ------
    PackError
        The address is none, the server refuses, or the connection does not hold; what has arrived stays.
    InstallStopped
        It was asked to stop; what has arrived stays.
    """
    host = _host(url)
    for attempt in range(_ATTEMPTS):
        if attempt:
            pause(_PAUSE_SECONDS)
        try:
            if _fetch(url, host, partial, watch):
                return
            problem = "the connection broke off"
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != _RANGE_NOT_SATISFIABLE:
                raise PackError(f"{host} refuses the model: {error.code} {error.reason}.") from error
            return  # nothing comes after what is here: whether it is all is for the checksum to tell
        except _ERRORS as error:
            problem = " ".join(str(getattr(error, "reason", error)).split()) or type(error).__name__
    raise PackError(f"The model could not be downloaded from {host} ({problem}); install it again to go on.")


def _host(url: str) -> str:
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in _SCHEMES or not url.isascii() or not url.isprintable() or " " in url:
        raise PackError("This is no address that a model can be downloaded from; it has to begin with https://.")
    return host


def _fetch(url: str, host: str, partial: Path, watch: Watch) -> bool:
    """Receive what one connection gives; return whether that was all."""
    done = partial.stat().st_size if partial.exists() else 0
    headers = {"User-Agent": "photofind", "Accept-Encoding": "identity"}
    if done:
        headers["Range"] = f"bytes={done}-"
    opener = urllib.request.build_opener(_Redirects)
    watch.tell("download", done)
    with opener.open(urllib.request.Request(url, headers=headers), timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 (_host has checked the scheme)
        done = _beginning(response, done)
        length = response.headers.get("Content-Length", "")
        total = done + int(length) if length.isdecimal() else None
        with open(partial, "r+b" if partial.exists() else "wb", opener=open_private) as file:
            file.truncate(done)
            file.seek(done)
            watch.tell("download", done, total)
            while block := response.read1(_BLOCK_BYTES):
                file.write(block)
                done += len(block)
                if done > LARGEST_BYTES:
                    raise PackError(f"What {host} sends is too large to be a model pack.")
                watch.tell("download", done, total)
    return total is None or done >= total


def _beginning(response: http.client.HTTPResponse, wanted: int) -> int:
    """Return which byte of the file the answer begins with: ``wanted``, or 0 from servers that only send all."""
    if response.status != http.HTTPStatus.PARTIAL_CONTENT:
        return 0
    match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if match is None or int(match[1]) != wanted:
        raise http.client.HTTPException("the server sends another part than asked for")
    return wanted


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects on the host that the user named, never from https to what can be listened to or changed.

    Another host is not contacted before the user has confirmed it, by giving its address.
    """

    max_redirections = 5

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        parts = urllib.parse.urlsplit(newurl)
        scheme = parts.scheme
        if scheme not in _SCHEMES or (req.type == "https" and scheme != "https"):
            fp.close()
            raise PackError(f"{_host(req.full_url)} leads to an address that is not safe; get the model elsewhere.")
        if parts.netloc.casefold() != urllib.parse.urlsplit(req.full_url).netloc.casefold():
            fp.close()
            raise PackError(f"{_host(req.full_url)} leads to {newurl}; if you trust that, install from there.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
