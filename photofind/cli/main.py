"""Parsing the command line and handing over to the command; the contract of names is in the README."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from photofind import __version__
from photofind.cli import output
from photofind.core.errors import UserError
from photofind.core.paths import default_library, settings_file
from photofind.core.settings import Settings, load_settings

FIXABLE = 1
"""Exit status of an error that the user can mend."""

Command = Callable[[argparse.Namespace, Path, Settings], int]

OpenWindow = Callable[[Path | None], int]
"""Opens the window on a library, None for the one it had last, and returns the exit status when it is closed."""


def run(arguments: Sequence[str], open_window: OpenWindow) -> int:
    """Run a command line; return 0 for success, 1 for an error the user can mend, 2 for wrong usage."""
    logging.captureWarnings(capture=True)
    output.prepare()
    parsed = _parser().parse_args(arguments)
    try:
        if parsed.run is None:
            return open_window(Path(os.path.abspath(parsed.library)) if parsed.library else None)
        library = Path(os.path.abspath(parsed.library or default_library()))
        command: Command = parsed.run
        status = command(parsed, library, load_settings(settings_file()))
        output.finish()
    except UserError as error:
        parsed.fail(str(error))
        return FIXABLE
    except BrokenPipeError:
        return FIXABLE  # whoever read our output (head, less) has gone
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="photofind", description="Find photos that look alike, on your own machine.")
    parser.add_argument("--version", action="version", version=f"photofind {__version__}")
    parser.add_argument("--library", metavar="DIR", help="folder of the library (default: the user's own)")
    parser.set_defaults(run=None, fail=output.fail)
    commands = parser.add_subparsers(metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    # Suppressed: or else the default here would overwrite a --library that stands before the command.
    common.add_argument(
        "--library", metavar="DIR", default=argparse.SUPPRESS, help="folder of the library (default: the user's own)"
    )
    as_json = argparse.ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="print one JSON document")

    commands.add_parser("gui", parents=[common], help="open the window, as without any command")

    index = commands.add_parser("index", parents=[common], help="bring folders of photos into the library")
    index.add_argument(
        "--json", action="store_true", help="print one JSON document; with --watch one for every update, each on a line"
    )
    index.add_argument("folders", nargs="+", metavar="FOLDER")
    index.add_argument("--watch", action="store_true", help="stay, and index again whenever something changes")
    index.set_defaults(run=_index)

    search = commands.add_parser("search", parents=[common, as_json], help="list what looks like words or images")
    search.add_argument("words", nargs="*", metavar="WORDS", help="what the photos show or say: dog on a beach 2019")
    search.add_argument(
        "--image", action="append", default=[], metavar="FILE", help="search by this image (repeatable)"
    )
    search.add_argument("--id", action="append", default=[], type=int, metavar="N", help="search by a photo's id")
    search.add_argument("--minus", action="append", default=[], metavar="WORDS", help="less like this (repeatable)")
    search.add_argument(
        "--minus-image", action="append", default=[], metavar="FILE", help="less like this image (repeatable)"
    )
    search.add_argument(
        "--folder", action="append", default=[], metavar="DIR", help="only photos in or below this folder (repeatable)"
    )
    search.add_argument("--since", metavar="DATE", help="only photos from this day, month or year on: 2019-05-01")
    search.add_argument("--until", metavar="DATE", help="only photos until then, the day, month or year included")
    search.add_argument("--expand", action="store_true", help="ask again with the best results: more of the same")
    search.add_argument("--batch", metavar="FILE", help="answer the queries in a file of JSON lines, - for stdin")
    search.add_argument("--limit", type=int, default=50, metavar="N", help="number of results (default 50)")
    accuracy = search.add_mutually_exclusive_group()
    accuracy.add_argument("--nprobe", type=int, metavar="N", help="inverted lists to look into: more is more accurate")
    accuracy.add_argument("--exact", action="store_true", help="compare with every photo")
    search.add_argument("--exclude-query", action="store_true", help="leave the query photos out of the results")
    search.set_defaults(run=_search)

    status = commands.add_parser("status", parents=[common, as_json], help="the library in numbers, and its errors")
    status.set_defaults(run=_status)

    doctor = commands.add_parser("doctor", parents=[common, as_json], help="verify the library and mend it")
    doctor.add_argument("--check", action="store_true", help="only verify, change nothing")
    doctor.set_defaults(run=_doctor)

    model = commands.add_parser("model", help="list, install, choose or remove model packs")
    actions = model.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", parents=[common, as_json], help="list the installed packs")
    use = actions.add_parser("use", parents=[common, as_json], help="choose the pack of this library")
    use.add_argument("name", metavar="NAME")
    install = actions.add_parser("install", parents=[common, as_json], help="install a pack for this user")
    install.add_argument(
        "source", metavar="FILE-or-URL", help="a pack's zip file or folder, or the address of a zip file"
    )
    install.add_argument("--sha256", metavar="HEX", help="checksum of the zip file; an address demands it")
    remove = actions.add_parser("remove", parents=[common, as_json], help="remove a pack that was installed")
    remove.add_argument("name", metavar="NAME")
    model.set_defaults(run=_model)

    worker = commands.add_parser("worker", parents=[common], help="the writer process: JSON lines in and out")
    worker.set_defaults(run=_worker, fail=output.fail_as_event)
    return parser


# Each command imports what it needs when it runs: `status` should not wait for a neural network's library.


def _index(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.index import run_index

    return run_index(arguments, library, settings)


def _search(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.search import run_search

    return run_search(arguments, library, settings)


def _status(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.report import run_status

    return run_status(arguments, library, settings)


def _doctor(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.report import run_doctor

    return run_doctor(arguments, library, settings)


def _model(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.model import run_model

    return run_model(arguments, library, settings)


def _worker(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.worker import run_worker

    del arguments
    return run_worker(library, settings)
