"""What all tests share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A machine that is busy with something else decides no test.
settings.register_profile("linkproof", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("linkproof")
