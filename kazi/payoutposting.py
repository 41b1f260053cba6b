"""Payouts are posted to their provider, by HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import structlog

from crowd.payouts.hearing import Heard, Word, answered, read_word
from crowd.payouts.methods.webhook import METHOD
from crowd.payouts.posting import NotPostableError, Post, take
from crowd.payouts.signing import Signer
from crowd.payouts.vault import Vault
from crowd.schedule import Job
from db.database import Database

_log = structlog.get_logger(__name__)

EVERY_S = 5
PATIENCE_S = 20
"""For one answer."""

_MOST = 100
"""Posts of one run."""
_LARGEST = 64 * 1024
"""Of an answer: of what is longer nothing is read."""

_NOT_OF_THE_PAYOUT = {401, 403, 404, 405, 407, 410, 421, 429, 431, 451}
"""Statuses that turn down the house or the moment, not this payout: nobody looked at it."""
_MAY_BE_TAKEN = {408, 409, 425}
"""Statuses that say nothing of whether it was taken."""


@dataclass(frozen=True, slots=True)
class Posting:
    """To whom payouts are posted, and how."""

    url: str = field(repr=False)
    signer: Signer = field(repr=False)
    vault: Vault = field(repr=False)

    @property
    def job(self) -> Job:
        """What comes round."""
        return Job("post_payouts", EVERY_S, self.post_due)

    async def post_due(self, database: Database) -> int:
        """Post what is due, one by one; how many. Ends early where the provider does not answer."""
        passed_over: set[int] = set()
        async with client() as http:
            for count in range(_MOST):
                try:
                    async with database.transaction() as tx:
                        post = await take(tx, self.vault, passed_over)
                except NotPostableError as error:
                    _log.error("payout.not_postable", payout=error.payout_id, why=str(error))
                    passed_over.add(error.payout_id)
                    continue
                if post is None:
                    return count
                word = await self._posted(http, post, database)
                async with database.transaction() as tx:
                    became = await answered(tx, post.payout_id, word)
                _log.info("payout.posted", payout=post.payout_id, heard=word.heard, became=became, trouble=word.trouble)
                if word.heard in {Heard.TROUBLE, Heard.AWAY}:
                    return count + 1
        return _MOST

    async def _posted(self, http: aiohttp.ClientSession, post: Post, database: Database) -> Word:
        headers = self.signer.headers(post.key, database.clock(), post.body)
        headers |= {"content-type": "application/json", "idempotency-key": post.key}
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await exchange(http, self.url, post.body, headers)
        except aiohttp.ClientConnectorError:
            return Word(Heard.AWAY, trouble="no connection")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Word(Heard.TROUBLE, trouble=type(error).__name__)


async def exchange(http: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str]) -> Word:
    """Post once; what the answer says. Raises what aiohttp does."""
    async with http.post(url, data=body, headers=headers, allow_redirects=False) as response:
        said = b""
        async for part in response.content.iter_chunked(_LARGEST):
            said += part
            if len(said) > _LARGEST:
                said = b""
                break
        return word_of_answer(response.status, said)


def word_of_answer(status: int, body: bytes) -> Word:
    """What an answer by HTTP says of a payout."""
    trouble = f"HTTP {status}"
    if 200 <= status < 300:
        return read_word(body) or Word(Heard.ACCEPTED)
    if 400 <= status < 500:
        word = read_word(body)
        if word is not None and word.heard is Heard.FAILED:
            return word
        if status in _MAY_BE_TAKEN:
            return Word(Heard.TROUBLE, trouble=trouble)
        if status in _NOT_OF_THE_PAYOUT:
            return Word(Heard.AWAY, trouble=trouble)
        return Word(Heard.REFUSED, reason=f"{METHOD.label}: {status}", trouble=trouble)
    return Word(Heard.TROUBLE, trouble=trouble)


@asynccontextmanager
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """Keeps no cookies, and takes no proxy from the environment."""
    async with aiohttp.ClientSession(trust_env=False, cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield http
