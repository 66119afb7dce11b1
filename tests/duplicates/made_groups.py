"""Groups made up for tests of rules and plans: members differ in what the test names."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import Any

from photofind.core.evidence import DuplicateGroup, Evidence, GroupKind, Member, Verdict
from photofind.core.records import ContentId, FileStamp, PhotoFacts, PhotoId

_IDS = count(1)
NEW_YEAR = 1_577_836_800_000_000_000
"""The beginning of 2020 in UTC, nanoseconds."""

DAY = 86_400_000_000_000


def member(
    path: str,
    *,
    content: int | None = None,
    verdict: Verdict | None = None,
    size: tuple[int, int] = (4000, 3000),
    file_format: str = "JPEG",
    mtime: int = NEW_YEAR,
    metadata: int = 0,
    camera: str | None = None,
    offline: bool = False,
    file_id: int | None = None,
    bytes_: int = 1000,
) -> Member:
    """Return a photo; the one without a verdict is the group's reference. Contents differ unless they are named."""
    number = next(_IDS)
    content_id = ContentId(number + 10**6 if content is None else content)
    return Member(
        photo_id=PhotoId(number),
        content_id=content_id,
        path=path,
        stamp=FileStamp(bytes_, mtime, number if file_id is None else file_id),
        content_hash=hashlib.blake2b(str(content_id).encode(), digest_size=32).digest(),
        facts=PhotoFacts(file_format, *size, camera=camera),
        metadata=metadata,
        offline=offline,
        evidence=None if verdict is None else Evidence(verdict, 0.99, similarity=0.9),
    )


def group(*members: Member, kind: GroupKind = GroupKind.NEAR) -> DuplicateGroup:
    """Return a group of these members."""
    key = hashlib.sha256(repr(sorted(m.content_id for m in members)).encode()).hexdigest()
    return DuplicateGroup(key, kind, members)


def copies(*paths: str, **facts: Any) -> DuplicateGroup:
    """Return a group of byte-identical files."""
    number = next(_IDS)
    first, *others = paths
    return group(
        member(first, content=number, **facts),
        *(member(path, content=number, verdict=Verdict.SAME_FILE, **facts) for path in others),
        kind=GroupKind.EXACT,
    )
