"""What the writer and its decoder processes say to each other; everything here can be pickled."""

from __future__ import annotations

from dataclasses import dataclass

from photofind.core.imaging import DecodeLimits
from photofind.core.records import ContentId, Embedding, FileStamp, PhotoFacts, PhotoId


@dataclass(frozen=True, slots=True)
class DecoderConfig:
    """What a decoder process needs to know for its whole life."""

    encoder_spec: str
    limits: DecodeLimits
    low_priority: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read.

    ``known_hash`` is set when the catalog already knows the content and only wants another pack's embedding of it.
    """

    photo_id: PhotoId
    path: str
    root_id: int
    known_content: ContentId | None = None
    known_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A decoder has hashed a file and asks whether to go on and embed it."""

    digest: bytes


@dataclass(frozen=True, slots=True)
class Skipped:
    """The writer said that the content needs no embedding."""

    digest: bytes
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file was read whole, decoded and embedded; ``colours`` are `ColourFacts.packed` of the picture."""

    digest: bytes
    stamp: FileStamp
    facts: PhotoFacts
    thumbnail: bytes
    embedding: Embedding
    colours: bytes | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The file is no photo, for this reason; ``kind`` is a word for the sort of error."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """The file's name never promised a photo, and its content is none."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The decoder died, hung or grew too large over the file."""

    reason: str


Outcome = Skipped | Embedded | Failed | Ignored | Lost

UNREADABLE = "unreadable"
"""The kind of error that may pass by itself, so that every run tries again."""

CRASH = "crash"
"""The kind of error of a file that took a decoder down twice."""
