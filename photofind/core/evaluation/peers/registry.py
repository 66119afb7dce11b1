"""Who takes part, and whether it is installed here.

The numbers of each are what its own documentation calls usual: nobody is tuned by hand, photofind neither.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from photofind import __version__
from photofind.core.evaluation.peers.contestant import Contestant

INSTALL = "pip install photofind[peers]"


@dataclass(frozen=True, slots=True)
class Entry:
    """A contestant: its name in the table, its module here, and the package that it needs, none for our own."""

    name: str
    module: str
    settings: str
    needs: str = ""
    distribution: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether its package can be imported."""
        return not self.needs or util.find_spec(self.needs) is not None

    @property
    def version(self) -> str:
        """The version of its package."""
        return metadata.version(self.distribution) if self.distribution else __version__

    def open(self, folder: Path, dimension: int) -> Contestant:
        """Return the contestant with its files in a folder."""
        module = importlib.import_module(f"photofind.core.evaluation.peers.{self.module}")
        contestant: Contestant = module.make(self.name, folder, dimension)
        return contestant


ENTRIES = (
    Entry("photofind", "own_index", "its own files: IVF with 8 bits a component, the best re-ranked by float16 rows"),
    Entry("hnswlib", "hnswlib_peer", "M 16, ef_construction 200, float32", "hnswlib", "hnswlib"),
    Entry("usearch", "usearch_peer", "its defaults: connectivity 16, expansion 128, mapped", "usearch", "usearch"),
    Entry("usearch i8", "usearch_peer", "the same with 8 bits a component", "usearch", "usearch"),
    Entry("sqlite-vec", "sqlite_vec_peer", "vec0, which compares with every row", "sqlite_vec", "sqlite-vec"),
    Entry("LanceDB", "lancedb_peer", "IVF_HNSW_SQ, refined by the rows", "lancedb", "lancedb"),
)
"""Every contestant, in the order of the table's rows."""


def entry_of(name: str) -> Entry:
    """Return the contestant of this name, however its letters are written; raises KeyError."""
    return {entry.name.casefold(): entry for entry in ENTRIES}[name.casefold()]
