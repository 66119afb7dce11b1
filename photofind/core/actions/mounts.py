"""Where volumes are mounted: which paths lead to one and the same place of a volume, and which renames can work.

On Linux this is read from ``/proc/self/mountinfo`` (proc(5)), because a folder that is bound to a second place has the
same device number there. Elsewhere only the mount points are known.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import lru_cache

from photofind.core.paths import is_within


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume, or a folder of it (``root``, a path within the volume), that is seen at ``point``."""

    point: str
    device: str
    root: str


@dataclass(frozen=True, slots=True)
class MountTable:
    """What was mounted at one moment; empty where the system does not tell."""

    mounts: tuple[Mount, ...] = field(default=())

    @classmethod
    def read(cls) -> MountTable:
        """Ask the system."""
        try:
            with open("/proc/self/mountinfo", "rb") as file:
                return parse_mounts(file.read())
        except OSError:
            return cls()

    def point_of(self, path: str) -> str:
        """Return where the volume that holds a path is mounted; the path need not exist."""
        real = os.path.realpath(path)
        mount = self._mount_of(real)
        if mount is not None:
            return mount.point
        while not os.path.ismount(real) and os.path.dirname(real) != real:
            real = os.path.dirname(real)
        return real

    def within_volume(self, path: str) -> tuple[str, str] | None:
        """Return the device and the path within its volume of a path without links; None when it is not known."""
        mount = self._mount_of(path)
        if mount is None:
            return None
        inner = os.path.relpath(path, mount.point)
        return mount.device, os.path.normpath(os.path.join(mount.root, inner))

    def _mount_of(self, real: str) -> Mount | None:
        holding = [mount for mount in self.mounts if is_within(real, mount.point)]
        # Of two mounts at one point the later covers the earlier.
        return max(reversed(holding), key=lambda mount: len(mount.point), default=None)


@lru_cache(maxsize=4)  # asked for with every file, and hardly ever another
def parse_mounts(text: bytes) -> MountTable:
    """Return the mounts that the lines of a ``mountinfo`` file tell of."""
    found = []
    for line in text.splitlines():
        fields = line.split(b" ")
        if len(fields) > 4:
            found.append(Mount(_unescaped(fields[4]), os.fsdecode(fields[2]), _unescaped(fields[3])))
    return MountTable(tuple(found))


def _unescaped(text: bytes) -> str:
    # Space, tab, newline and backslash are written as octal escapes.
    return os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda match: bytes([int(match[1], 8)]), text))
