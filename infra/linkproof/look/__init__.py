"""`linkproof look`: what stands at any host, without a declaration or a credential."""
