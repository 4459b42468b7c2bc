"""What Google Cloud's services share: one API address, tokens, the form of errors."""
