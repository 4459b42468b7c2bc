"""Amazon EventBridge: the default bus of each account and region, its rules and their targets."""
