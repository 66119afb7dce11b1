"""Measuring: how much of the truth a library's index finds, how well labels are found, and benchmark tables.

``calibrating`` asks photos of the library for their neighbours, exactly (``truth``) and by the index (``probing``), and
``estimating`` makes of both what the slider promises. ``labels`` and ``retrieval`` say how well photos that belong
together are found, ``tables`` compare kinds of indexes on the same vectors.
"""
