"""What all tests share."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.database"]

# A machine that is busy with other things makes drawing examples slow, which is no fault of the code.
settings.register_profile("kazi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kazi")
