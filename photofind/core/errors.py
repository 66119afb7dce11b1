"""The one tree of errors.

::

    PhotofindError
    ├── UserError                 the user can mend it: the message is one sentence that says how
    │   ├── LibraryBusyError      another process writes this library
    │   ├── LibraryVersionError   the library was made by a newer photofind
    │   │   └── CacheOutdatedError by an older one: what it found of duplicates is not believed
    │   ├── LibraryDamagedError   a library file cannot be read; doctor can say more
    │   │   ├── CacheDamagedError one that can be made anew: the pairs of duplicates
    │   │   ├── DamagedRowsError  some of the embeddings: a search does without them
    │   │   └── DamagedIndexError some inverted lists: a search compares every embedding
    │   ├── StorageError          the disk is full, read-only or gone
    │   ├── FolderError           a folder to index is not there or cannot be read
    │   ├── PackError             a model pack is missing or does not fit
    │   ├── SettingsError         the settings file says something impossible
    │   ├── QueryError            a query cannot be answered as asked
    │   ├── PlanError             a plan for files is no plan, or contradicts itself
    │   └── TrashError            there is no working trash for a file, or it does not give one back
    ├── StepError                 one file of a plan is left alone: the message is the reason
    └── PhotoError                one file could not become a photo: the message is its row in the error list
        ├── NotAPhotoError        the content is not a picture
        ├── UnsupportedPhotoError a picture, but of a kind that is not read
        ├── OversizedPhotoError   beyond the pixel, file-size, time or memory limit
        ├── DamagedPhotoError     truncated or corrupt
        └── UnreadablePhotoError  the system refuses to open or read it

Anything else that is raised is a bug and belongs, with its traceback, in the log.
"""

from collections.abc import Sequence


class PhotofindError(Exception):
    """Base of every error that photofind raises on purpose."""


class UserError(PhotofindError):
    """Something the user can mend; ``str()`` is one sentence that says what to do."""


class LibraryBusyError(UserError):
    """Another process holds the writer's lock of this library."""


class LibraryVersionError(UserError):
    """The library has a newer schema than this program knows."""


class CacheOutdatedError(LibraryVersionError):
    """A file that only spares work was made by an older program: it is made anew."""


class LibraryDamagedError(UserError):
    """A file of the library cannot be read as what it should be."""


class CacheDamagedError(LibraryDamagedError):
    """A file that only spares work cannot be read: it may be removed, and is made anew."""


class DamagedRowsError(LibraryDamagedError):
    """Some embeddings are not what they were, or the disk does not give them back: those of ``vids``."""

    def __init__(self, message: str, vids: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.vids = tuple(vids)


class DamagedIndexError(LibraryDamagedError):
    """Some inverted lists are not what was written; the embeddings may well be."""


class StorageError(UserError):
    """The library's disk refuses to store: full, read-only or gone."""


class FolderError(UserError):
    """A folder to index does not exist, is not a folder or may not be read."""


class PackError(UserError):
    """A model pack is missing, altered or does not fit what it declares."""


class PackMissingError(PackError):
    """A model pack is not installed: one that was named, or the one that a library was made with."""


class SettingsError(UserError):
    """The settings hold a value outside its range."""


class QueryError(UserError):
    """A query that cannot be answered as it was asked."""


class PlanError(UserError):
    """A plan for files is no plan of this program, or contradicts itself."""


class TrashError(UserError):
    """There is no working trash for a file, or the trash does not give one back; nothing was deleted."""


class StepError(PhotofindError):
    """One file of a plan is left as it is; ``str()`` is the reason, one sentence."""


class PhotoError(PhotofindError):
    """One file could not become a photo; ``str()`` is the reason shown in the error list."""


class NotAPhotoError(PhotoError):
    """The content is not a picture."""


class UnsupportedPhotoError(PhotoError):
    """The content is a picture of a kind that photofind does not read."""


class OversizedPhotoError(PhotoError):
    """Decoding would go beyond the pixel, file-size, time or memory limit."""


class DamagedPhotoError(PhotoError):
    """The picture is truncated or corrupt."""


class UnreadablePhotoError(PhotoError):
    """The system refuses to open or read the file."""
