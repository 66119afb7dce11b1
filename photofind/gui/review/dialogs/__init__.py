"""Dialogs beside the review of duplicates: applying a plan, what was done before, and labelling pairs.

::

    review ──▶ plan ──▶ apply.py: plan, check, progress, result ──▶ undo
                           │ asks                                    ▲
                           ▼                                         │
                        gui/review/applying.py: a thread with an Actor, one file at a time
                                                                     │
    journal ──▶ history.py: what was done, file by file ─────────────┘
            ──▶ unfinished.py: was something interrupted?

    pairs in doubt ──▶ labels.py: twenty questions ──▶ a calibration of this library's own

``control.py`` opens them for a window.
"""
