"""``photofind duplicates``: finds copies, lists them with what is suggested, and never touches a file by itself.

::

    find ──▶ groups ──▶ list, JSON, --export ──▶ (somebody looks) ──▶ --plan ──▶ (looks again) ──▶ --apply ──▶ --undo

Plans are written, carried out and taken back in :mod:`photofind.cli.plans`.
"""

from __future__ import annotations

import argparse
import itertools
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from photofind.cli import output
from photofind.cli.display import ProgressBar
from photofind.cli.interrupting import INTERRUPTED, interruptible
from photofind.cli.plans import apply_plan, check_wishes, show_history, undo_plan, write_plan
from photofind.core.actions import ProtectedFolders
from photofind.core.asked_files import check_asked
from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.duplicates.calibration import Calibration, Step
from photofind.core.duplicates.exporting import EXPORTS, Document, csv_text, group_document, json_text, write_text
from photofind.core.duplicates.finding import FindReport
from photofind.core.duplicates.grouping import KINDS, GroupTable
from photofind.core.duplicates.keeping import Keeper
from photofind.core.duplicates.reading import DuplicateReader
from photofind.core.errors import QueryError
from photofind.core.evidence import DuplicateGroup, GroupKind
from photofind.core.imaging.apart import ApartLimits, PictureReader
from photofind.core.library import Library
from photofind.core.settings import Settings

_KINDS = {
    "exact": frozenset({GroupKind.EXACT}),
    "near": frozenset({GroupKind.NEAR}),
    "all": frozenset(GroupKind),
}
_PHASES = {"hash": "Hashing", "join": "Comparing embeddings", "compare": "Comparing pictures"}
_COPIES = frozenset({GroupKind.EXACT, GroupKind.NEAR})


