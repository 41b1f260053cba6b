"""Options that several commands have."""

from typing import Annotated

import typer

Requester = Annotated[str, typer.Option(help="who owns the batches; made when it first posts one")]
AsJson = Annotated[bool, typer.Option("--json", help="for scripts: the same as the REST API says")]
