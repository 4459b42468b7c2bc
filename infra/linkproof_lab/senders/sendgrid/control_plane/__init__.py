"""What SendGrid's API holds, and how it answers."""
