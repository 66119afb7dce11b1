"""How many threads the decoders of single pictures start by themselves."""

from __future__ import annotations


def use_one_thread() -> None:
    """Let each decode of this process use one thread, because there is one such process per core already.

    libheif starts four threads for a picture and libavif one per core; these are global options of their modules.
    """
    import pi_heif.options
    from PIL import AvifImagePlugin

    pi_heif.options.DECODE_THREADS = 1
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
