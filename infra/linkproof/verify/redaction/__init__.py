"""Nothing secret is kept or shown: secrets of servers, and whose link a canary is."""
