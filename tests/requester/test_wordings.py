"""`kazi wordings`: what workers said of the words of the chat, for who keeps the catalogs."""

import json

from crowd.wordings import point_out, say_better
from db.database import Database
from tests.requester.scene import people
from tests.requester.test_commands import Kazi, kazi

__all__ = ["kazi"]


async def test_words_that_workers_say_are_wrong_are_listed_and_seen_to_once(kazi: Kazi, database: Database) -> None:
    assert "There are none." in (await kazi("wordings", "list")).stdout
    one, other = await people(database, 2)
    async with database.transaction() as tx:
        await point_out(tx, one.id, "sw", "Skip", "Ruka")
        await say_better(tx, one.id, "Pita")
        await point_out(tx, other.id, "ha", "Earnings", "Kuɗin shiga")
    said = (await kazi("wordings", "list")).stdout
    assert all(each in said for each in ("'Skip'", "'Ruka'", "'Pita'", "'Earnings'"))
    assert "'Skip'" not in (await kazi("wordings", "list", "--locale", "ha")).stdout
    found = json.loads((await kazi("wordings", "list", "--json", "--locale", "sw")).stdout)
    assert [(each["message"], each["said"], each["better"]) for each in found] == [("Skip", "Ruka", "Pita")]
    number = str(found[0]["id"])
    await kazi("wordings", "done", number, "--by", "a keeper")
    assert "does not wait" in (await kazi("wordings", "done", number, code=1)).output
    (ended,) = json.loads((await kazi("wordings", "list", "--ended", "--json")).stdout)
    assert ended["ended_by"] == "a keeper (command)"
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM audit WHERE action = 'wording.end' AND subject = $1", number) == 1
