"""The program killed with SIGKILL at random moments, and what holds afterwards.

::

    template ──▶ changes ──▶ processes ──▶ moment ──▶ SIGKILL ──▶ opens? sound? all there? ──▶ update ──▶ as if never?

Each round draws a phase's beginning, who does the work, who of them dies and when. ``phases`` says what is going
on, ``actions`` what is done to the user's files; ``checks`` what must hold. ``--set round=N`` makes one
round alone, ``--set phase=NAME`` only the rounds of a phase, ``--set fresh=N`` compares with a fresh library each so
manieth round.
"""
