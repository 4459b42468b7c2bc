"""Who has one account, one API address or one Pulumi package for several services of the lab."""
