"""The steps of the hostile photos, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.campaign.hostile.fuzz import Fuzz
from tests.campaign.hostile.killers import meet_killers
from tests.campaign.hostile.torture import folder_of_names, fs_cases, index_torture, search_by, without_rights
from tests.campaign.running import Campaign
from tests.support.photos import put


def run(campaign: Campaign) -> None:
    """Run every step, or the one that ``only`` names."""
    only = campaign.options.get("only")
    others = Path(campaign.options["eval"]) if "eval" in campaign.options else None
    fuzz = Fuzz(campaign, None if others is None else others / "torture")
    steps: dict[str, Callable[[], None]] = {
        "names": lambda: index_names(campaign),
        "torture": lambda: index_others(campaign, others),
        "fuzz": fuzz.run,
        "killers": lambda: meet_killers(campaign, fuzz.killers),
    }
    for name, step in steps.items():
        if only in (None, name):
            campaign.say(f"  {name}")
            step()


def index_names(campaign: Campaign) -> None:
    """Index photos with bad names, and what has a photo's name and is none."""
    folder = campaign.place / "of names" / "photos"  # a link in it leads to the folder above
    folder.mkdir(parents=True)
    folder_of_names(folder)
    index_torture(campaign, folder, "names", without_rights(campaign))


def index_others(campaign: Campaign, others: Path | None) -> None:
    """Index the torture files of somebody else, what their script makes, and search by each of the files."""
    if others is None:
        campaign.note("no torture files: name them with --set eval=DIR")
        return
    cases = campaign.place / "of cases" / "photos"
    fs_cases(others / "make_fs_cases.py", cases, put(campaign.place / "source.jpg", 3))
    index_torture(campaign, cases, "cases", without_rights(campaign))
    index_torture(campaign, others / "torture", "torture")
    search_by(campaign, others / "torture", campaign.place / "library of torture")
