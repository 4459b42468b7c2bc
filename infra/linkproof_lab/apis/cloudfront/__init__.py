"""CloudFront's API, 2020-05-31: distributions and their policies."""
