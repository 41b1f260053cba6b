"""A token is shown once, kept as a digest, and opens nothing once it is revoked."""

import hashlib
import re

import pytest

from crowd.requesters import RequesterError, live_tokens, new_token, requester_of, revoke
from db.database import Database
from tests.requester.scene import requester


async def test_a_token_tells_whose_it_is_until_it_is_revoked(database: Database) -> None:
    owner = await requester(database, "token owner")
    async with database.transaction() as tx:
        token = await new_token(tx, owner.id, "ci")
        assert re.fullmatch(r"kazi_[A-Za-z0-9_-]{32}", token)
        assert await requester_of(tx, token) == owner
        assert await requester_of(tx, token[:-1]) is None
        assert [each.name for each in await live_tokens(tx, owner.id)] == ["ci"]
        await revoke(tx, owner.id, "ci")
        assert await requester_of(tx, token) is None
        assert await live_tokens(tx, owner.id) == []


async def test_the_token_itself_is_kept_nowhere(database: Database) -> None:
    owner = await requester(database, "secretive")
    async with database.transaction() as tx:
        token = await new_token(tx, owner.id, "one")
        rows = await tx.rows("SELECT t::text AS said FROM api_token t UNION ALL SELECT a::text FROM audit a")
        assert rows
        assert not any(token[5:] in row["said"] for row in rows)
        digests = [row["digest"] for row in await tx.rows("SELECT digest FROM api_token")]
        assert hashlib.sha256(token.encode()).digest() in digests


async def test_two_live_tokens_of_one_name_would_leave_open_which_is_revoked(database: Database) -> None:
    owner = await requester(database, "twins")
    async with database.transaction() as tx:
        await new_token(tx, owner.id, "ci")
        with pytest.raises(RequesterError, match="already"):
            await new_token(tx, owner.id, " ci ")
        await revoke(tx, owner.id, "ci")
        await new_token(tx, owner.id, "ci")


async def test_a_token_that_is_not_there_cannot_be_revoked(database: Database) -> None:
    owner, other = await requester(database, "mine"), await requester(database, "theirs")
    async with database.transaction() as tx:
        await new_token(tx, other.id, "ci")
        with pytest.raises(RequesterError, match="no token “ci”"):
            await revoke(tx, owner.id, "ci")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "bell\x07", "turn\u202earound", "half \ud800"])
async def test_a_name_that_cannot_be_read_is_refused(name: str, database: Database) -> None:
    with pytest.raises(RequesterError, match="1 to 80 characters"):
        await requester(database, name)
