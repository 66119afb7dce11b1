"""Parsing the command line and handing over to the command; the contract of names is in the README."""

from __future__ import annotations

import argparse
import errno
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from photofind import __version__
from photofind.cli import output
from photofind.cli.measuring_arguments import add_bench, add_evaluate, share
from photofind.core.errors import UserError
from photofind.core.paths import default_library, settings_file
from photofind.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from photofind.core.actions.trash import Trash

FIXABLE = 1
"""Exit status of an error that the user can mend."""

Command = Callable[[argparse.Namespace, Path, Settings], int]

OpenWindow = Callable[[Path | None], int]
"""Opens the window on a library, None for the one it had last, and returns the exit status when it is closed."""

OpenTrash = Callable[[], "Trash"]
"""Opens the system's trash."""

THRESHOLD_STEPS = ("strict", "careful", "usual", "generous", "loose")
CAUTIONS = ("edited", "cropped", "raw", "better")


def run(arguments: Sequence[str], open_window: OpenWindow, open_trash: OpenTrash | None = None) -> int:
    """Run a command line; return 0 for success, 1 for an error the user can mend, 2 for wrong usage.

    ``open_trash`` is by default the trash of Linux and BSD desktops.
    """
    logging.captureWarnings(capture=True)
    output.prepare()
    parsed = _parser().parse_args(arguments)
    parsed.open_trash = open_trash or _freedesktop_trash
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
    except OSError as error:
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            raise
        parsed.fail("Too many files are open; close other programs, or allow more (see `ulimit -n`), and try again.")
        return FIXABLE
    return status


class _Parser(argparse.ArgumentParser):
    """A parser, and the class of its sub-parsers, that says what is wrong as everything else is said: escaped."""

    def error(self, message: str) -> NoReturn:
        super().error(output.printable(message))  # it may repeat names of files, which a shell put there for a *


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = _Parser(
        prog="photofind", description="Find photos that look alike, on your own machine."
    )
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
    accuracy.add_argument(
        "--recall", type=share, metavar="R", help="as few lists as find this share of the ten nearest, from 0 to 1"
    )
    accuracy.add_argument("--exact", action="store_true", help="compare with every photo")
    search.add_argument("--exclude-query", action="store_true", help="leave the query photos out of the results")
    search.set_defaults(run=_search)

    _add_duplicates(commands, [common, as_json])

    status = commands.add_parser("status", parents=[common, as_json], help="the library in numbers, and its errors")
    status.add_argument(
        "--health", action="store_true", help="examine the index too: imbalance, drift, what could be done"
    )
    status.set_defaults(run=_status)

    add_evaluate(commands, [common, as_json]).set_defaults(run=_evaluate)
    add_bench(commands, [common, as_json]).set_defaults(run=_bench)

    doctor = commands.add_parser("doctor", parents=[common, as_json], help="verify the library and mend it")
    doctor.add_argument("--check", action="store_true", help="only verify, change nothing")
    doctor.add_argument("--compact", action="store_true", help="then drop dead vectors and merge segments of the index")
    doctor.add_argument("--recluster", action="store_true", help="then train the index anew from the stored embeddings")
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
    worker.add_argument("--existing", action="store_true", help="make no new library where none is: its disk is away")
    worker.set_defaults(run=_worker, fail=output.fail_as_event)
    return parser


def _add_duplicates(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], parents: list[argparse.ArgumentParser]
) -> None:
    parser = commands.add_parser(
        "duplicates",
        parents=parents,
        help="find copies of pictures; touches no file without --apply",
        description="Find copies of pictures and list them, with what is suggested. No file is touched but by --apply.",
    )
    parser.add_argument("--kind", choices=("exact", "near", "all"), default="all", help="same bytes or pixels, or near")
    parser.add_argument(
        "--threshold",
        type=_threshold,
        metavar="T",
        help=f"what counts as a copy: a score from 0 to 1, or {', '.join(THRESHOLD_STEPS)} (default usual)",
    )
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--export", metavar="FILE", help="write the groups to a file: .csv or .json")
    modes.add_argument("--plan", metavar="FILE", help="write a plan of what is suggested to go, to be looked at")
    modes.add_argument("--apply", metavar="PLAN", help="carry out a plan; each file is verified first")
    modes.add_argument("--undo", metavar="ID", nargs="?", const="", help="take back a plan, by default the last one")
    modes.add_argument("--history", action="store_true", help="list the plans that were carried out")
    modes.add_argument("--not-duplicates", metavar="FILE", nargs="+", help="remember that these photos are no copies")
    parser.add_argument(
        "--dry-run", action="store_true", help="with --apply, only verify and tell; without, nothing is touched anyway"
    )
    plan = parser.add_argument_group("what goes into a plan")
    plan.add_argument("--action", choices=("trash", "move", "hardlink"), default="trash", help="(default trash)")
    plan.add_argument("--to", metavar="DIR", help="the folder to move to")
    plan.add_argument(
        "--include",
        type=_cautions,
        default=frozenset(),
        metavar="WHAT",
        help=f"also what deserves a look first, with commas between: {', '.join(CAUTIONS)}",
    )
    parser.set_defaults(run=_duplicates)


def _threshold(text: str) -> float | str:
    if text in THRESHOLD_STEPS:
        return text
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is neither from 0 to 1 nor one of {', '.join(THRESHOLD_STEPS)}")
    return value


def _cautions(text: str) -> frozenset[str]:
    names = frozenset(text.split(","))
    if not names <= frozenset(CAUTIONS):
        raise argparse.ArgumentTypeError(f"{text!r} is not some of {','.join(CAUTIONS)}")
    return names


def _freedesktop_trash() -> Trash:
    from photofind.core.actions.freedesktop_trash import FreedesktopTrash

    return FreedesktopTrash()


# Each command imports what it needs when it runs: `status` should not wait for a neural network's library.


def _index(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.index import run_index

    return run_index(arguments, library, settings)


def _search(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.search import run_search

    with output.libraries_unheard():
        return run_search(arguments, library, settings)


def _duplicates(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.duplicates import run_duplicates

    with output.libraries_unheard():
        return run_duplicates(arguments, library, settings)


def _status(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.report import run_status

    return run_status(arguments, library, settings)


def _evaluate(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.evaluate import run_evaluate

    with output.libraries_unheard():
        return run_evaluate(arguments, library, settings)


def _bench(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.bench import run_bench

    return run_bench(arguments, library, settings)


def _doctor(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.report import run_doctor

    return run_doctor(arguments, library, settings)


def _model(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.model import run_model

    return run_model(arguments, library, settings)


def _worker(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    from photofind.cli.worker import run_worker

    return run_worker(library, settings, must_exist=arguments.existing)
