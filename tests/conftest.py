"""How the laws are tried: how long an example takes says something about the machine and nothing about the law."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("meshlint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("meshlint"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "meshlint")
