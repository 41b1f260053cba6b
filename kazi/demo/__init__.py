"""`kazi demo`: everything on one machine, with a phone in the browser and simulated workers."""

import asyncio
import secrets
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

PEOPLE = 20
_TOKEN = "777000:demo-of-kazi-in-the-sandbox"  # noqa: S105 (good for nothing but the sandbox)
_EXAMPLES = Path(__file__).parent.parent.parent / "examples"
_SLOWER = 3  # a batch begins to fill within a minute or two, and lasts for a quarter of an hour


def demo(
    reset: Annotated[bool, typer.Option("--reset", help="forget the demo's data and end")] = False,
    people: Annotated[int, typer.Option(help="simulated workers", min=0, max=500)] = PEOPLE,
    rogues: Annotated[bool, typer.Option("--rogues", help="one more batch, with workers who cheat or tire")] = False,
    all_languages: Annotated[
        bool, typer.Option("--all-languages", help="the tutor's batches in all 14 languages, not only those of others")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option(metavar="EXAMPLE", help="this one alone, such as weeds; may be given again")
    ] = None,
    panel_port: Annotated[int, typer.Option(help="port of the panel")] = 8080,
    sandbox_port: Annotated[int, typer.Option(help="port of the phone")] = 8081,
) -> None:
    """Show Kazi on this machine: post the examples, start all processes, print one address."""
    from db.embedded import EmbeddedError
    from kazi.connection import fail, read_settings
    from kazi.demo.processes import ProcessEndedError

    folder = read_settings().data / "demo"
    if reset:
        from db import embedded

        try:
            embedded.forget(folder / "postgres")
            if folder.exists():
                shutil.rmtree(folder)
        except (embedded.EmbeddedError, OSError) as error:
            fail(str(error))
        typer.echo("The demo's data are forgotten.")
        return
    for ending in (signal.SIGINT, signal.SIGTERM):  # a shell lets what it starts in the background ignore the first
        signal.signal(ending, _as_interrupt)
    began = time.monotonic()
    try:
        _run(folder, _examples(all_languages, only or ()), people, panel_port, sandbox_port, began, rogues=rogues)
    except ProcessEndedError as error:
        fail(str(error))
    except (EmbeddedError, OSError) as error:
        fail(f"the demo cannot run with its data in {folder}: {error}; KAZI_DATA may name another folder")
    except KeyboardInterrupt:
        typer.echo("Stopped. `make demo` goes on from here, `make demo-reset` forgets it.")


def _as_interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


Examples = tuple[list[Path], list[Path]]


def _examples(all_languages: bool, only: Sequence[str]) -> Examples:
    from kazi.connection import fail
    from kazi.demo.crowd import folders_of

    for name in only:
        if not any(folders_of(_EXAMPLES, only=[name])):
            own, several = folders_of(_EXAMPLES)
            there = sorted({*(path.name for path in own), *(path.parent.name for path in several)})
            fail(f"there is no example {name}; there are {', '.join(there)}")
    return folders_of(_EXAMPLES, all_languages=all_languages, only=only)


def _run(
    folder: Path, examples: Examples, people: int, panel_port: int, sandbox_port: int, began: float, *, rogues: bool
) -> None:
    from rich.console import Console

    from db import embedded
    from db.migrate import upgrade
    from kazi.demo.crowd import crowd_of
    from kazi.demo.processes import Parts, free_port
    from kazi.demo.rogues import rogues_at, write_sums

    console = Console()
    own, several = examples
    folder.mkdir(parents=True, exist_ok=True)
    parts = Parts(folder / "logs")
    with console.status("Starting the database …"):
        server = embedded.start(folder / "postgres")
    try:
        with console.status("Bringing the tables up to date …"):
            upgrade(server.dsn)
        with console.status("Posting the example batches …"):
            shown = [*own, *several, *([write_sums(folder / "sums")] if rogues else [])]
            asyncio.run(_post(server.app_dsn, (folder / "files").absolute().as_uri(), shown))
        panel_at, phone_at, key = free_port(panel_port), free_port(sandbox_port), secrets.token_urlsafe(16)
        sandbox = f"http://127.0.0.1:{phone_at}"
        environment = {
            "DATABASE_URL": server.app_dsn,
            "KAZI_DATA": str(folder),
            "KAZI_BOT_TOKEN": _TOKEN,
            "KAZI_TELEGRAM_URL": sandbox,
            "KAZI_PANEL_PORT": str(panel_at),
            "KAZI_DEMO_KEY": key,
            "KAZI_RECEIPT_PAGE": f"http://127.0.0.1:{panel_at}/receipts/check",
        }
        with console.status("Starting the sandbox …"):
            command = ("sandbox", "--port", str(phone_at), "--token", f"{_TOKEN},kazi_demo_bot,Kazi")
            part = parts.start("sandbox", *command, "--state-file", str(folder / "sandbox.json"))
            parts.wait_for_port(part, phone_at)
        with console.status("Starting the bot and the panel …"):
            parts.start("bot", "kazi", "bot", environment=environment)
            phone_page = f"{sandbox}/phone/"
            panel = parts.start("panel", "kazi", "web", "--demo-phone", phone_page, environment=environment)
            parts.wait_for_port(panel, panel_at)
        seed = secrets.randbits(32)
        crowds = {"workers": crowd_of(own, several, people=people, seed=seed, slower=_SLOWER)} if people else {}
        if rogues:
            crowds["rogues"] = rogues_at(folder / "sums", seed=seed)
        for name, crowd in crowds.items():
            spec = folder / f"{name}.json"
            spec.write_text(crowd.model_dump_json())
            parts.start(name, "sandbox.workers", "--base-url", sandbox, "--spec", str(spec))
        console.print(f"\n  Kazi is ready after {time.monotonic() - began:.0f} s. Open this address:\n")
        console.print(f"  [bold]http://127.0.0.1:{panel_at}/demo?key={key}[/bold]\n", soft_wrap=True, highlight=False)
        said = "  Beside the panel stands a phone: say who you are, tap Start, and work along with\n"
        said += f"  {people} simulated workers. Ctrl-C ends it all; what happened is kept for the next time.\n"
        console.print(said, soft_wrap=True)
        parts.watch()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C shall not cut the ending short
        with console.status("Ending all processes …"):
            parts.stop()
            server.stop()


async def _post(dsn: str, files: str, examples: list[Path]) -> None:
    from crowd.batches.posting import post
    from crowd.batchfile import check
    from crowd.requesters import create_requester, find_requester
    from db.database import connected
    from db.files import open_files

    async with connected(dsn, name="demo", files=open_files(files)) as database:
        for folder in examples:
            checked = check(folder / "batch.yaml")
            async with database.transaction() as tx:
                house = await find_requester(tx, "house") or await create_requester(tx, "house")
                await post(
                    tx, house.id, checked, fee_ppm=0, actor="demo", no_pilot="the demo shows the whole way", owner=True
                )
