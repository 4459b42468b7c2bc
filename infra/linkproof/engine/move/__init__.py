"""Links that go from one stack to another: their part of the declaration, of the state and of the history, and nothing in the cloud."""
