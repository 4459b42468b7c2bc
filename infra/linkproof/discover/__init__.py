"""What exists already, read from files and APIs, as entries of a declaration. Nothing is guessed, and nothing is written while a source fails."""
