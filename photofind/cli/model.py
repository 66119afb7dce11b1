"""``photofind model``: list, install, choose and remove model packs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from tqdm import tqdm

from photofind.cli import output
from photofind.core.encoders import ModelPack, list_packs
from photofind.core.library_writer import LibraryWriter
from photofind.core.packs import PackProgress, install_pack, remove_pack
from photofind.core.paths import user_models
from photofind.core.settings import Settings

_STAGES: Final = {"download": "Downloading", "unpack": "Unpacking", "check": "Trying the model"}


def run_model(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Do what is asked with model packs; return the exit status."""
    actions: dict[str, Callable[[argparse.Namespace, Path, Settings], None]] = {
        "list": _list,
        "install": _install,
        "use": _use,
        "remove": _remove,
    }
    actions[arguments.action](arguments, library, settings)
    return 0


def _list(arguments: argparse.Namespace, library: Path, settings: Settings) -> None:
    del library, settings
    packs, problems = list_packs()
    if arguments.json:
        models = [variant for pack in packs for variant in _described(pack)]
        output.document({"models": models, "problems": [str(problem) for problem in problems]})
        return
    for pack in packs:
        for variant in pack.variants:
            default = " (default)" if variant == pack.default else ""
            words = ", words and photos" if pack.has_text else ""
            output.line(f"{pack.name}:{variant}{default}  version {pack.version}, {pack.dimension} dimensions{words}")
    for problem in problems:
        output.tell(str(problem))


def _install(arguments: argparse.Namespace, library: Path, settings: Settings) -> None:
    del library, settings
    with _Display() as display:
        pack = install_pack(arguments.source, sha256=arguments.sha256, report=display.show)
    if arguments.json:
        output.document({"installed": pack.name, "models": _described(pack)})
        return
    knows = "knows photos and words" if pack.has_text else "knows photos"
    output.line(f"Installed {pack.name}, which {knows}; choose it with `photofind model use {pack.name}`.")


def _use(arguments: argparse.Namespace, library: Path, settings: Settings) -> None:
    with LibraryWriter(library, settings) as writer:
        chosen = writer.want_pack(arguments.name)
    if arguments.json:
        output.document({"model": chosen.spec})
        return
    output.line(f"The next `photofind index` embeds every photo with {chosen.spec}; until then the old model serves.")


def _remove(arguments: argparse.Namespace, library: Path, settings: Settings) -> None:
    remove_pack(arguments.name, library=library, preferred=settings.model)
    if arguments.json:
        output.document({"removed": arguments.name})
        return
    output.line(f"Removed {arguments.name}.")


def _described(pack: ModelPack) -> list[dict[str, Any]]:
    installed = pack.folder.parent == user_models()
    return [
        {
            "name": f"{pack.name}:{variant}",
            "version": pack.version,
            "dimension": pack.dimension,
            "words": pack.has_text,
            "installed": installed,
        }
        for variant in pack.variants
    ]


class _Display:
    """A progress bar on a terminal, nothing elsewhere."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar = tqdm(unit="B", unit_scale=True, dynamic_ncols=True, file=sys.stderr, leave=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, progress: PackProgress) -> None:
        if self._bar is None:
            return
        if self._bar.desc != f"{_STAGES[progress.stage]}: ":
            self._bar.reset()  # another stage has a rate of its own
            self._bar.set_description(_STAGES[progress.stage], refresh=False)
        self._bar.total = progress.total_bytes
        self._bar.update(progress.done_bytes - self._bar.n)
