"""What is known of two pictures that may be copies of each other, and of groups of them, as plain records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from photofind.core.records import ContentId, FileStamp, PhotoFacts, PhotoId

Placement = tuple[float, float, float, float, float, float]
"""An affine map in fractions of width and height: x' = p[0]·x + p[1]·y + p[2], y' = p[3]·x + p[4]·y + p[5]."""


class Verdict(StrEnum):
    """What two photos are to each other; all but the last are copies of one picture."""

    SAME_FILE = "same file"
    SAME_PICTURE = "same picture"
    REENCODED = "re-encoded"
    RESIZED = "resized"
    CROPPED = "cropped"
    EDITED = "edited"
    SIMILAR = "similar shot"


class GroupKind(StrEnum):
    """What the members of a group have in common: bytes or pixels, the picture, or only what it shows."""

    EXACT = "exact"
    NEAR = "near"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a second photo being a copy of a first one.

    ``score`` is the estimated probability that they are copies, 1 for the same bytes or pixels. ``similarity`` is the
    cosine of their embeddings. ``hash_distance`` counts the bits, of 256, in which their perceptual hashes differ when
    the second is turned by ``orientation`` (EXIF's numbers, 1 is as it is). ``matches`` counts the local features that
    one map explains, ``placement`` is that map from the second picture into the first, both upright. ``overlap`` is
    the share of the larger view that both show, ``difference`` the mean difference of luminance there, 0 to 1.
    ``changes`` names what was done to one of them, such as "mirrored" or "grey". None is for what was not looked at.
    """

    verdict: Verdict
    score: float
    similarity: float | None = None
    hash_distance: int | None = None
    orientation: int = 1
    matches: int | None = None
    overlap: float | None = None
    difference: float | None = None
    placement: Placement | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contents, ``first < second``, and what is known of them."""

    first: ContentId
    second: ContentId
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Member:
    """A photo of a group; ``content_hash`` is the BLAKE2b-256 of its file, ``metadata`` counts the facts it tells.

    ``evidence`` is about this photo as a copy of the group's reference, None for the reference itself.
    """

    photo_id: PhotoId
    content_id: ContentId
    path: str
    stamp: FileStamp
    content_hash: bytes
    facts: PhotoFacts
    metadata: int
    offline: bool
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Photos that are copies of one picture, or shots like one; the reference, which all are compared with, is first.

    ``key`` names the set of contents in it: it changes when a member comes or goes.
    """

    key: str
    kind: GroupKind
    members: tuple[Member, ...]
