"""The command `kazi`. Modules of commands import what is heavy when they are called, so that `--help` is quick."""

import typer

from kazi import (
    agreement,
    batch,
    bonus,
    demo,
    files,
    floors,
    golds,
    migrate,
    payouts,
    ranking,
    referrals,
    replay,
    serving,
    token,
    workers,
)

app = typer.Typer(
    name="kazi",
    help="Short labelling tasks by Telegram, in many languages: checked with gold tasks, paid fairly and visibly.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they may hold tokens
)
batch.app.command("agreement")(agreement.agreement)
batch.app.command("contested")(agreement.contested)
batch.app.command("golds")(golds.golds)
batch.app.command("files")(files.files)
batch.app.command("ranking")(ranking.ranking)
batch.app.command("workers")(workers.workers)
app.add_typer(batch.app, name="batch")
app.add_typer(token.app, name="token")
app.add_typer(payouts.app, name="payouts")
app.add_typer(floors.app, name="floors")
app.add_typer(bonus.app, name="bonus")
app.add_typer(referrals.app, name="referrals")
app.command("migrate")(migrate.migrate)
app.command("bot")(serving.bot)
app.command("web")(serving.web)
app.command("demo")(demo.demo)
app.command("replay")(replay.replay)


def run() -> None:
    """What `kazi` starts."""
    app()
