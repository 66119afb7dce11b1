"""Benchmarks: each measures one promise of the product, prints a table and says whether the promise is kept.

They are run by hand, ``python -m tests.benchmarks.bench_NAME``, never by pytest; what they printed last is in
``results``.
"""
