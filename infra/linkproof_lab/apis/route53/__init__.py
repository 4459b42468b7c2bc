"""Route 53's API, 2013-04-01: hosted zones and their record sets."""
