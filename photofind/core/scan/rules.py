"""Which files and folders are never looked at."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from fnmatch import fnmatch

from photofind.core.imaging import OTHER_SUFFIXES

_SERVICE_FOLDERS = frozenset(
    {
        "$recycle.bin",  # Windows' trash
        "system volume information",
        "#recycle",  # Synology's trash
        "@eadir",  # Synology's thumbnails
        "lost+found",
        "__macosx",
        "node_modules",
    }
)

_WINDOWS_HIDDEN = 0x2 | 0x4  # FILE_ATTRIBUTE_HIDDEN, _SYSTEM
# FILE_ATTRIBUTE_OFFLINE, _RECALL_ON_OPEN, _RECALL_ON_DATA_ACCESS: reading would download the file
# (Microsoft, "File Attribute Constants").
_WINDOWS_CLOUD = 0x1000 | 0x40000 | 0x400000
_MACOS_DATALESS = 0x40000000  # SF_DATALESS of <sys/stat.h>


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """Hidden names, service folders of systems and the user's own patterns (shell wildcards on single names)."""

    patterns: tuple[str, ...] = field(default=())

    def skips_folder(self, name: str) -> bool:
        """Tell whether a folder of this name is left out with all that is in it."""
        return name.startswith(".") or name.lower() in _SERVICE_FOLDERS or self._matches(name)

    def skips_file(self, name: str) -> bool:
        """Tell whether a file of this name is left out unread."""
        suffix = os.path.splitext(name)[1].lower()
        return name.startswith(".") or suffix in OTHER_SUFFIXES or self._matches(name)

    def _matches(self, name: str) -> bool:
        return any(fnmatch(name, pattern) for pattern in self.patterns)


def is_hidden(status: os.stat_result) -> bool:
    """Tell whether Windows or macOS marks the entry as hidden."""
    attributes = getattr(status, "st_file_attributes", 0)
    flags = getattr(status, "st_flags", 0)
    return bool(attributes & _WINDOWS_HIDDEN) or bool(flags & getattr(stat, "UF_HIDDEN", 0))


def is_in_cloud(status: os.stat_result) -> bool:
    """Tell whether the file is a placeholder whose content would have to be downloaded."""
    attributes = getattr(status, "st_file_attributes", 0)
    flags = getattr(status, "st_flags", 0)
    return bool(attributes & _WINDOWS_CLOUD) or bool(flags & _MACOS_DATALESS)
