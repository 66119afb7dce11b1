"""What reaches the window: its preferences, saved searches, and what is dropped on it; each is read in a process apart.

Every function returns sentences about what should not have happened; a crash or a hang shows in how the process ended.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.campaign.imports.stage import Case, Stage

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

_PROPERTIES = (
    *("geometry", "window_state", "tile_size", "sort", "sort_descending", "click_action", "language"),
    *("cache_megabytes", "recent_libraries", "last_library"),
)
_KEYS = (
    *("window/geometry", "window/state", "view/tile_size", "view/sort", "view/sort_descending"),
    *("behaviour/find_similar_by", "behaviour/language", "behaviour/cache_megabytes", "libraries/recent"),
)
_VALUES = (
    *(
        "",
        "-1",
        "1e9",
        "999999999999",
        "true",
        "x" * 100_000,
        "@Invalid()",
        "@Size(1)",
        "@Rect(a b c d)",
        "@Point(1 2 3)",
    ),
    r"@ByteArray(\0\0\0\xff)",
    r"@Variant(\0\0\0\n\x7f\xff\xff\xfe)",
    r"@Variant(\0\0\0\x8\0\0\xff\xff\0\0\0\n)",
    r"@Variant(\0\0\0\x41\0\0\0\0\0\0\0\0\0)",
    r"@DateTime(\0\0\0\x10)",
    *("%00", "%2e%2e", "/dev/zero", "\\x110000", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")),
    base64.b64encode(bytes(range(256)) * 40).decode(),
    base64.b64encode(b"\x01\xd9\xd0\xcb" + b"\xff" * 60).decode(),
    base64.b64encode(b"\0\0\0\xff\0\0\0\0\xfd" + b"\x7f\xff\xff\xff" * 20).decode(),
)


def cases(stage: Stage, chances: random.Random, most: int) -> Iterator[Case]:
    """Yield what only the window reads."""
    module = "tests.campaign.imports.window"
    folder = stage.inbox / "preferences"
    folder.mkdir()
    pairs = [(key, value) for key in _KEYS for value in _VALUES]
    for number, (key, value) in enumerate(chances.sample(pairs, min(most, len(pairs)))):
        group, _, name = key.partition("/")
        (folder / f"{number}.ini").write_text(f"[{group}]\n{name}={value}\n", encoding="utf-8", errors="replace")
    for number, content in enumerate((b"\0" * 1000, b"[" * 100_000, bytes(range(256)) * 50, b"[%General]\n=" * 1000)):
        (folder / f"junk {number}.ini").write_bytes(content)
    for number in range(most):
        flipped = bytearray("\n".join(f"[{k.split('/')[0]}]\n{k.split('/')[1]}=1" for k in _KEYS).encode())
        for _ in range(5):
            flipped[chances.randrange(len(flipped))] = chances.randrange(256)
        (folder / f"flipped {number}.ini").write_bytes(flipped)
    yield Case("window preferences", (str(folder),), call=f"{module}:preferences", seconds=120)
    yield Case("dropped things", (str(stage.inbox),), call=f"{module}:drops", seconds=60)
    yield Case("queries that were saved", (str(stage.inbox),), call=f"{module}:stored_queries")


def preferences(folder: Path) -> list[str]:
    """Read every property of every INI file of a folder, and give a window what it is said to have looked like."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    from photofind.gui.preferences import Preferences

    application = QApplication.instance() or QApplication([])
    problems = []
    for path in sorted(folder.iterdir()):
        stored = Preferences(path)
        window = QMainWindow()
        try:
            values = {name: getattr(stored, name) for name in _PROPERTIES}
            window.restoreGeometry(values["geometry"])
            window.restoreState(values["window_state"])
            stored.remember_library(Path("/library"))
            stored.sync()
        except Exception as error:  # noqa: BLE001 - whatever it is, a damaged file must not lead to it
            problems.append(f"{path.name}: {type(error).__name__}: {error}")
    del application
    return problems


