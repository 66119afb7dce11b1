"""What a calibration has measured, in the window: the words of it, and its curve in a panel below the slider.

::

    Library.index_shape() ──▶ Positions ──▶ SpeedSlider (one position at a time)
                                  └───────▶ AccuracyPanel ── AccuracyChart (all of them at once)

``control`` connects them with the writer process, which measures.
"""
