"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A machine that is busy with something else decides no test, nor do dice in CI: there one submission is judged alike each time.
settings.register_profile(
    "linkproof", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("linkproof")
