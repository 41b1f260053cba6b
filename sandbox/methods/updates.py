"""Getting updates, by asking or by webhook."""

import re
from typing import Any
from urllib.parse import urlsplit

import orjson

from sandbox.errors import ApiError, bad_request, conflict
from sandbox.methods.registry import Call, method
from sandbox.records import Json, WebhookTarget
from sandbox.updates import WEBHOOK_ACTIVE, WEBHOOK_SET

LIMIT = 100
LONGEST_POLL_S = 50
CONNECTIONS, MOST_CONNECTIONS = 40, 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@method("getUpdates")
async def get_updates(call: Call) -> list[Any]:
    """The updates from ``offset`` on; those before it are thereby confirmed."""
    account, args = call.account, call.args
    if account.record.webhook is not None:
        raise conflict(WEBHOOK_ACTIVE)
    _allow(call)
    limit = args.integer("limit")
    timeout_s = min(LONGEST_POLL_S, args.integer("timeout") or 0)
    account.updates.confirm(args.integer("offset") or 0)
    found = await account.updates.poll(limit if limit and 0 < limit <= LIMIT else LIMIT, timeout_s)
    return [orjson.Fragment(update.body) for update in found]


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """Send updates to a URL; an empty one goes back to polling. Plain http is accepted for this machine."""
    args = call.args
    url = args.text("url") or ""
    target = None
    if url:
        _check_url(url)
        connections = args.integer("max_connections")
        secret = args.text("secret_token") or ""
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains illegal symbols")
        target = WebhookTarget(
            url,
            secret,
            CONNECTIONS if connections is None else min(MOST_CONNECTIONS, max(1, connections)),
            args.text("ip_address") or "",
            args.upload("certificate") is not None,
        )
    _allow(call)
    _point(call, target)
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """Go back to polling."""
    _point(call, None)
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """Where updates go, how many wait, and what went wrong last."""
    account = call.account
    target = account.record.webhook
    info: Json = {
        "url": target.url if target else "",
        "has_custom_certificate": target.has_certificate if target else False,
        "pending_update_count": len(account.updates),
    }
    if target is not None:
        info["max_connections"] = target.max_connections
        if target.ip_address:
            info["ip_address"] = target.ip_address
    if account.delivery is not None and account.delivery.last_error is not None:
        info["last_error_date"], info["last_error_message"] = account.delivery.last_error
    if account.record.allowed_updates:
        info["allowed_updates"] = account.record.allowed_updates
    return info


def _allow(call: Call) -> None:
    """Take over ``allowed_updates``: absent, empty or null keeps what was set, ``[]`` goes back to the default."""
    wanted = call.args.json_array("allowed_updates")
    if wanted is not None:
        call.account.record.allowed_updates = [str(kind).lower() for kind in wanted] or None


def _point(call: Call, target: WebhookTarget | None) -> None:
    account = call.account
    if target is not None:
        account.updates.end_poll(conflict(WEBHOOK_SET))
    if call.args.boolean("drop_pending_updates"):
        account.updates.clear()
        account.point_webhook(None, call.reply)
    account.point_webhook(target, call.reply)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise bad_request("invalid webhook URL specified")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
