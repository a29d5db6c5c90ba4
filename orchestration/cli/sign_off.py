"""`greenpark sign-off`: who answers for the content of a reference table."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import data_option, usage, width


@click.command("sign-off")
@click.argument("tables", nargs=-1)
@click.option("--all", "takes_all", is_flag=True, help="Sign every table that is not in force.")
@click.option("--by", metavar="NAME", help="Who answers for the content.")
@click.option("--why", metavar="TEXT", help="Why it was changed.")
@click.option("--source", metavar="TEXT", default="", help="Where the new numbers are from.")
@data_option
@click.pass_context
def sign_off(
    ctx: click.Context,
    tables: tuple[str, ...],
    takes_all: bool,
    by: str | None,
    why: str | None,
    source: str,
    data: tuple[Path, ...],
) -> None:
    """Sign off reference tables as they are now: by whom, why, from what source.

    TABLES are paths, names of files, or folders. Without any, say how each stands; exits 1 if one
    stops the build. What decides published numbers (catalog/tables_to_sign.csv) is built only as it
    was signed off. Own methods of a data folder are signed in its own sign_offs.csv.

    \b
    Example:
      greenpark sign-off
      greenpark sign-off factors/gwp_values.csv --by "L. Chen" \\
          --why "AR6 added" --source ipcc_ar6
      greenpark sign-off --all --by "L. Chen" --why "merged" --source DECISIONS.md
    """
    from orchestration import sign_offs
    from orchestration.settings import data_roots

    known = sign_offs.states(data_roots(data))
    if not tables and not takes_all:
        _list(known)
        ctx.exit(1 if any(state.stops for state in known) else 0)
    if not (by or "").strip() or not (why or "").strip():
        raise usage("a sign-off says who and why: give --by and --why")
    chosen = known if takes_all else sign_offs.choose(known, tables)
    chosen = [state for state in chosen if not state.is_in_force]
    is_zh = words.language() == "zh"
    for state in chosen:
        for note in sign_offs.changes(state):
            click.echo(f"{state.name}: {note.zh if is_zh else note.en}")
    rows = sign_offs.sign(chosen, by or "", why or "", source)
    click.echo(words.say(f"signed off: {len(rows)} tables"))
    for row in rows:
        click.echo(f"  {row.signed_table}")


def _list(known: list) -> None:
    from orchestration.serving import output

    columns = [words.say(name) for name in ("table", "state", "signed by", "signed at", "why")]
    rows = []
    for state in known:
        said = "in force" if state.is_in_force else "changed" if state.signed else "not signed"
        if not state.content_sha256 and not state.is_in_force:
            said = "gone"
        signed = state.signed
        told = (
            [signed.signed_by, signed.signed_at, signed.sign_off_reason] if signed else ["", "", ""]
        )
        rows.append([state.name, words.say(said), *told])
    click.echo(output.table(columns, rows, width()), nl=False)
