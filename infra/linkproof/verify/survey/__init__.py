"""Rounds: who is asked when, in the order that plants no old answer."""