def run_duplicates(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Find copies and list them, or make a plan, carry one out or take it back; return the exit status."""
    if arguments.history:
        return show_history(arguments, library)
    if arguments.apply is not None:
        return apply_plan(arguments, library, settings)
    if arguments.undo is not None:
        return undo_plan(arguments, library, settings)
    if arguments.plan is not None:
        check_wishes(arguments, library, settings)
    if arguments.export is not None:
        _check_export(Path(os.path.abspath(arguments.export)), library)
    with (
        closing(PictureReader(ApartLimits.of(settings), most=settings.workers)) as pictures,
        Library(library, settings, pictures) as opened,
    ):
        if arguments.not_duplicates:
            return _remember(arguments, opened)
        found = _find(opened)
        if found.stopped:
            output.tell(
                "Stopped; what was found so far is kept, and the next `photofind duplicates` goes on from here."
            )
            return INTERRUPTED
        with closing(opened.duplicates()) as reader:
            return _answer(arguments, library, settings, _Listing.of(arguments, reader, settings, found.seconds))


@dataclass(frozen=True)
class _Listing:
    """Groups as they were asked for."""

    reader: DuplicateReader
    table: GroupTable
    keeper: Keeper
    threshold: float
    step: Step
    is_step: bool
    seconds: float

    @classmethod
    def of(cls, arguments: argparse.Namespace, reader: DuplicateReader, settings: Settings, seconds: float) -> _Listing:
        calibration = reader.calibration()
        asked = arguments.threshold
        is_step = not isinstance(asked, float)
        step = calibration.step(asked or "usual") if is_step else _nearest(calibration, asked)
        threshold = step.threshold if is_step else asked
        table = reader.groups(threshold, _KINDS[arguments.kind])
        return cls(reader, table, Keeper.of(settings), threshold, step, is_step, seconds)

    def groups(self, kinds: frozenset[GroupKind]) -> Iterator[DuplicateGroup]:
        """Yield the groups of some kinds, each read when it is its turn."""
        for number in range(len(self.table)):
            if KINDS[int(self.table.kinds[number])] in kinds:
                group = self.reader.group(self.table, number)
                if len(group.members) > 1:  # the others of its photos went while we were reading
                    yield group

    def documents(self, kinds: frozenset[GroupKind]) -> Iterator[Document]:
        """Yield the same groups as they are printed."""
        for group in self.groups(kinds):
            yield group_document(group, self.keeper.suggest(group))

    def text(self) -> Iterator[str]:
        """Yield the contract's document piece by piece."""
        lists = {
            "groups": self.documents(_COPIES),
            "similar": self.documents(frozenset({GroupKind.SIMILAR})),
        }
        rest = {
            "threshold": self.threshold,
            "step": self.step.name if self.is_step else None,
            "expected": {"precision": round(self.step.precision, 4), "recall": round(self.step.recall, 4)},
            "seconds": round(self.seconds, 3),
        }
        return json_text(lists, rest)


def _nearest(calibration: Calibration, threshold: float) -> Step:
    """Return the step of which a threshold may expect as much as of any."""
    return min(calibration.steps, key=lambda step: abs(step.threshold - threshold))


def _answer(arguments: argparse.Namespace, library: Path, settings: Settings, listing: _Listing) -> int:
    if arguments.plan is not None:
        return write_plan(arguments, library, settings, listing.keeper, listing.groups(_COPIES))
    if arguments.export is not None:
        return _export(arguments, library, listing)
    if arguments.json:
        output.pieces(listing.text())
    else:
        _Tally().tell(listing)
    return 0


# Finding


def _find(library: Library) -> FindReport:
    with interruptible() as control, ProgressBar(_PHASES, "done") as display:
        finder = library.finder(control)
        for progress in finder.run():
            display.show(progress.phase, progress.done, progress.total)
    return finder.report


# Listing


@dataclass
class _Tally:
    """Counts groups while they are told."""

    groups: Counter[GroupKind] = field(default_factory=Counter)
    photos: int = 0
    going: int = 0
    bytes: int = 0
    looks: int = 0

    def tell(self, listing: _Listing) -> None:
        """Print all groups, what they add up to, and what to do next."""
        for kinds in (_COPIES, frozenset({GroupKind.SIMILAR})):
            for group in listing.documents(kinds):
                self._tell_group(group)
        self._tell_sum(listing)

    def _tell_group(self, group: Document) -> None:
        kind = GroupKind(group["kind"])
        self.groups[kind] += 1
        title = "similar shots" if kind is GroupKind.SIMILAR else f"{kind.value} copies"
        output.line(f"{title}, {len(group['photos'])} photos")
        for photo in group["photos"]:
            output.line(_photo_line(photo))
            if kind is not GroupKind.SIMILAR:
                self._count(photo)

    def _count(self, photo: Document) -> None:
        self.photos += 1
        if photo["suggest"] == "remove":
            self.going += 1
            self.bytes += photo["bytes"]
            self.looks += photo["caution"] is not None

    def _tell_sum(self, listing: _Listing) -> None:
        copies = self.groups[GroupKind.EXACT] + self.groups[GroupKind.NEAR]
        similar = self.groups[GroupKind.SIMILAR]
        step = listing.step
        output.tell(
            f"{copies:,} groups of copies with {self.photos:,} photos, {similar:,} groups of similar shots"
            f" (threshold {listing.threshold:.3f}; expected precision {step.precision:.1%}, recall {step.recall:.1%})"
        )
        if self.going:
            looks = f", {self.looks:,} of them only after a look (marked ?)" if self.looks else ""
            output.tell(f"{self.going:,} photos may go, which frees {output.size(self.bytes)}{looks}.")
            output.tell("Nothing was touched. `photofind duplicates --plan PLAN.json` writes a plan to do that.")


def _photo_line(photo: Document) -> str:
    mark = "       " if photo["suggest"] is None else photo["suggest"].ljust(6) + ("?" if photo["caution"] else " ")
    evidence = photo["evidence"]
    facts = [f"{photo['width']}x{photo['height']} {photo['format']}, {output.size(photo['bytes'])}"]
    if evidence["verdict"] is not None:
        facts.append(f"{evidence['verdict']} {evidence['score']:.3f}")
        facts.extend(evidence["changes"])
    if photo["reason"]:
        facts.append(photo["reason"])
    return f"  {mark} {photo['path']}  ({'; '.join(facts)})"


def _check_export(path: Path, library: Path) -> None:
    """Raise QueryError or StorageError when no groups can, or may, be written to a path."""
    kind = EXPORTS.get(path.suffix.lower())
    if kind is None:
        raise QueryError(f"Groups are exported as .csv or .json; {path.name} is neither.")
    check_asked(path, kind, ProtectedFolders([str(library)]).covers)


def _export(arguments: argparse.Namespace, library: Path, listing: _Listing) -> int:
    path = Path(os.path.abspath(arguments.export))
    _check_export(path, library)  # once more: finding took its time
    is_json = path.suffix.lower() == ".json"
    write_text(path, listing.text() if is_json else csv_text(listing.documents(frozenset(GroupKind))))
    groups, photos = len(listing.table), len(listing.table.photos)
    if arguments.json:
        output.document({"exported": str(path), "groups": groups, "photos": photos})
    else:
        output.line(f"{groups:,} groups with {photos:,} photos written to {path}")
    return 0


# What is no duplicate


def _remember(arguments: argparse.Namespace, library: Library) -> int:
    hashes = _hashes(arguments.not_duplicates, library)
    with DecisionStore.open(library.folder / DECISIONS_FILE) as decisions:
        distinct = sorted(set(hashes))
        decisions.reject_pairs(itertools.combinations(distinct, 2))
        if len(distinct) < len(hashes):
            decisions.dismiss_group(hashes)  # a pair is of two contents; files with the same bytes are a group
    if arguments.json:
        output.document({"remembered": [os.path.abspath(path) for path in arguments.not_duplicates]})
    else:
        output.line(f"Remembered: these {len(hashes)} photos are no duplicates of each other.")
    return 0


def _hashes(paths: list[str], library: Library) -> list[bytes]:
    """Return the content hash of each photo, as the library knows it."""
    hashes = []
    if len(set(map(os.path.abspath, paths))) < 2:
        raise QueryError("Name two photos or more that are no duplicates of each other.")
    with closing(library.duplicates()) as reader:
        for path in dict.fromkeys(map(os.path.abspath, paths)):
            photo_id = library.photo_at(path)
            photo = library.photo(photo_id) if photo_id is not None else None
            members = reader.members_of([photo.content_id]) if photo is not None else []
            if not members:
                raise QueryError(f"{path} is not in the library.")
            hashes.append(members[0].content_hash)
    return hashes
