"""All that can be read of a library, each question by itself: what it answers, or the sentence with which it refuses.

Runs in a process of its own, see ``programs``; a line of JSON for each question. An exception that is no UserError
becomes an answer that begins with ``raises``. Where something was left out because it is damaged, the last line says
how much.
"""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.journal import JOURNAL_FILE, Journal
from photofind.core.errors import UserError
from photofind.core.library import Library
from photofind.core.paths import settings_file
from photofind.core.queries import Query
from photofind.core.records import SortKey
from photofind.core.saved import SavedSearches
from photofind.core.settings import Settings, load_settings

ANSWERS = "answers.jsonl"
"""The file beside the library that the answers are written to, each as soon as it is known."""
REFUSED = "refused: "
RAISES = "raises: "
LEFT_OUT = "left out "
RANKING = {"the best three": "exactly 2.jpg"}
"""Questions for the first hits only, and those of which they are the first."""

_WORDS = ("name:temple", "camera:nikon", "2019", "folder:home")
_HASHED = 16


def read(library: Path) -> list[str]:
    """Ask every question of a library; write the answers beside it, a JSON object a line."""
    with (library.parent / ANSWERS).open("w", buffering=1) as file:
        for question, answer in _answers(library):
            file.write(json.dumps({"question": question, "answer": answer}) + "\n")
    return []


def _answers(library: Path) -> Iterator[tuple[str, Any]]:
    settings: Settings | None = None

    def chosen() -> list[str]:
        nonlocal settings
        settings = load_settings(settings_file())
        return []  # anything that the user could have written is right

    yield "settings", _asked(chosen)
    if settings is None:
        return
    for question, ask in _questions(library, settings).items():
        yield question, _asked(ask)


def _asked(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except UserError as error:
        return f"{REFUSED}{error}"
    except Exception:  # noqa: BLE001 - what it is, is what is looked for
        return RAISES + " / ".join(traceback.format_exc().strip().splitlines()[-4:])[-600:]


def _questions(library: Path, settings: Settings) -> dict[str, Callable[[], Any]]:
    probes = sorted((library.parent / "probes").iterdir())

    def ask(of: Callable[[Library], Any]) -> Callable[[], Any]:
        def opened() -> Any:
            with Library(library, settings) as reader:
                return of(reader)

        return opened

    questions: dict[str, Callable[[], Any]] = {
        "status": ask(_status),
        "listing": ask(_listing),
        "facts": ask(_facts),
        "errors": ask(lambda opened: sorted(f"{error.path} {error.reason}" for error in opened.errors())),
        "cameras": ask(lambda opened: [*opened.cameras(), *opened.formats()]),
        "duplicates": ask(_groups),
        "accuracy": ask(lambda opened: [repr(opened.accuracy())]),
        "health": ask(_health),
        "thumbnails": ask(_thumbnails),
        "decisions": lambda: _decisions(library),
        "history": lambda: _history(library),
        "saved searches": lambda: _saved(library),
        "doctor": ask(lambda opened: _diagnosis(opened)),
    }
    for probe in probes:
        questions[f"exactly {probe.name}"] = ask(_hits(Query(images=(str(probe),), limit=1000, exact=True)))
    for probe in probes[:2]:
        questions[f"fast {probe.name}"] = ask(_hits(Query(images=(str(probe),), limit=1000)))
    few = Query(images=(str(probes[2]),), limit=3)
    questions["the best three"] = ask(_hits(few))
    for words in _WORDS:
        questions[words] = ask(_hits(Query(words=(words,), limit=1000)))
    return questions


def _hits(query: Query) -> Callable[[Library], list[str]]:
    def found(library: Library) -> list[str]:
        result = library.search(query)
        lines = sorted(f"{hit.score:.3f} {hit.path} {hit.photo_id} {hit.offline} {hit.why}" for hit in result.hits)
        return lines + _left_out(result.left_out)

    return found


def _left_out(count: int) -> list[str]:
    return [f"{LEFT_OUT}{count}"] if count else []


def _status(library: Library) -> list[str]:
    status = asdict(library.status())
    return [f"{name} {status[name]}" for name in ("photos", "offline", "pending", "model", "vectors", "roots")]


def _listing(library: Library) -> list[str]:
    lists = [library.list_photos(sort).photo_ids.tolist() for sort in (SortKey.DATE, SortKey.NAME, SortKey.SIZE)]
    tiles = [f"{tile.photo_id} {tile.path}" for tile in library.tiles(sorted(lists[0]))]
    return [*map(str, lists), *tiles, *map(repr, library.roots())]


def _facts(library: Library) -> list[str]:
    return [repr(library.photo(int(photo))) for photo in sorted(library.list_photos().photo_ids.tolist())]


def _health(library: Library) -> list[str]:
    library.health()
    return []  # what the index is like, depends on when it was last tended


def _groups(library: Library) -> list[str]:
    with closing(library.duplicates()) as reader:
        groups = list(reader.all_groups(reader.groups(0.5)))
        return sorted(str(sorted(member.path for member in group.members)) for group in groups)


def _thumbnails(library: Library) -> list[str]:
    with closing(library.thumbnails()) as store:
        # Of photos that are there: the thumbnails of others may be there, and may go.
        wanted = library._catalog.contents.referenced()
        found = {number: store.get(number) for number in wanted}
    lines = [f"{number} {hashlib.sha256(jpeg).hexdigest()[:_HASHED]}" for number, jpeg in found.items() if jpeg]
    return sorted(lines) + _left_out(len(found) - len(lines))


def _decisions(library: Path) -> list[str]:
    with DecisionStore.open(library / DECISIONS_FILE, writable=False) as decisions:
        pairs = [f"{first.hex()} {second.hex()}" for first, second in decisions.rejected_pairs()]
        return [*pairs, repr(decisions.marks()), repr(decisions.labels()), repr(decisions.dismissed_groups())]


def _history(library: Path) -> list[str]:
    with Journal.open(library / JOURNAL_FILE, writable=False) as journal:
        runs = journal.history()
        return [*map(repr, runs), *(repr(step) for run in runs for step in journal.steps(run.run))]


def _saved(library: Path) -> list[str]:
    shelf = SavedSearches(library).list()
    if shelf.warning:
        return [f"{REFUSED}{shelf.warning}"]
    return [f"{search.name} {json.dumps(dict(search.query), sort_keys=True)}" for search in shelf.searches]


def _diagnosis(library: Library) -> list[str]:
    diagnosis = library.examine()
    return [*diagnosis.problems, *diagnosis.beyond_repair]
