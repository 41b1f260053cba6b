"""`kazi bot` and `kazi web`: the two processes that stay."""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Annotated, Any

import typer

from kazi.connection import fail, opened, read_settings, telling
from kazi.ending import ending_in_order
from kazi.keys import panel_secret, paying_of, receipt_desk_of, vault_of


def bot() -> None:
    """Run the bot: by long polling, or by webhook when KAZI_WEBHOOK_URL is set."""
    from bot.process import BotSettings, TokenError, run, until_signalled
    from kazi import logs
    from kazi.provider import posting_of

    settings = read_settings()
    logs.set_up(as_json=settings.log_json)
    if settings.bot_token is None:
        fail("KAZI_BOT_TOKEN is not set: ask @BotFather in Telegram for a token, then run KAZI_BOT_TOKEN=… kazi bot")
    token = settings.bot_token.get_secret_value()
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else _webhook_secret(token)
    vault = vault_of(settings)
    posting = posting_of(settings, vault)
    chosen = BotSettings(
        token=token,
        telegram_url=settings.telegram_url,
        webhook_url=str(settings.webhook_url) if settings.webhook_url else None,
        webhook_secret=secret,
        webhook_port=settings.webhook_port,
        vault=vault,
        receipts=receipt_desk_of(settings),
        jobs=(posting.job,) if posting else (),
    )

    async def work() -> None:
        async with opened(settings, name="bot", connections=settings.connections) as database:
            await until_signalled(lambda stop: run(chosen, database, stop))

    try:
        _run(work)
    except TokenError as error:
        fail(f"KAZI_BOT_TOKEN {error}")


def web(
    demo_phone: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run the panel and the REST API."""
    import uvicorn

    from admin.app import PanelSettings, create_panel
    from bot.tasks import preview
    from kazi import logs

    settings = read_settings()
    logs.set_up(as_json=settings.log_json)
    panel = PanelSettings(
        secret=panel_secret(settings),
        preview=preview,
        fee_ppm=settings.fee_ppm,
        paying=paying_of(settings),
        receipt_keys=receipt_desk_of(settings).known,
        demo_phone_url=demo_phone,
        demo_key=settings.demo_key.get_secret_value() if settings.demo_key else None,
    )

    async def work() -> None:
        async with opened(settings, name="web", connections=settings.connections) as database:
            app = create_panel(database, panel)
            config = uvicorn.Config(
                app, settings.panel_host, settings.panel_port, log_config=None, access_log=False,
                timeout_graceful_shutdown=3, forwarded_allow_ips=settings.trusted_proxies,
            )  # fmt: skip
            await uvicorn.Server(config).serve()

    # uvicorn hands the signal that ended it on, by which the process would be gone before the database has been ended.
    with suppress(KeyboardInterrupt), ending_in_order() as ending:
        _run(work, ending.run)


def _run(
    work: Callable[[], Awaitable[None]], run_it: Callable[[Coroutine[Any, Any, None]], None] = asyncio.run
) -> None:
    try:
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    except ImportError:  # not on this platform
        pass
    telling(work, run_it)


def _webhook_secret(token: str) -> str:
    """The same in every replica of a bot, and after each restart: what Telegram still has to deliver is taken."""
    return hmac.new(token.encode(), b"kazi webhook", hashlib.sha256).hexdigest()
