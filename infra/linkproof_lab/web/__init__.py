"""HTTP and TLS as every edge and origin of the lab needs them."""
