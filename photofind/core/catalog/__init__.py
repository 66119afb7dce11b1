"""The catalog: one SQLite database that is the truth about a library. All SQL of photofind lives in this package.

``connection`` opens and translates errors, ``schema`` migrates, ``files``, ``contents`` and ``vectors`` hold the
queries, and ``database`` puts them together as :class:`Catalog`. ``thumbnails`` is a file of its own.
"""

from photofind.core.catalog.contents import Source
from photofind.core.catalog.database import Catalog
from photofind.core.catalog.files import Copy, FileError, Folder, KnownFile, PendingFile, Root
from photofind.core.catalog.thumbnails import ThumbnailStore
from photofind.core.catalog.vectors import Pack, Place

__all__ = [
    "Catalog",
    "Copy",
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
