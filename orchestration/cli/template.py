"""`greenpark template`: empty return forms."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import home_option, reader, resolve, usage, width


@click.command()
@click.argument("datasets", nargs=-1, metavar="[DATASET]...")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    metavar="DIR",
    help="Folder to write to; made if missing. Default: the current one.",
)
@click.option(
    "--missing",
    "park_id",
    metavar="PARK",
    help="The forms of what this park has not returned, with what is held of the rows.",
)
@click.option(
    "--method",
    metavar="METHOD",
    help="With --missing: the account that needs the data. Default: the one of the plain tables.",
)
@home_option
@click.option("--force", is_flag=True, help="Replace a form that is there already.")
def template(
    datasets: tuple[str, ...],
    output: Path,
    park_id: str | None,
    method: str | None,
    home: Path | None,
    force: bool,
) -> None:
    """Write empty return forms as CSV and Excel and print their paths.

    Without DATASET, list the datasets that have a form. The workbook explains every column and
    offers the codes it takes; filled in, either file can be landed.

    \b
    Example:
      greenpark template park_returns_parks park_returns_land --output forms
      greenpark template --missing P01 --output forms
    """
    from orchestration.forms import templates
    from orchestration.serving import output as outputs

    if park_id is not None:
        if datasets:
            raise usage("--missing chooses the forms itself: leave DATASET out")
        from orchestration.forms import missing

        with reader(resolve(home)) as connection:
            written = missing.write_forms(connection, park_id, method, output, force)
        for path in written:
            click.echo(path)
        if not written:
            click.echo(words.say(f"{park_id} lacks nothing that its account needs"), err=True)
        return
    if not datasets:
        rows = [[form.name, form.label_zh, form.label_en] for form in templates.forms().values()]
        columns = ["dataset", "中文", "English"]
        click.echo(outputs.table(columns, rows, width()), nl=False)
        return
    forms = [templates.form_of(dataset) for dataset in datasets]
    for path in templates.write_blank(forms, output, force):
        click.echo(path)
