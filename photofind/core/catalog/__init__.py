"""The catalog: one SQLite database that is the truth about a library. All SQL of photofind lives in this package.

``connection`` opens and translates errors, ``schema`` migrates, ``files``, ``contents``, ``vectors``, ``texts`` and
``colours`` hold the queries, ``filtering`` and ``copies`` those about several of them, and ``database`` puts them
together as :class:`Catalog`. Files of their own are ``thumbnails``, ``pairs`` (what is known of duplicates),
``decisions`` (what the user said of them) and ``journal`` (what was done to files).
"""

from photofind.core.catalog.contents import Source
from photofind.core.catalog.database import Catalog
from photofind.core.catalog.files import Copy, FileError, Folder, KnownFile, PendingFile, Root
from photofind.core.catalog.texts import Field
from photofind.core.catalog.thumbnails import ThumbnailStore
from photofind.core.catalog.vectors import Pack, Place

__all__ = [
    "Catalog",
    "Copy",
    "Field",
    "FileError",
    "Folder",
    "KnownFile",
    "Pack",
    "PendingFile",
    "Place",
    "Root",
    "Source",
    "ThumbnailStore",
]
