"""The checks of privacy, one after the other."""

from __future__ import annotations

import json
import subprocess

from tests.campaign.privacy.commands import (
    NAME,
    User,
    command,
    every_command,
    make_user,
    short_commands,
)
from tests.campaign.privacy.downloads import check_downloads
from tests.campaign.privacy.play import Play
from tests.campaign.privacy.source import MAY_FETCH, reaching_out
from tests.campaign.privacy.traces import check_left, check_logs, still_known, thumbnails
from tests.campaign.privacy.trees import files_below
from tests.campaign.privacy.watching import Watch
from tests.campaign.privacy.window import walk_and_review
from tests.campaign.running import Campaign

_MASKS = (0o000, 0o022, 0o077)
_SECONDS = 120


def run(campaign: Campaign) -> None:
    """Check all of it; each part goes on after what it finds."""
    check_source(campaign)
    watch = _watch(campaign)
    masks = _MASKS[:1] if campaign.short else _MASKS
    for mask in masks:
        _use_commands(campaign, watch, mask)
    if not campaign.short:
        _use_bundled(campaign, watch)
        if campaign.options.get("skip") != "window":
            _use_window(campaign, watch)
    check_downloads(campaign)


def check_source(campaign: Campaign) -> None:
    """Report modules that could reach the network and should not."""
    for module, names in reaching_out().items():
        if module not in MAY_FETCH:
            campaign.find(f"{module} imports {', '.join(sorted(names))}")
    campaign.count("modules read")


def _watch(campaign: Campaign) -> Watch:
    watch = Watch(campaign.place, traced=not campaign.short)
    if not watch.can_log:
        campaign.note("no compiler, or a system that preloads nothing: calls of the network were not logged")
    if not watch.can_separate:
        campaign.note("no network namespace could be made: programs ran in the network of this machine")
    if not campaign.short and not watch.can_trace:
        campaign.note("no strace: system calls that go past the C library were not seen")
    return watch


def _use_commands(campaign: Campaign, watch: Watch, mask: int) -> None:
    user = make_user(campaign.place / f"mask-{mask:03o}", quick=True, photos=6 if campaign.short else 24)
    known = files_below([user.home, user.temp])
    play = Play(campaign, user, watch, mask)
    play.run_all(short_commands(user) if campaign.short else every_command(user))
    check_left(campaign, user, known)
    check_logs(campaign, user)
    if not campaign.short:
        check_removed(campaign, user)
    _tell_spoken_to(campaign, play)


def _use_bundled(campaign: Campaign, watch: Watch) -> None:
    """Let the packs that come with the program do the work: they bring libraries of their own."""
    user = make_user(campaign.place / "bundled", quick=False, photos=24)
    play = Play(campaign, user, watch, 0o022)
    play.run_all(every_command(user))
    check_left(campaign, user, set())
    check_logs(campaign, user)
    _tell_spoken_to(campaign, play)


def _use_window(campaign: Campaign, watch: Watch) -> None:
    user = make_user(campaign.place / "window", quick=False, photos=60)
    play = Play(campaign, user, watch, 0o022)
    walk_and_review(play)
    check_left(campaign, user, set())
    check_logs(campaign, user)
    _tell_spoken_to(campaign, play)


def check_removed(campaign: Campaign, user: User) -> None:
    """Forget the folder, tidy up, and report names that can still be found in the library's files.

    Embeddings, thumbnails and what headers said stay by design, for the case that the photos come back; how many of
    these there are is counted.
    """
    pictures = thumbnails(user.library)
    forget = json.dumps({"command": "remove", "folder": str(user.photos)}) + "\n"
    for arguments, said in ((("worker",), forget), (("doctor", "--compact"), "")):
        subprocess.run(
            command(*arguments),
            input=said.encode(),
            env=user.environment(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    campaign.count("thumbnails of removed photos that stay", len(still_known(user.library, [], pictures)))
    for finding in still_known(user.library, [NAME], []):
        campaign.find(f"after its photos were removed, {finding}")


def _tell_spoken_to(campaign: Campaign, play: Play) -> None:
    for socket in sorted(play.spoken_to):
        campaign.note(f"a socket of this machine: {socket.replace(str(play.user.place), '…')}")
