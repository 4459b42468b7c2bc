"""Asking: sockets, packets, handshakes. What comes back goes to the judge as plain values."""
