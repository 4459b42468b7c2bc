"""What was asked and answered, kept in a folder and played back."""
