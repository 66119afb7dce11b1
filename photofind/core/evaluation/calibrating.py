"""Measuring an index."""
