"""Tests of the grid of photos."""
