"""What Azure's services share: one address of Azure Resource Manager, tokens, the form of errors."""
