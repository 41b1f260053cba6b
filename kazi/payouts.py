"""`kazi payouts`: money that leaves, as staff handle it."""

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from db.database import Database
from kazi.connection import fail, read_settings, run, write_text
from kazi.options import AsJson
from kazi.speaking import spoken

if TYPE_CHECKING:
    from crowd.payouts.hearing import Awaited
    from crowd.payouts.queue import Waiting
    from crowd.payouts.sending import PayoutFile, Taken

app = typer.Typer(help="Payouts: what waits, what leaves, and what providers say of it.", no_args_is_help=True)

Ids = Annotated[list[int], typer.Argument(help="of payouts, as `kazi payouts list` shows them", show_default=False)]
By = Annotated[str, typer.Option(help="who decides, as the audit log names them")]
Key = Annotated[str, typer.Option(help="names the file: asked for again by it, it is the same file")]


def _by(name: str) -> str:
    return f"{name or getpass.getuser()} (command)"


@app.command("list")
def list_payouts(
    approved: Annotated[bool, typer.Option("--approved", help="those that wait for a file, not those for you")] = False,
    as_json: AsJson = False,
) -> None:
    """List the payouts that wait, the oldest first, each with what makes one look twice."""
    from crowd.payouts.queue import waiting
    from crowd.payouts.states import PayoutState

    async def work(database: Database) -> "list[Waiting]":
        async with database.reading() as tx:
            return await waiting(tx, states=[PayoutState.APPROVED if approved else PayoutState.REQUESTED], limit=1000)

    found = run(work)
    if as_json:
        import orjson

        write_text(orjson.dumps(found, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode())
        return
    from rich.console import Console

    from kazi.drawings_of_payouts import queue

    if found:
        Console(soft_wrap=False, highlight=False).print(queue(found))
    else:
        write_text("None waits.")


@app.command()
def approve(payouts: Ids, by: By = "") -> None:
    """Approve payouts. Large ones wait for a second person; see KAZI_FOUR_EYES."""
    from crowd.payouts.queue import DecisionError
    from crowd.payouts.queue import approve as approve_them
    from kazi.keys import four_eyes_of

    limits = four_eyes_of(read_settings())

    async def work(database: Database) -> tuple[list[int], list[int]]:
        async with database.transaction() as tx:
            return await approve_them(tx, payouts, by=_by(by), four_eyes=limits)

    try:
        done, second = run(work)
    except DecisionError as error:
        fail(spoken(error))
    write_text(f"✓ approved: {_listed(done)}")
    if second:
        write_text(f"… wait for a second person: {_listed(second)}")


@app.command()
def refuse(
    payout: Annotated[int, typer.Argument(help="its id", show_default=False)],
    reason: Annotated[str, typer.Argument(help="why, as the worker is told", show_default=False)],
    by: By = "",
) -> None:
    """Do not send a payout: its worker has the money again, and is told why."""
    from crowd.payouts.queue import DecisionError
    from crowd.payouts.queue import refuse as refuse_it

    async def work(database: Database) -> None:
        async with database.transaction() as tx:
            await refuse_it(tx, payout, reason, by=_by(by))

    try:
        run(work)
    except DecisionError as error:
        fail(spoken(error))
    write_text(f"✓ refused: {payout}")


@app.command()
def late(as_json: AsJson = False) -> None:
    """List payouts that were posted to the provider long ago and have come to no end; see KAZI_PAYOUT_WEBHOOK_HOURS."""
    from crowd.payouts.hearing import awaited

    hours = read_settings().payout_webhook_hours

    async def work(database: Database) -> "list[Awaited]":
        async with database.reading() as tx:
            return await awaited(tx, hours, 1000)

    found = run(work)
    if as_json:
        import orjson

        write_text(orjson.dumps(found, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode())
        return
    for each in found:
        how = "the provider has it" if each.accepted_at else f"{each.tries} tries, {each.trouble or 'no answer'}"
        write_text(f"{each.id}  {each.key}  sent {each.sent_at:%Y-%m-%d %H:%M} UTC: {how}")
    if not found:
        write_text("None is late.")


@app.command()
def settle(
    payout: Annotated[int, typer.Argument(help="its id", show_default=False)],
    end: Annotated[str, typer.Argument(help="paid or failed", show_default=False)],
    said: Annotated[str, typer.Argument(help="the provider's reference; or why, as the worker is told")] = "",
    by: By = "",
) -> None:
    """Say how a payout ended that was posted to the provider, after you have asked them."""
    from crowd.payouts.hearing import settle as settle_it
    from crowd.payouts.queue import DecisionError
    from crowd.payouts.results import Outcome

    if end not in {"paid", "failed"}:
        fail("a payout was paid or failed")
    paid = end == "paid"

    async def work(database: Database) -> None:
        async with database.transaction() as tx:
            await settle_it(tx, payout, Outcome(payout, paid, said if paid else "", "" if paid else said), by=_by(by))

    try:
        run(work)
    except DecisionError as error:
        fail(spoken(error))
    write_text(f"✓ {end}: {payout}")


@app.command()
def file(
    method: Annotated[str, typer.Argument(help="mobile_money, bank or manual", show_default=False)],
    currency: Annotated[str, typer.Argument(help="as USD", show_default=False)],
    key: Key,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="else by its own name, here")] = None,
    by: By = "",
) -> None:
    """Write the file of all approved payouts for a provider: from then on they are on their way."""
    from crowd.payouts.method import NotPayableError
    from crowd.payouts.sending import SendingError, make_file
    from kazi.keys import paying_of

    paying = paying_of(read_settings())

    async def work(database: Database) -> "PayoutFile | None":
        async with database.transaction() as tx:
            return await make_file(tx, paying.vault, paying.payer, method, currency.upper(), key=key, by=_by(by))

    try:
        made = run(work)
    except (SendingError, NotPayableError) as error:
        fail(spoken(error))
    if made is None:
        fail(f"no payout by {method} in {currency.upper()} is approved and waits for a file")
    path = output or Path(made.name)
    try:
        path.touch(mode=0o600)
        path.write_bytes(made.data)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}; asked for again by the key {key} it is the same file")
    write_text(f"✓ {made.payouts:,} payouts in {path}")


