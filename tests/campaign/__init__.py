"""The fault campaign: photofind killed, starved, damaged and lied to, and what must hold afterwards.

``python -m tests.campaign PART`` runs one part at full length, ``python -m tests.campaign all`` every part in turn,
``--short`` what the normal test run does (``PART/test_PART.py``). Each part draws everything from one seed, which is
printed first: ``--seed`` with the same number repeats the run. What was found, and how it was mended, is in
``REPORT.md``.

``__main__`` names the parts, each a package whose docstring tells its flow and whose module ``run`` plays it.
What they share is beside them: ``running`` counts what was done and what was found; ``checking`` says what must hold of
a library; ``lending`` runs programs in copies of a loaded process; ``shim`` lets calls to the disk fail or wait;
``photos`` and ``quick_pack`` make what a small library needs; ``libraries`` has those of older versions.
"""
