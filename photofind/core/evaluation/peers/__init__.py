"""The same vectors and queries through other programs' indexes, each in processes of its own.

::

    tables/peers ──▶ contest ── one process per stage ──▶ child ──▶ a contestant's module
                        │
                     registry: who takes part, and what is installed

A stage is a fresh process, so that memory is that of a program which only opens an index and searches it. Vectors go
there as ``.npy`` files that are mapped, answers come back as files: nothing is sent through pipes.
"""
