"""Reviewing duplicates in the window."""
