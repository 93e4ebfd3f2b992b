"""Settings of all tests: properties have no clock, in CI the same examples every time; interrupts arrive."""

import os
import signal

from hypothesis import settings

settings.register_profile("quoth", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("quoth")

# A shell that runs the tests in the background has them, and all that they start, ignore interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
