"""The provider in docs/payouts.md runs as it stands there: it verifies what is posted, and pays a key once."""

import asyncio
import contextlib
import os
import re
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from crowd.payouts.hearing import Heard
from crowd.payouts.signing import Signer
from db.database import utc_now
from kazi.demo.processes import free_port
from kazi.payoutposting import client, exchange
from tests.payouts.provider import SECRET

DOCS = Path(__file__).parent.parent.parent / "docs" / "payouts.md"
BODY = b'{"type":"payout.requested","data":{"amount":"2.50","currency":"KES","account":"MW-1"}}'


async def test_the_documented_provider_verifies_and_pays_once() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    port = free_port(0)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env={**os.environ, "SECRET": SECRET, "PORT": str(port)}, stdout=PIPE, stderr=PIPE
    )
    assert process.stdout is not None
    url = f"http://127.0.0.1:{port}/pay"
    try:
        async with asyncio.timeout(30), client() as http:
            while True:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
            for signer, heard in ((Signer([SECRET]), Heard.PAID), (Signer([SECRET]), Heard.PAID)):
                headers = signer.headers("payout_1", utc_now(), BODY) | {"idempotency-key": "payout_1"}
                word = await exchange(http, url, BODY, headers)
                assert (word.heard, word.reference) == (heard, "R-1")
            wrong = Signer(["whsec_" + "A" * 40]).headers("payout_2", utc_now(), BODY)
            assert (await exchange(http, url, BODY, wrong | {"idempotency-key": "payout_2"})).heard is Heard.AWAY
            assert await process.stdout.readline() == b"paying 2.50 KES to MW-1\n"
    finally:
        process.kill()
        out, _ = await process.communicate()
    assert out == b"", "it paid once"
