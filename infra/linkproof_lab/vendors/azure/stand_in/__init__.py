"""Its part of the stand-in for the Pulumi provider."""
