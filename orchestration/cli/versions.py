"""`greenpark versions`: the published versions."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import home_option, json_option, print_json, resolve, width


@click.command()
@home_option
@json_option
def versions(home: Path | None, as_json: bool) -> None:
    """List the published versions, the last one published first, and which are damaged.

    Of one whose figures moved though no file did: why, and as JSON which tables.

    \b
    Example:
      greenpark versions --json
    """
    from orchestration.cli.verify import state
    from orchestration.publishing import integrity, moved, releases
    from orchestration.serving import output

    found = releases.versions(resolve(home))
    said = {entry.version: integrity.read(entry.path) for entry in found}
    damage = {entry.version: integrity.damage(entry.path) for entry in found}
    if as_json:
        print_json(
            [
                {
                    "version": entry.version,
                    "published_at": entry.published_at,
                    "is_current": entry.is_current,
                    "size_bytes": entry.size_bytes,
                    "path": str(entry.path),
                    "sequence": entry.sequence,
                    "damage": damage[entry.version],
                    moved.BECAUSE: said[entry.version].get(moved.BECAUSE),
                    moved.MOVED: said[entry.version].get(moved.MOVED, []),
                }
                for entry in found
            ]
        )
    elif found:
        rows = [
            [
                entry.version,
                f"{entry.published_at:%Y-%m-%d %H:%M:%S}",
                "current" if entry.is_current else "",
                words.say(state(damage[entry.version])),
                f"{entry.size_bytes / 1e6:,.1f}",
                said[entry.version].get(moved.BECAUSE, ""),
            ]
            for entry in found
        ]
        columns = ["version", "published (UTC)", "", "state", "MB", "figures moved because"]
        click.echo(output.table(columns, rows, width()), nl=False)
    else:
        click.echo(words.say("no published version yet: run make refresh"), err=True)
