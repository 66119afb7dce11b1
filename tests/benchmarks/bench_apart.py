"""How long a photo takes to decode in this process and in one apart, and what such a process costs.

    python tests/benchmarks/bench_apart.py [--rounds N]

Photos of 1.5, 12 and 50 megapixels are made from the pictures of scikit-image. The mark: a preview or a query of a
12-megapixel JPEG is at most 10 ms slower apart. In turns, so that both have the same weather; medians.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
from PIL import Image

from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.apart import ApartLimits, PictureReader
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from tests.support.photos import picture

_LIMITS = DecodeLimits.of(megapixels=250, megabytes=1024)
_MARK_MS = 10.0
_SIZES = {"1.5 MP": (1500, 1000), "12 MP": (4000, 3000), "50 MP": (8660, 5774)}
_USES = {"query": 224 * 224, "preview": 1600 * 900, "in full": 1 << 40}


def main() -> None:
    """Make the photos, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, closing(PictureReader(ApartLimits(60.0, 2000 << 20))) as reader:
        photos = {name: _photo(Path(folder), name, size) for name, size in _SIZES.items()}
        _print_start(reader, photos["1.5 MP"])
        print(f"{'photo':8}{'use':10}{'pixels':>12}{'in place':>12}{'apart':>12}{'more':>10}")
        for name, path in photos.items():
            for use, area in _USES.items():
                _print_row(name, use, path, area, reader, rounds)
        resident = [psutil.Process(pid).memory_info().rss >> 20 for pid in reader.process_ids()]
        print(f"\nresident after that: {', '.join(f'{size} MB' for size in resident)}")


def _photo(folder: Path, name: str, size: tuple[int, int]) -> Path:
    path = folder / f"{name.replace(' ', '')}.jpg"
    picture(0).resize(size, Image.Resampling.BICUBIC).save(path, quality=90)
    return path


def _print_start(reader: PictureReader, path: Path) -> None:
    started = time.perf_counter()
    reader.header(str(path), limits=_LIMITS)
    (pid,) = reader.process_ids()
    resident = psutil.Process(pid).memory_info().rss >> 20
    print(f"the first answer of a new process: {(time.perf_counter() - started) * 1e3:.0f} ms, {resident} MB resident")
    started = time.perf_counter()
    reader.header(str(path), limits=_LIMITS)
    print(f"the next one: {(time.perf_counter() - started) * 1e3:.1f} ms\n")


def _print_row(name: str, use: str, path: Path, area: int, reader: PictureReader, rounds: int) -> None:
    def decode(pictures: Pictures) -> Callable[[], tuple[int, int]]:
        return lambda: pictures.decode(str(path), limits=_LIMITS, working_area=area).image.size

    here, apart = decode(IN_PLACE), decode(reader)
    size = here()
    assert apart() == size
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for act, taken in zip((here, apart), times, strict=True):
            started = time.perf_counter()
            act()
            taken.append((time.perf_counter() - started) * 1e3)
    one, other = (statistics.median(taken) for taken in times)
    mark = "" if other - one <= _MARK_MS else f"   mark: {_MARK_MS:.0f} ms"
    print(f"{name:8}{use:10}{f'{size[0]} x {size[1]}':>12}{one:9.1f} ms{other:9.1f} ms{other - one:7.1f} ms{mark}")


if __name__ == "__main__":
    main()
