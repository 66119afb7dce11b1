"""The window, watched: its scripted walk, its scripted review, and an address that is dropped on it.

``python -m tests.campaign.privacy.window ADDRESS LIBRARY [--confirm]`` opens the window, drops the address, and
downloads it only with ``--confirm``; the campaign runs this under its watch.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.campaign.privacy.commands import User
from tests.campaign.privacy.play import Play

_REVIEWED = ("astronaut.png", "coffee.png", "chelsea.png")
_KINDS = ("jpeg", "png", "resized", "crop_10", "crop_30", "grey", "sepia", "mirrored", "watermarked", "exif_turned")
_QUIET_MS = 1_500
_WAIT_MS = 30_000


def walk_and_review(play: Play) -> None:
    """Let the window be walked through on small photos, and duplicates be reviewed on copies of larger ones."""
    user = play.user
    walked = [sys.executable, "-m", "tests.gui.scripted_run", str(_varied(user)), str(user.out / "walk")]
    play.run("the walk through the window", walked)
    reviewed = [sys.executable, "-m", "tests.gui.scripted_review", str(_copies(user)), str(user.out / "review")]
    play.run("the review of duplicates", reviewed)


def _varied(user: User) -> Path:
    """Write photos of many sizes, as the walk wants them: ``.jpg`` throughout, each one readable."""
    from tests.support.photos import put_many

    put_many(user.photos / "walk", range(60))
    return user.photos / "walk"


def _copies(user: User) -> Path:
    """Write pictures with copies of the kinds that the review looks for: one pair of each verdict."""
    from tests.support.copies import make_copy, other_shot, saved, source

    folder = user.place / "review"
    folder.mkdir()
    for number, name in enumerate(_REVIEWED):
        picture = source(name)
        original = saved(picture, "JPEG", quality=92)
        for copy in ("original", "copy"):
            (folder / f"{number} {copy}.jpg").write_bytes(original)
        for kind in _KINDS:
            made = make_copy(picture, kind, number)
            (folder / f"{number} {kind}{made.suffix}").write_bytes(made.content)
        (folder / f"{number} next.jpg").write_bytes(saved(other_shot(picture, number), "JPEG", quality=90))
    return folder


def drop_address(address: str, library: Path, *, confirm: bool) -> int:
    """Open a window, drop an address, wait for what comes of it, and close; return the exit status."""
    from PySide6.QtCore import QMimeData, QTimer, QUrl

    from photofind.gui.app import Windows, make_application
    from photofind.gui.hub import ExceptionHub
    from photofind.gui.preferences import Preferences
    from tests.gui.scripted_run import LostError, Walk, button
    from tests.support.windows import drop_on

    app = make_application()
    hub = ExceptionHub()
    hub.install()
    windows = Windows(app, Preferences.of_user(), hub)
    window = windows.open(library)
    lost: list[str] = []

    def go() -> None:
        walk = Walk(window, library)
        try:
            walk.until(lambda: window.pages.currentWidget() is window.empty_state, "the invitation")
            mime = QMimeData()
            mime.setUrls([QUrl(address)])
            drop_on(window, mime)
            download = button(window.notices, "Download")
            if confirm:
                arrived: list[object] = []
                window.intake.parts_ready.connect(lambda parts, _: arrived.append(parts))
                download.click()
                walk.until(lambda: arrived, "the picture", wait_ms=_WAIT_MS)
            else:
                QTimer.singleShot(_QUIET_MS, lambda: lost.append(""))
                walk.until(lambda: lost, "a quiet while")
                lost.clear()
        except (LostError, StopIteration) as error:
            lost.append(str(error) or "no question whether to download")
        finally:
            windows.close()

    QTimer.singleShot(0, go)
    status = app.exec()
    hub.uninstall()
    sys.stderr.writelines(f"{reason}\n" for reason in lost)
    return status or bool(lost)


def main() -> int:
    """Drop the address that the command line names."""
    parser = argparse.ArgumentParser(description="Drop an address on the window.")
    parser.add_argument("address")
    parser.add_argument("library", type=Path)
    parser.add_argument("--confirm", action="store_true")
    asked = parser.parse_args()
    return drop_address(asked.address, asked.library, confirm=asked.confirm)


if __name__ == "__main__":
    sys.exit(main())
