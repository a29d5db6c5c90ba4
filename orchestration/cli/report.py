"""`greenpark report`: the figures of the report beside the computed ones."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli.options import home_option, lang_option, page_width, reader, resolve, stdout


@click.command()
@home_option
@lang_option
@click.option("--report", "chosen", metavar="ID", help="One report alone; without it, all.")
@click.option(
    "--section",
    "--chapter",
    "sections",
    multiple=True,
    metavar="N",
    help="Such as 2.1, 3 or 4.2. Repeatable.",
)
@click.option("--format", "fmt", type=click.Choice(["table", "markdown", "csv"]), default="table")
@click.option("--all", "everything", is_flag=True, help="Also figures without a computed value.")
def report(
    home: Path | None,
    lang: str,
    chosen: str | None,
    sections: tuple[str, ...],
    fmt: str,
    everything: bool,
) -> None:
    """Show the figures of the reports beside the computed ones.

    The first line says what agreement is worth: predicted from independent data, made with a
    factor fitted to the report, or built in. Numbers are shown with six digits; csv has them all,
    and all columns.

    \b
    Example:
      greenpark report --section 2.2 --lang zh
      greenpark report --chapter 3 --chapter 4.2
    """
    from orchestration.serving import output
    from orchestration.serving import report as serving
    from orchestration.serving.codes import Codes

    with reader(resolve(home)) as connection:
        rows = serving.select(connection, sections, chosen)
        lists = serving.lists(connection, rows)
        titles = serving.titles(connection, rows, lang)
        codes = Codes(connection, lang)
    shown = rows if everything else serving.computed(rows)
    counts = serving.count_line(rows, len(shown), codes)
    if fmt == "csv":
        columns = list(rows[0]) if rows else []
        output.write_csv(stdout(), columns, (list(row.values()) for row in shown))
        click.echo(counts, err=True)
        return
    sink = stdout() if fmt == "markdown" else None
    wide = page_width()
    blocks = [
        output.fold(counts, wide) if fmt == "table" else f"{counts}\n",
        serving.render(shown, codes, fmt, wide, titles),
        serving.render_lists(lists, codes, fmt, wide),
    ]
    text = "\n".join(block for block in blocks if block)
    if sink:
        sink.write(text)
    else:
        click.echo(text, nl=False)
