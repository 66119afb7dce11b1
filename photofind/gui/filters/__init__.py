"""What every photo on the grid must be: the panel where filters are chosen, and the chips that show them.

::

    panel ──┐                                     ┌──▶ panel      (fields)
            ├──▶ Filters ──▶ browser ──place──────┼──▶ chips      (each can be taken off)
    chips ──┘                                     └──▶ button     (how many)

Filters belong to the place that the browser shows; the widgets only show them, and ask for others.
"""
