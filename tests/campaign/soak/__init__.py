"""The soak: a window used without rest on a large library, while the files below it change all the time.

::

    photos ──indexed──▶ ``window`` in its own process ◀── SoakUser, drawn from the seed
       ▲                        │ each minute: Gauge ──▶ CSV
       └─ ChangingPhotos, CLI, a second window, writers killed now and then
    at the end: rest ──▶ nothing leaked, writer quiet ──▶ closed with status 0 ──▶ photos, doctor, answers

``--set photos=N`` and ``--seconds`` say how large and how long (100,000 photos and two hours); ``--set log=FILE`` keeps
the CSV, and beside it what the window wrote to its log and where it stalled. ``--set prepared=DIR`` has all files in a
folder of its own, which ``--set prepare=yes`` beside it only fills: a hundred thousand photos are indexed once, then.
``--set only="click_photo scroll"`` has the user do nothing else, to find out which action loses memory.
"""
