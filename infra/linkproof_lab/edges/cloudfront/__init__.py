"""An edge that behaves as CloudFront does with the distributions that the API holds."""
