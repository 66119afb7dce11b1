"""Where things from strangers are tried: a home, a library, photos, a folder that is none of ours, and a judge.

Each attempt is the command line itself, in a copy of a loaded process (``lending.server``). Before and after it
everything below the place is looked at: a refusal has to leave it as it was, say one sentence and end with status 1.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from tests.campaign.lending.asking import Lending, homes, surroundings
from tests.campaign.running import Campaign
from tests.support.packs import write_pack
from tests.support.photos import put

Expected = Literal["refused", "accepted", "either"]

MEGABYTES = 900
"""What an attempt may take, the loaded program included."""

_LONGEST_SENTENCE = 3000
_JOURNAL = ("library/journal.",)
"""A plan of which no step could be done is a run in the history all the same."""

_UNSTABLE = (".lock", "-wal", "-shm", ".log", ".pid")
_LEFT_ALONE = ("The plan: ", "Skipped: ", "Failed: ")
"""How lines begin that say what a plan is about, and why a file was left as it is; the sentence comes after them."""


@dataclass(frozen=True)
class Case:
    """One thing from a stranger, and what the program is asked to do with it.

    ``expected`` "either" is for what was changed at random: refused in a sentence, or harmless. ``told`` has to occur
    in the sentence. ``call`` runs a function of the campaign instead of a command, with ``arguments[0]`` as its path.
    """

    name: str
    arguments: tuple[str, ...]
    expected: Expected = "refused"
    told: str = ""
    stdin: Path | None = None
    call: str = ""
    seconds: float = 30.0
    megabytes: float = MEGABYTES
    may_change: tuple[str, ...] = ()


@dataclass
class Answer:
    """What became of an attempt."""

    status: int
    seconds: float
    processor: float
    megabytes: float
    out: str
    err: str


@dataclass
class Stage:
    """A place with everything that an attempt could harm."""

    place: Path
    campaign: Campaign
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[float, str] = (0.0, "")
    _lending: Lending | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for folder in (self.photos, self.outside, self.inbox, self.home, self.place / "cwd", self.place / "tmp"):
            folder.mkdir(parents=True)

    @property
    def home(self) -> Path:
        return self.place / "home"

    @property
    def photos(self) -> Path:
        return self.place / "photos"

    @property
    def outside(self) -> Path:
        """A folder that the library does not know."""
        return self.place / "outside"

    @property
    def inbox(self) -> Path:
        """Where things from strangers arrive; not looked at."""
        return self.place / "inbox"

    @property
    def library(self) -> Path:
        return self.place / "library"

    @property
    def models(self) -> Path:
        return self.home / "data" / "photofind" / "models"

    @property
    def settings(self) -> Path:
        return self.home / "config" / "photofind" / "settings.toml"

    def __enter__(self) -> Self:
        variables = homes(self.home) | surroundings() | {"TMPDIR": str(self.place / "tmp")}
        self._lending = Lending("tests.campaign.lending.server", environment=variables, folder=self.place / "cwd")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._lending is not None
        self._lending.end()

    def furnish(self) -> None:
        """Make the library: a few photos, some of them twice, encoded with a tiny pack."""
        write_pack(self.models / "colours")
        self.settings.parent.mkdir(parents=True)
        self.write_settings()
        for number in range(4):
            put(self.photos / f"{number}.jpg", number)
        for number in range(3):
            shutil.copy(self.photos / f"{number}.jpg", self.photos / f"copy of {number}.jpg")
        for name in ("a" * 200, "ä" + "a" * 100):  # for patterns that try every way to match
            put(self.photos / f"{name}.jpg", 4)
        shutil.copy(self.photos / "0.jpg", self.outside / "precious.jpg")
        (self.outside / "secret.txt").write_text("nobody's business")
        answer = self.ask("index", str(self.photos))
        assert answer.status == 0, answer
        self.ask("duplicates", "--apply", str(self.inbox / "nothing"))

    def write_settings(self, text: str = 'model = "colours"\nworkers = 1\npriority = "normal"\n') -> None:
        self.settings.write_text(text)

    def ask(self, *arguments: str, **more: Any) -> Answer:
        """Run a command on the library and return what became of it."""
        library = () if "--library" in arguments or arguments[:1] == ("model",) else ("--library", str(self.library))
        return self._answered({"arguments": [*arguments[:1], *library, *arguments[1:]], **more})

    def attempt(self, case: Case) -> Answer:
        """Try a thing from a stranger and report whatever should not have happened."""
        before = self._looked_at()
        more: dict[str, Any] = {"seconds": case.seconds}
        if case.stdin is not None:
            more["stdin"] = str(case.stdin)
        if case.call:
            answer = self._answered({"call": case.call, "with": case.arguments[0], **more})
        else:
            answer = self.ask(*case.arguments, **more)
        self.campaign.count("things from strangers")
        self.slowest = max(self.slowest, (answer.seconds, case.name))
        self.largest = max(self.largest, (answer.megabytes, case.name))
        for problem in (*_judged(case, answer), *self._harm(case, answer, before)):
            self.campaign.find(f"{case.name}: {problem}")
        return answer

    def size(self, count: int) -> int:
        """Return how large something large is made: in the short form, which leaves it out, hardly at all."""
        return min(count, 1000) if self.campaign.short else count

    def forget(self, pack: str) -> None:
        """Remove a pack that turned out to be harmless and was installed."""
        shutil.rmtree(self.models / pack, ignore_errors=True)

    def empty_inbox(self) -> None:
        """Remove what has arrived: the next round makes it anew."""
        shutil.rmtree(self.inbox)
        self.inbox.mkdir()

    def _harm(self, case: Case, answer: Answer, before: dict[str, tuple[int, ...]]) -> Iterator[str]:
        after = self._looked_at()
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        allowed = case.may_change if answer.status == 0 else _JOURNAL if case.told == "None of" else ()
        changed = [name for name in changed if not name.startswith(allowed)] if allowed else changed
        if changed:
            yield f"changed {', '.join(changed[:5])}"

    def _looked_at(self) -> dict[str, tuple[int, ...]]:
        """Return every file of the place with what tells whether it was changed."""
        found: dict[str, tuple[int, ...]] = {}
        for folder, folders, files in os.walk(self.place):
            if Path(folder) == self.place:
                folders.remove("inbox")
            for name in (*folders, *files):
                path = os.path.join(folder, name)
                status = os.lstat(path)
                marks: tuple[int, ...] = (status.st_mode, status.st_ino)
                if name in files:
                    marks += (status.st_size, status.st_mtime_ns)
                if not name.endswith(_UNSTABLE):
                    found[os.path.relpath(path, self.place)] = marks
        return found

    def _answered(self, asked: dict[str, Any]) -> Answer:
        assert self._lending is not None
        return Answer(**self._lending.ask(asked))


def _judged(case: Case, answer: Answer) -> Iterator[str]:
    """Yield what is wrong with an answer as such."""
    lines = answer.err.strip().splitlines()
    if any(line.startswith("Traceback") for line in lines) or answer.status in (70, 134, 139):
        yield f"a traceback: {' / '.join(lines[-3:])[:600]}"
    elif answer.status < 0:
        yield f"ended by signal {-answer.status} after {answer.seconds:.1f} s"
    elif case.call:
        yield from answer.out.splitlines()
    else:
        yield from _judged_words(case, answer, lines)
    if answer.megabytes > case.megabytes:
        yield f"took {answer.megabytes:.0f} MB"


def _judged_words(case: Case, answer: Answer, lines: list[str]) -> Iterator[str]:
    statuses = {"refused": (1,), "accepted": (0,), "either": (0, 1)}[case.expected]
    if answer.status not in statuses:
        yield f"ended with status {answer.status}: {answer.err[-300:] or answer.out[-300:]}"
    elif answer.status == 1 and not _is_one_sentence(lines):
        yield f"refused not in one sentence: {answer.err[:300]!r}"
    elif len(answer.err) > _LONGEST_SENTENCE + max(map(len, case.arguments)):  # which it may repeat
        yield f"a sentence of more than {_LONGEST_SENTENCE} characters: {answer.err[:100]!r}"
    elif case.told and case.told not in answer.err + answer.out:
        yield f"nothing is said of {case.told!r}: {answer.err[:300]}"


def _is_one_sentence(lines: list[str]) -> bool:
    said = [line for line in lines if not line.startswith(_LEFT_ALONE)]
    return len(said) == 1 and said == lines[-1:] and said[0].startswith("photofind: ")


@contextmanager
def furnished(campaign: Campaign) -> Iterator[Stage]:
    """Yield a stage with a library, and note at the end what took longest and most."""
    with Stage(campaign.place / "stage", campaign) as stage:
        stage.furnish()
        yield stage
        campaign.note(f"slowest: {stage.slowest[0]:.1f} s, {stage.slowest[1]}")
        campaign.note(f"largest: {stage.largest[0]:.0f} MB, {stage.largest[1]}")
