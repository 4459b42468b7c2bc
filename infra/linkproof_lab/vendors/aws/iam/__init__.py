"""AWS IAM: roles with their own policies, and who may take them."""
