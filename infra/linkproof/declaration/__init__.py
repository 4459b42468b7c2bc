"""YAML with places → Declaration, and the rules that it obeys. No Pulumi, no network, no credentials."""
