"""Finding files: a walk over the file system under the rules of what to leave out."""

from photofind.core.scan.rules import IgnoreRules, is_in_cloud
from photofind.core.scan.walk import Entry, Listing, is_away, stamp_of, walk

__all__ = ["Entry", "IgnoreRules", "Listing", "is_away", "is_in_cloud", "stamp_of", "walk"]
