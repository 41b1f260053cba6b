"""Any Bot API client can talk to the sandbox unchanged: two libraries and plain HTTP play the same scenes."""

from collections.abc import Awaitable, Callable

import pytest

from tests.sandbox.clients import NAMES, Client, client
from tests.sandbox.conftest import TOKEN, Play
from tests.sandbox.scenes import SCENES

Scene = Callable[[Client, Play], Awaitable[None]]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_each_client_plays_each_scene(play: Play, name: str, scene: Scene) -> None:
    async with client(name, play.http, play.base_url, TOKEN) as one:
        await scene(one, play)
