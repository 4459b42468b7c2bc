"""What it holds, and how it answers."""
