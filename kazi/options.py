"""Options that several commands have."""

from typing import Annotated

import typer

Requester = Annotated[str, typer.Option(help="who posts and owns the batches; made on first use")]
AsJson = Annotated[bool, typer.Option("--json", help="for scripts: the same as the REST API says")]
