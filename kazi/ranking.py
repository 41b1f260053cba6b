"""`kazi batch ranking`: which of the sources that a batch compares is the strongest."""

from typing import TYPE_CHECKING

from db.database import Database
from kazi.batch import Id, card_of, owner_of
from kazi.connection import run, write_text
from kazi.options import AsJson, Requester

if TYPE_CHECKING:
    from crowd.agreement.ranking import Ranking


def ranking(batch: Id, requester: Requester = "house", as_json: AsJson = False) -> None:
    """Rank what made the answers that a batch of kind compare is about, and show whether order swayed its workers."""

    async def work(database: Database) -> "Ranking":
        from crowd.agreement.ranking import ranking_of

        owner = await owner_of(database, requester)
        async with database.reading() as tx:
            await card_of(tx, batch, owner)
        return await ranking_of(database, batch)

    found = run(work)
    if as_json:
        from admin.api.ranking import BatchRanking

        write_text(BatchRanking.of(batch, found).model_dump_json(indent=2))
        return
    from rich.console import Console

    from kazi.drawings_of_ranking import drawn

    console = Console(soft_wrap=False, highlight=False)
    for part in drawn(found):
        console.print(part)
