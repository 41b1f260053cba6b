"""`kazi verify` and `kazi receipts`: is a receipt genuine, and by which keys is that told. No database is needed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kazi.connection import fail, read_settings, write_text
from kazi.options import AsJson

if TYPE_CHECKING:
    from crowd.receipts.keys import PublicKey
    from crowd.receipts.statement import Statement

app = typer.Typer(help="Keys by which receipts are signed, and told genuine.", no_args_is_help=True)


def verify(
    file: Annotated[Path, typer.Argument(help="a receipt", exists=True, dir_okay=False)],
    key: Annotated[
        list[str] | None, typer.Option(help="a public key, as `kazi receipts key` prints it; else those of this house")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell whether a receipt is genuine, and what it says. Ends with code 1 where it is not."""
    from crowd.receipts.keys import KnownKeys
    from crowd.receipts.receipt import LARGEST, Verdict, check

    known = _given(key) if key else _own()
    with file.open("rb") as opened:
        checked = check(KnownKeys(known), opened.read(LARGEST + 1))
    if checked.verdict is not Verdict.GENUINE:
        fail(
            {
                Verdict.NOT_GENUINE: f"{file}: not genuine. Something in it was changed after it was made",
                Verdict.UNKNOWN_KEY: f"{file}: it names the key {checked.key}, which is not known here. Is it of"
                " another house? Give that one's public key with --key",
                Verdict.NO_RECEIPT: f"{file}: no receipt, or only a part of one",
            }[checked.verdict]
        )
    if as_json:
        import orjson

        told = {"genuine": True, "key": checked.key, "says": checked.statement}
        write_text(orjson.dumps(told, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode())
        return
    write_text(f"✓ genuine, by key {checked.key}")
    if checked.statement is None:
        write_text("It is of a later version of Kazi: read the file itself.")
    else:
        write_text("\n".join(_lines(checked.statement)))


@app.command("key")
def show_key(
    pem: Annotated[bool, typer.Option("--pem", help="as OpenSSL takes it")] = False,
) -> None:
    """Print the public key by which anybody tells this house's receipts genuine. One is made where there is none."""
    from kazi.keys import receipt_desk_of

    public = receipt_desk_of(read_settings()).key.public
    write_text(public.pem if pem else public.text)


@app.command("new-key")
def new_receipt_key() -> None:
    """Print a new private key for KAZI_RECEIPT_KEY. Put the old one's public key into KAZI_RECEIPT_FORMER_KEYS."""
    from crowd.receipts.keys import new_key

    write_text(new_key())


def _given(texts: list[str]) -> "list[PublicKey]":
    from crowd.receipts.keys import KeyTextError, PublicKey

    try:
        return [PublicKey(text) for text in texts]
    except KeyTextError as error:
        fail(f"--key: {error}, as `kazi receipts key` prints it")


def _own() -> "list[PublicKey]":
    from kazi.keys import known_receipt_keys

    settings = read_settings()
    known = known_receipt_keys(settings)
    if not known:
        fail(f"there is no key of receipts in {settings.data}: give a public one with --key")
    return known


def _lines(said: "Statement") -> list[str]:
    begin = f"{said.begin:%Y-%m-%d}" if said.begin else "the beginning"
    end = f"{said.end:%Y-%m-%d} (not counted)" if said.end else "it was made"
    lines = [
        f"worker    {said.pseudonym}",
        f"made on   {said.issued_at:%Y-%m-%d %H:%M} UTC",
        f"time      from {begin} until {end}",
        f"answers   {said.answers:,}",
    ]
    for each in said.money:
        moved = _listed(each.moves, each.currency, ("earned", "on_top", "paid_out", "fees", "taken_back"))
        left = _listed(each.closing, each.currency, ("on_hold", "available", "asked_for", "paid_out"))
        lines += [f"{each.currency}       {moved}", f"          after: {left}"]
    for one in said.payouts:
        amount, outcome = _money(one.amount - one.fee, one.currency), one.outcome.replace("_", " ")
        lines.append(f"payout    KAZI-{one.payout} {amount} to {one.method} {one.masked}: {outcome}")
    return [*lines, f"          … and {said.payouts_left_out:,} older ones"] if said.payouts_left_out else lines


def _listed(amounts: object, currency: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {_money(getattr(amounts, name), currency)}" for name in names)


def _money(micros: int, currency: str) -> str:
    from decimal import Decimal

    from babel.numbers import format_currency

    from crowd.batches.spec import MICRO

    value = (Decimal(micros) / MICRO).normalize()
    return format_currency(value, currency, locale="en", decimal_quantization=False)
