"""Programs run in copies of a process that has loaded them, because a start then takes milliseconds.

::

    a part ──▶ asking.Lending ──a line of JSON──▶ a module with a loop, ``server`` say ──▶ fork ──▶ copies: one attempt
                              ◀── how it ended ──

``server`` serves most; a part whose programs need thresholds, shims or company of their own has a loop of its own, made
of the same ``copies``.
"""
