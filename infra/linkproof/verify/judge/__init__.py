"""Judging: pure functions from an expectation and its observations to cells."""
