"""Everything photofind knows, without a window: no Qt, nothing printed, no exit.

Data flows one way: ``scan`` finds changes, ``imaging`` turns a file into pixels and facts, ``encoders`` turns
pixels into an embedding, ``vectors`` and ``catalog`` keep it on disk, ``search`` answers queries from there.
``library`` is the façade that everything above the core uses.
"""
