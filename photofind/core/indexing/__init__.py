"""Indexing: folders on one side, a searchable library on the other, one writer in between.

``run`` drives it: ``scanning`` walks in a thread, ``reconcile`` compares with the catalog, ``feeds`` hand files to the
``line``, whose ``pool`` of ``decoder`` processes (each a ``member``, guarded by a thread) reads them, whose ``desk``
settles what came of it, and whose ``commit`` makes it durable; ``upkeep`` keeps the index in shape.
"""
