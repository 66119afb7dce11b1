"""What became of a file, ready to be committed."""

from __future__ import annotations

from dataclasses import dataclass

from photofind.core.catalog import PendingFile
from photofind.core.indexing.messages import Embedded, Failed, Ignored, Skipped, Task

Settled = Skipped | Embedded | Failed | Ignored


@dataclass(frozen=True, slots=True)
class Result:
    """A file with its final outcome; ``before`` is the catalog's row of it, None for a re-embedding."""

    task: Task
    before: PendingFile | None
    outcome: Settled

    @property
    def embedded(self) -> Embedded | None:
        """The embedding, if there is one."""
        return self.outcome if isinstance(self.outcome, Embedded) else None
