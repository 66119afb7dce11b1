"""The health of the search index in the window: what it is like in numbers and in words, and what can be done about it.

::

    Library.health ──▶ words (facts, verdict, what upkeep would do) ──▶ report (rows, segments, histogram)
                                                                            │ buttons
    WorkerLink.maintain ◀──────────── dialog ◀──────────────────────────────┘
          └──progress, end──▶ dialog ──▶ the numbers are read again
"""
