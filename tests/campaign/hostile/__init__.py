"""Photos that nobody should open: torture files, a fuzz run, files that take decoders down, names, damaged thumbnails.

``--set eval=DIR`` adds a folder with a ``torture`` part and ``make_fs_cases.py``; ``--set keep=DIR`` keeps the inputs
that did harm; ``--set only=fuzz`` runs one of the steps; ``--rounds N`` bounds the inputs.
"""
