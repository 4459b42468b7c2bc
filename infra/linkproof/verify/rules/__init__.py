"""Every verdict the verifier can give, and the catalogue of faults that they find."""
