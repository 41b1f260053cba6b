"""What a worker enters to be paid survives the bot, is soon forgotten, and stands in the clear nowhere."""

import subprocess
import sys
from pathlib import Path

import pytest

from crowd.payouts.entering import FORGOTTEN
from kazi.keys import vault_of
from kazi.settings import Settings
from tests.bot.chat import Chat, own_language
from tests.bot.conftest import serving
from tests.bot.test_payout import KEPT, NUMBER
from tests.bot.test_troubles import broken

SECRETS = (KEPT, KEPT[4:], "712 345", "Amina Juma")


async def everything(chat: Chat) -> str:
    """All rows of all tables; bytes as hexadecimal digits."""
    async with chat.onlooker.reading() as tx:
        names = await tx.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = [row["told"] for name in names
                 for row in await tx.rows(f"SELECT to_jsonb(t)::text AS told FROM {name['tablename']} t")]  # fmt: skip
    return "\n".join(found)


def assert_secret(text: str) -> None:
    for secret in SECRETS:
        assert secret not in text
        assert secret.encode().hex() not in text


async def test_it_survives_a_restart_and_is_forgotten_after_half_an_hour(quiet_chat: Chat) -> None:
    chat = quiet_chat
    async with serving(chat, chat.settings):
        person = await chat.worker(own_language())
        await person.say("/payout")
        await person.tap("od")
        await person.tap("od:mobile_money")
        await person.say(NUMBER)
    async with serving(chat, chat.settings):
        check = await person.say("Amina Juma")
        assert KEPT in check.text
    async with serving(chat, chat.settings):
        assert KEPT in (await person.say("/payout")).text
        chat.clock.advance(FORGOTTEN.total_seconds())
        screen = await person.tap("oc:.*", check)
        assert "Before you can ask for a payout" in screen.text
        assert "Tap one of the buttons" not in (await person.say("Amina Juma")).text
        assert not (await person.say("/payout")).has("oc:.*")


async def test_what_is_entered_is_nowhere_in_the_clear(
    quiet_chat: Chat, logged: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    chat = quiet_chat
    async with serving(chat, chat.settings):
        person = await chat.worker(own_language())
        await person.say("/payout")
        await person.tap("od")
        await person.tap("od:mobile_money")
        await person.say(f"{NUMBER} 999 999")
        await person.say(NUMBER)
        assert_secret(await everything(chat))
        check = await person.say("Amina Juma")
        assert_secret("".join(check.data))
        assert_secret(await everything(chat))
        with broken("oc"):
            await person.finger("oc:.*", check)
            await person.settled()
        await chat.fault("editMessageText", 400)
        await person.finger("oc:.*", check)
        await person.settled()
        assert "•••• 5678" in (await person.say("/payout")).text
        assert_secret(await everything(chat))
    assert await chat.value("SELECT count(*) FROM payout_details") == 1
    assert await chat.value("SELECT count(*) FROM audit WHERE action = 'payout.details'") == 1
    assert any("update.failed" in line for line in logged)
    assert_secret("\n".join([*logged, *(record.getMessage() for record in caplog.records)]))


def test_the_bot_has_the_same_key_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAZI_PAYOUT_KEYS", raising=False)
    first, second = (vault_of(Settings(data=tmp_path)) for _ in range(2))
    assert second.open("worker 1", first.seal("worker 1", {"phone": KEPT})) == {"phone": KEPT}
    assert (tmp_path / "payout.key").stat().st_mode & 0o077 == 0


def test_tables_of_all_banks_and_phone_numbers_are_not_loaded_until_they_are_needed() -> None:
    script = "import sys, bot.process, bot.routes; bot.routes.handler_of_tap('out'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "bot.handlers.payout" in loaded
    assert {"phonenumbers", "schwifty", "sepaxml"}.isdisjoint(loaded)
