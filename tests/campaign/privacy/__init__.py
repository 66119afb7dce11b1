"""Nothing sent, nothing left open to others, nothing told to a log.

::

    the sources     no module but two can reach the network
    the user        every command under the masks 000, 022 and 077, in a network without routes; the window with its
                    walk and its review; each watched for calls that leave the machine and for files that others could
                    read, even for a moment
    what is left    files outside of photofind's folders; words, names and cameras in logs; what removed photos leave
    the watch       downloads that the user asks for are seen, or else silence would mean nothing

``python -m tests.campaign privacy``; ``--set skip=window`` leaves the window out.
"""
