"""Tests of what is made of typed words."""
