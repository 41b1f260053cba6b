"""What all tests share."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.database"]

# A machine that is busy with other things makes drawing examples slow, which is no fault of the code. The examples
# are the same in each run, so that a change is judged by what it changes; to look for new ones:
# pytest --hypothesis-profile explore
settings.register_profile("kazi", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("explore", settings.get_profile("kazi"), derandomize=False, max_examples=1000)
settings.load_profile("kazi")


_LONG = ("whole", "bench", "replay")
"""Folders whose tests start processes and take long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones come first, so that no process is left alone with one at the end."""
    items.sort(key=lambda item: item.path.parent.name not in _LONG)
