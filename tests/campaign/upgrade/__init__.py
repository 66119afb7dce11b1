"""Libraries of every older version are opened, backed up and migrated; those of a newer one are refused untouched.

::

    vN.zip ──▶ readers refuse it ──▶ migrations that fail or are killed on the way ──▶ migrated ──▶ back-up sound,
        doctor clean, nothing read or embedded again, answers of a fresh library, decisions and searches kept
    v4.zip ──▶ its catalog, or a file beside it, of a newer version ──▶ every command and the window refuse it

``--set version=N`` tries one stored library alone.
"""
