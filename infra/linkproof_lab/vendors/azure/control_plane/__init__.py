"""What its APIs hold and refuse."""
