"""Panels beside the photos: folders of the library, saved searches, and the files that could not be read."""
