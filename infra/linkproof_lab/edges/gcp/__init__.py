"""Google Cloud's load balancer, with Certificate Manager."""
