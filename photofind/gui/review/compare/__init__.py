"""Two photos of a group compared: side by side, one over the other, in turns, and by what differs.

::

    Member, Member ─▶ relation (what is known, where the second lies in the first) ─▶ wording, fact_delta
                          │
    side, side: pixels ─▶ scene (one plane for both) ─┬─▶ pair_view: two views, moved together
                                                      ├─▶ scene_view: overlay, blink, difference
                                                      └─▶ difference_control: computed in a thread (differing)

``view`` puts them together and is what the review shows. A is the first photo, the one that is kept if the user follows
the suggestion, B the other one; swapping exchanges their places, never their letters.
"""
