"""Everything that comes from strangers: model packs, plans, settings, queries, labels, libraries, dropped things.

Each is handed to the command line in a process apart (``stage``). It has to be refused with one sentence and
status 1, before anything outside of a staging area is written, in bounded memory and time; or it is harmless.

The short form takes a few of each kind by chance, and of what needs a process of its own to be tried only some.
``--rounds N`` says how often the kinds that vary by chance are gone through; ``--set only=plans`` tries one kind.
"""
