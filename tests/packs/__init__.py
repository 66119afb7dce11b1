"""Tests of installing and removing model packs."""
