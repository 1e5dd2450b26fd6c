"""What holds for all tests."""

import os

from hypothesis import HealthCheck, settings

# A slow or busy machine is no failure. In CI every run tries the same examples, so that a red one is the change's own.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("house")
