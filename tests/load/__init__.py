"""Tests of the loading edge."""
