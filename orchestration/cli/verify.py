"""`greenpark verify`: are the published versions as they were published?"""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import home_option, json_option, print_json, resolve, width


@click.command()
@click.argument("version", required=False)
@home_option
@json_option
@click.pass_context
def verify(ctx: click.Context, version: str | None, home: Path | None, as_json: bool) -> None:
    """Compare every file of the published versions, or of VERSION, with what was published.

    By size and sha256, which each version keeps of itself. Exits 1 if a file is damaged, missing
    or one too many.

    \b
    Example:
      greenpark verify
      greenpark verify 20261122T221801Z-ab12cd34 --json
    """
    from orchestration.publishing import integrity, releases
    from orchestration.serving import output

    found = {
        entry.version: integrity.damage(entry.path)
        for entry in releases.named(resolve(home), version)
    }
    if as_json:
        print_json(
            [
                {"version": name, "state": state(wrong), "damage": wrong}
                for name, wrong in found.items()
            ]
        )
    else:
        rows = [
            [name, words.say(state(wrong)), words.say(text)]
            for name, wrong in found.items()
            for text in wrong or [""]
        ]
        columns = [words.say(column) for column in ("version", "state", "damage")]
        click.echo(output.table(columns, rows, width()), nl=False)
    if any(found.values()):
        click.echo(words.say(REMEDY), err=True)
        ctx.exit(1)


REMEDY = "run make refresh: it publishes a sound version; or greenpark rollback to an older one"


def state(damage: list[str] | None) -> str:
    """The state of a version in one word; a version from before sums were kept has none."""
    return "not recorded" if damage is None else "damaged" if damage else "sound"
