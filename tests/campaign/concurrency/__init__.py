"""Several programs on one library, clocks that are set, disks that stall: no corruption, no deadlock, clear messages.

::

    scene ◀── drawn by seed ──▶ its programs run beside each other ──▶ each ends, or says where it hangs
                                        └──▶ sound? up to date? as a fresh library? nothing left running?

``--set scene=NAME`` plays one scene alone, ``--set round=N`` one round. Programs are copies of a process that has
loaded the program (``lender``), under a clock and on disks that the campaign sets and stalls.
"""
