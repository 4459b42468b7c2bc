"""linkproof: declares, provisions and proves the hosts that e-mail and web tracking depend on."""

__version__ = "0.1.0"
