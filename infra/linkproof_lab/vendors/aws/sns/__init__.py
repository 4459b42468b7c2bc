"""Amazon SNS: topics with their policies, and what was published to them."""
