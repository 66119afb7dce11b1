"""photofind: folders of photos become an index that answers "what looks like this?"."""

__version__ = "0.1.0"