def drops(_: Path) -> list[str]:
    """Read mime data of every odd kind; nothing may come of it but files, folders, pictures and web addresses."""
    problems = []
    for name, mime in _mimes():
        from photofind.gui.drops import can_be_read, read_drop

        try:
            can_be_read(mime)
            drop = read_drop(mime)
        except Exception as error:  # noqa: BLE001 - as above
            problems.append(f"{name}: {type(error).__name__}: {error}")
            continue
        if drop.url and not drop.url.startswith(("http://", "https://")):
            problems.append(f"{name}: it may be fetched: {drop.url[:80]}")
        if name.startswith("nothing") and not drop.is_empty:
            problems.append(f"{name}: it counts for something: {str(drop)[:80]}")
    return problems


def _mimes() -> Iterator[tuple[str, QMimeData]]:
    from PySide6.QtCore import QMimeData, QUrl

    def urls(*addresses: str) -> QMimeData:
        mime = QMimeData()
        mime.setUrls([QUrl(address) for address in addresses])
        return mime

    def html(text: str) -> QMimeData:
        mime = QMimeData()
        mime.setHtml(text)
        return mime

    for address in (
        *(
            "javascript:alert(1)",
            "vbscript:x",
            "ftp://host/x.jpg",
            "smb://host/share/x.jpg",
            "mailto:x@y",
            "about:blank",
        ),
        *("data:text/html,<script>", "data:image/png", "data:image/png;base64,!!!", "data:,x", "chrome://settings"),
        *("http://", "https:///etc/passwd", "http://" + "a" * 10_000 + "/x.jpg", "//host/x.jpg", "http:x"),
    ):
        yield f"nothing of {address[:40]}", urls(address)
        yield f"nothing of a picture from {address[:40]}", html(f'<img src="{address}">')
    for address in (
        "file://host/share/x.jpg",
        "file:///%00",
        "file:///etc/%ff%fe",
        "file:",
        "file:relative",
        "file:////x",
    ):
        yield address, urls(address)
    yield "100,000 files", urls(*(f"file:///x/{number}.jpg" for number in range(100_000)))
    yield "100,000 scripts", urls(*(f"javascript:{number}" for number in range(100_000)))
    yield "a page of open tags", html("<img " * 200_000)
    yield "a page of quotes", html("<img src='" * 100_000)
    yield "a page of 50 MB", html("<p>" + "x" * 50_000_000)
    yield "picture of 40 MB inline", urls("data:image/png;base64," + "A" * 40_000_000)
    for kind in ("application/x-qt-image", "image/png", "text/uri-list"):
        mime = QMimeData()
        mime.setData(kind, bytes(range(256)) * 1000)
        yield f"junk as {kind}", mime
    mime = QMimeData()
    mime.setData("text/uri-list", b"file:///a\r\n\0\xff\r\nhttp://h/\r\n" * 1000)
    yield "junk between addresses", mime


def saved_searches(library: Path) -> list[str]:
    """Read the saved searches of a library, which may be anything, and what each asks for."""
    from photofind.core.errors import UserError
    from photofind.core.saved import SavedSearches
    from photofind.gui.query_json import query_from_json

    try:
        shelf = SavedSearches(library).list()
    except UserError as error:
        return [] if "\n" not in str(error) else [f"not one sentence: {error}"]
    for search in shelf.searches:
        try:
            query_from_json(search.query)
        except ValueError:
            continue
    return []


def stored_queries(_: Path) -> list[str]:
    """Read queries with junk in every place; they are queries or a ValueError."""
    from photofind.core.errors import UserError
    from photofind.gui.query_json import query_from_json
    from tests.campaign.imports.plans import JUNK

    part = {"label": "x", "words": "dog", "photo": 1, "path": "/x.jpg", "region": [0, 0, 1, 1], "weight": 1}
    names = ("folders", "since", "until", "orientation", "min_megapixels", "max_megapixels", "has_gps", "x")
    problems = []
    for value in JUNK:
        stored: list[object] = [value, {"parts": value}, {"parts": [value]}, {"filters": value}, {"expand": value}]
        stored += [{"parts": [{**part, key: value}]} for key in part]
        stored += [{"parts": [{"path": "/x", key: value}]} for key in part]
        stored += [{"filters": {name: value}} for name in names] + [{"filters": {name: [value]}} for name in names]
        for query in stored:
            try:
                query_from_json(query)
            except (ValueError, UserError):
                continue
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                problems.append(f"{json.dumps(query)[:100]}: {type(error).__name__}: {error}")
    return problems
