"""Panels beside the photos: the folders of the library, and the files that could not be read."""
