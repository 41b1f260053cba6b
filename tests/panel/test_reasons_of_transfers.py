"""Each transfer into or out of a batch is told in words, never by the name that the ledger has for its reason."""

import re
from pathlib import Path

import pytest

from admin.i18n import locales
from crowd.money.books import Why
from db.database import Database
from tests.crowd.scene import Batch
from tests.panel.house import panel, visitor
from tests.requester.scene import Item, batch_file, people, posted
from tests.serving import serving

TO_A_WORKER = {Why.EARN: "hold", Why.TOP_UP: "available"}


async def moved_for_every_reason(database: Database, folder: Path, owner: str) -> str:
    """A batch whose money moved once for each; the name of the worker who was paid."""
    batch = Batch(database, (await posted(database, batch_file(folder, [Item("a", owner)]), owner=owner)).batch_id)
    (worker,) = await people(database, 1)
    purse = await batch.value("SELECT id FROM account WHERE kind = 'escrow' AND owner = $1 LIMIT 1", batch.id)
    for why in Why:
        kind = TO_A_WORKER.get(why, "voided")
        own = worker.id if why in TO_A_WORKER else batch.id
        await batch.run(
            "INSERT INTO account (kind, owner, currency) VALUES ($1, $2, 'USD') ON CONFLICT DO NOTHING", kind, own
        )
        other = await batch.value("SELECT id FROM account WHERE kind = $1 AND owner = $2 AND slot = 0", kind, own)
        await batch.run(
            "INSERT INTO transfer (reason, ref, debit, credit, amount, at) VALUES ($1, -$2::bigint, $3, $4, 1, now())",
            str(why), batch.id, purse, other,
        )  # fmt: skip
    return worker.pseudonym


@pytest.mark.parametrize("locale", locales())
async def test_every_reason_for_which_a_batchs_money_moves_has_words(
    database: Database, tmp_path: Path, locale: str
) -> None:
    owner = f"reasons {locale}"
    pseudonym = await moved_for_every_reason(database, tmp_path, owner)
    async with serving(panel(database)) as address, visitor(address, database, owner, "reader") as client:
        page = (await client.get("/money", headers={"accept-language": locale.replace("_", "-")})).text
    rows = page.split('id="movements"')[1].split("</table>")[0]
    said = [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r'<th scope="row">(.*?)</th>', rows, re.DOTALL)]
    assert len(said) == len(Why) + 1, "each, and the money put in at first"
    assert len(set(said)) == len(Why), said
    assert all(said)
    assert not {str(why) for why in Why} & set(said)
    assert "Another transfer" not in said
    assert sum(pseudonym in each for each in said) == len(TO_A_WORKER)
