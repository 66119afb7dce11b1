"""Tests of model packs and encoders."""
