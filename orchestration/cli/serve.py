"""`greenpark serve`: the published version over HTTP."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import click

from orchestration.cli.options import home_option, resolve
from orchestration.errors import GreenparkError


@click.command()
@home_option
@click.option("--port", type=click.IntRange(1, 65535), default=8642, show_default=True)
@click.option(
    "--seconds",
    type=click.IntRange(min=1),
    default=60,
    show_default=True,
    help="A query may take so long.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    default=100_000,
    show_default=True,
    help="An answer may have so many rows; a longer one is refused.",
)
@click.option(
    "--memory",
    default="1GB",
    show_default=True,
    metavar="SIZE",
    help="All queries together may use so much memory.",
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="All queries together may use so many threads.",
)
def serve(home: Path | None, port: int, seconds: int, rows: int, memory: str, threads: int) -> None:
    """Answer SQL over HTTP, read-only, for programs on this machine that cannot open the file.

    Prints the address and the token that each request must send; a token in
    GREENPARK_TOKEN is kept from start to start. docs/connect.md has clients.

    \b
    Example:
      greenpark serve
      curl -u any:TOKEN --data "from bi.province_year" localhost:8642/query
    """
    if find_spec("uvicorn") is None:
        raise GreenparkError(
            "the web server is not installed", "install it: pip install 'greenpark[ui]'"
        )
    from orchestration.serving import network
    from orchestration.serving.ui import ADDRESS, need_port

    place = resolve(home)
    limits = network.Limits(seconds=seconds, rows=rows, memory=memory, threads=threads)
    said = network.token()
    need_port(port)
    application = network.Application(place, port, said, limits)
    application.open()  # a wrong setting is told before the address
    click.echo(f"http://{ADDRESS}:{port}/query")
    click.echo(f"Authorization: Bearer {said}")
    sys.stdout.flush()
    network.serve(application, port)
