"""Its resource types in the stand-in of its Pulumi package."""
