"""A toy sender: servers that know their customers' hosts and count each click."""
