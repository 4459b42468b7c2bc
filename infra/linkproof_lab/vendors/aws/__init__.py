"""What the services of AWS share: accounts, wire formats, certificates, STS."""
