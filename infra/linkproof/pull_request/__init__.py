"""What a pull request would change, as one comment: two declarations of each stack, without a credential."""