@app.command()
def results(
    key: Annotated[str, typer.Argument(help="that the file was made by", show_default=False)],
    answer: Annotated[Path, typer.Argument(help="what the provider handed back", exists=True, dir_okay=False)],
    by: By = "",
) -> None:
    """Take over what a provider says of a file: what arrived, and why the rest did not, whose money comes back."""
    from crowd.payouts.results import ResultsError, read_results
    from crowd.payouts.sending import SendingError, file_id, take_results

    async def work(database: Database) -> "Taken":
        handed_back = read_results(answer.read_bytes())
        async with database.transaction() as tx:
            return await take_results(tx, await file_id(tx, key), handed_back, by=_by(by))

    try:
        taken = run(work)
    except (ResultsError, SendingError) as error:
        fail(f"{answer}: {spoken(error)}. Nothing was taken over")
    write_text(
        f"✓ paid: {taken.paid:,}, failed: {taken.failed:,}, known before: {taken.known:,}, still open: {taken.open:,}"
        + (f", of them under way: {taken.under_way:,}" if taken.under_way else "")
    )


@app.command("key")
def new_payout_key() -> None:
    """Print a key for KAZI_PAYOUT_KEYS. Put it before those in use, then run `kazi payouts rotate`."""
    from crowd.payouts.vault import new_key

    write_text(new_key())


@app.command()
def rotate() -> None:
    """Seal all that is kept anew, under the first of KAZI_PAYOUT_KEYS: the others are of no use then."""
    from crowd.payouts.rotating import rotate as rotate_all
    from crowd.payouts.vault import VaultError
    from kazi.keys import vault_of

    vault = vault_of(read_settings())

    async def work(database: Database) -> int:
        return await rotate_all(database, vault)

    try:
        count = run(work)
    except VaultError as error:
        fail(f"{error}: is a key missing in KAZI_PAYOUT_KEYS? What was sealed anew stays so; run this again then")
    write_text(f"✓ {count:,} sealed anew")


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
