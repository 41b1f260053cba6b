"""The command `kazi`. Modules of commands import what is heavy when they are called, so that `--help` is quick."""

import typer

from kazi import (
    agreement,
    appeals,
    batch,
    bonus,
    demo,
    files,
    floors,
    funding,
    golds,
    migrate,
    parity,
    payouts,
    pilot,
    posting,
    ranking,
    rates,
    receipts,
    referrals,
    replay,
    report,
    serving,
    token,
    wordings,
    workers,
)

app = typer.Typer(
    name="kazi",
    help="Short labelling tasks by Telegram, in many languages: checked with gold tasks, paid fairly and visibly.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they may hold tokens
)
batch.app.command("check")(posting.check)
batch.app.command("post")(posting.post)
batch.app.command("schema")(posting.schema)
batch.app.command("fund")(funding.fund)
batch.app.command("agreement")(agreement.agreement)
batch.app.command("contested")(agreement.contested)
batch.app.command("golds")(golds.golds)
batch.app.command("files")(files.files)
batch.app.command("parity")(parity.parity)
batch.app.command("pilot")(pilot.pilot)
batch.app.command("ranking")(ranking.ranking)
batch.app.command("workers")(workers.workers)
app.add_typer(batch.app, name="batch")
app.add_typer(token.app, name="token")
app.add_typer(payouts.app, name="payouts")
app.add_typer(floors.app, name="floors")
app.add_typer(rates.app, name="rates")
app.add_typer(receipts.app, name="receipts")
app.add_typer(appeals.app, name="appeals")
app.add_typer(bonus.app, name="bonus")
app.add_typer(referrals.app, name="referrals")
app.add_typer(wordings.app, name="wordings")
app.command("verify")(receipts.verify)
app.command("report")(report.report)
app.command("migrate")(migrate.migrate)
app.command("bot")(serving.bot)
app.command("web")(serving.web)
app.command("demo")(demo.demo)
app.command("replay")(replay.replay)


def run() -> None:
    """What `kazi` starts."""
    app()
