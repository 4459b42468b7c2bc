"""What vantages answered, as plain values: the judge reads these and nothing else."""
