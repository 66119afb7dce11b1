"""Benchmark tables: kinds of indexes measured side by side, each row in the same run with its exact answer.

::

    registry ──▶ a table's module ── make(vectors, options, check) ──▶ Progress … BenchTable ──▶ writing, charts
                       │
        vectors (library or generated, exact answers), timing (milliseconds, recall), result (rows and columns)
"""
