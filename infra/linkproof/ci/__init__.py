"""The pipelines that `linkproof new` writes, and those of this repository: one text for both, by what differs."""
