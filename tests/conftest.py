"""Settings of all tests: properties have no clock, and in CI the same examples every time."""

import os

from hypothesis import settings

settings.register_profile("quoth", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("quoth")
