"""Every kind of file of a library is damaged in every way: the right answer or a clear error, and never a crash.

::

    stored library, migrated ──▶ what it answers when healthy
      each round: copy ──▶ one file damaged ──▶ every question asked: right, or refused with the file's name
                       ──▶ a command at random ──▶ doctor and index ──▶ asked again: right, or said what to do

``--set kind=library.db`` damages files of one kind only, ``--set damage=flip`` in one way only.
"""
