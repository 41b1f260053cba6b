"""What whole-system tests share."""

from collections.abc import Iterator

import pytest

from tests.database import Server


@pytest.fixture
def dsn(server: Server) -> Iterator[str]:
    """A database of the test's own: update ids of different sandboxes must not meet in one inbox."""
    with server.fresh_database() as address:
        yield address
