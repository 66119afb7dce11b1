"""A user whose words, names and cameras can be found again, and every command that the command line has."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.campaign.photos import write_photos
from tests.campaign.quick_pack import quick_settings
from tests.support.packs import pack_files, zip_pack
from tests.support.photos import picture

WORD = "wisperwort"
"""What the user types; no log may ever have it."""

CAMERA = "Zwielichtkamera"
"""What the header of a photo says."""

NAME = "herzgeheim"
"""A part of the name of every folder of photos."""

_MODEL_TAG = 0x0110
_KEPT = ("PATH", "LANG", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class User:
    """A home with photos. What photofind writes is below ``home`` or ``temp``, or was asked for in ``out``."""

    place: Path

    @property
    def home(self) -> Path:
        return self.place / "home"

    @property
    def temp(self) -> Path:
        return self.place / "temp"

    @property
    def out(self) -> Path:
        return self.place / "out"

    @property
    def photos(self) -> Path:
        return self.place / f"photos {NAME}"

    @property
    def library(self) -> Path:
        return self.home / "data" / "photofind" / "library"

    def environment(self) -> dict[str, str]:
        """Return the environment of the user's programs: a session without a display or a bus."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        homes = {"HOME": self.home, "TMPDIR": self.temp}
        homes |= {f"XDG_{name}_HOME": self.home / name.lower() for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        homes["XDG_RUNTIME_DIR"] = self.place / "runtime"
        return {**kept, **{name: str(path) for name, path in homes.items()}, "QT_QPA_PLATFORM": "offscreen"}


def make_user(place: Path, *, quick: bool, photos: int = 12) -> User:
    """Make a home, photos with copies among them, one with a camera and one that is broken."""
    user = User(place)
    for folder in (user.home, user.temp, user.out, place / "runtime"):
        folder.mkdir(parents=True)
    (place / "runtime").chmod(0o700)
    write_photos(user.photos, range(photos))
    with_camera = Image.Exif()
    with_camera[_MODEL_TAG] = CAMERA
    (user.photos / "camera.jpg").write_bytes(_jpeg(picture(1), exif=with_camera))
    (user.photos / "again.jpg").write_bytes((user.photos / "camera.jpg").read_bytes())
    (user.photos / f"broken {WORD}.jpg").write_bytes(_jpeg(picture(2))[:600])
    (user.photos / "warned.tif").write_bytes(_odd_tiff())
    if quick:
        quick_settings(user.home)
    return user


def command(*arguments: str | Path) -> list[str]:
    """Return the command line of photofind with some arguments."""
    return [sys.executable, "-P", "-m", "photofind", *map(str, arguments)]


def every_command(user: User) -> Iterator[tuple[str, list[str]]]:
    """Yield every command in an order in which each has something to do, with a name for it."""
    yield "index", command("index", user.photos)
    yield from _searches(user)
    yield from _duplicates(user)
    yield "status", command("status", "--json")
    yield "status --health", command("status", "--health")
    yield "evaluate", command("evaluate")
    yield "evaluate --labels", command("evaluate", "--labels", "folders")
    bench = ("bench", "exact-vs-index", "--generated", "500")
    yield "bench", command(*bench, "--out", user.out / "table.csv", "--chart", user.out / "chart.png")
    yield "doctor", command("doctor", "--compact", "--recluster")
    yield "doctor --check", command("doctor", "--check")
    yield from _models(user)
    yield "worker", command("worker")
    yield "help", command("--help")


def short_commands(user: User) -> Iterator[tuple[str, list[str]]]:
    """Yield the few commands that between them make every kind of file."""
    yield "index", command("index", user.photos)
    yield "search", command("search", WORD)
    yield "duplicates --plan", command("duplicates", "--plan", user.out / "plan.json")
    yield "duplicates --apply", command("duplicates", "--apply", user.out / "plan.json")
    yield "evaluate", command("evaluate")


def _searches(user: User) -> Iterator[tuple[str, list[str]]]:
    batch = user.out / "batch.jsonl"
    batch.write_text(f'{{"id": "1", "words": "{WORD} red"}}\n')
    probe = user.photos / "000003.jpg"
    yield "search", command("search", WORD, "dog")
    yield "search --image", command("search", "--image", probe, "--minus", WORD, "--expand", "--exact")
    yield "search --batch", command("search", "--batch", batch)
    yield "search filters", command("search", "red", "--folder", user.photos, "--since", "2000", "--json")
    yield "search nothing", command("search", "--image", user.photos / f"broken {WORD}.jpg")


def _duplicates(user: User) -> Iterator[tuple[str, list[str]]]:
    plan = user.out / "plan.json"
    yield "duplicates", command("duplicates", "--export", user.out / "groups.csv")
    yield "duplicates --plan", command("duplicates", "--plan", plan)
    yield "duplicates --dry-run", command("duplicates", "--apply", plan, "--dry-run")
    yield "duplicates --apply", command("duplicates", "--apply", plan)
    yield "duplicates --history", command("duplicates", "--history")
    yield "duplicates --undo", command("duplicates", "--undo")
    remembered = [user.photos / name for name in ("camera.jpg", "again.jpg")]
    yield "duplicates --not-duplicates", command("duplicates", "--not-duplicates", *remembered)


def _models(user: User) -> Iterator[tuple[str, list[str]]]:
    pack = zip_pack(user.out / "pack.zip", pack_files("colours"))
    yield "model list", command("model", "list")
    yield "model install", command("model", "install", pack)
    yield "model use", command("model", "use", "colours")
    yield "index anew", command("index", user.photos)
    yield "model use again", command("model", "use", "efficientnet-lite0")
    yield "model remove", command("model", "remove", "colours")


def _jpeg(image: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90, **options)
    return stream.getvalue()


def _odd_tiff() -> bytes:
    """Return a TIFF that libtiff complains about on stderr: its strips end too early."""
    stream = io.BytesIO()
    picture(3).save(stream, "TIFF", compression="tiff_lzw")
    return stream.getvalue()[:-400]
