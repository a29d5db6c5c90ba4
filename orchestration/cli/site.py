"""`greenpark site`: the readers' site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration import words
from orchestration.cli.options import as_option, home_option, lang_option, resolve

if TYPE_CHECKING:
    from orchestration.publishing.audiences import Name as Readers


@click.command()
@home_option
@lang_option
@as_option("analyst")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Build it again in this folder, which must be new or empty.",
)
@click.option(
    "--pdf",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write all of it but single cities and parks as one report.",
)
@click.option(
    "--year",
    type=click.IntRange(min=1900, max=2999),
    metavar="Y",
    help="The report of --pdf is that of this year: nothing of a later one is in it.",
)
@click.option("--search", is_flag=True, help="Add a page of search, which needs a web server.")
@click.option("--without-map", is_flag=True, help="Leave out maps, here and in what is built.")
def site(
    home: Path | None,
    lang: str,
    readers: Readers,
    output: Path | None,
    pdf: Path | None,
    year: int | None,
    search: bool,
    without_map: bool,
) -> None:
    """Print where the site of the current version is, or build it in a folder of your own.

    A refresh builds the site with the version. It is a folder of pages in Chinese and English that
    needs neither a server nor a network: open its index.html, or put the folder on any web server.
    It is made of the analysts' file, for the house; --as public builds the one that may leave it.

    \b
    Example:
      greenpark site --as public --output www --without-map
      greenpark site --pdf report.pdf --lang zh --year 2020
    """
    from orchestration.cli.options import usage
    from orchestration.errors import GreenparkError
    from orchestration.publishing.audiences import file_of, no_file
    from orchestration.site.build import LINEAGE, build
    from orchestration.site.release import READERS, SITE

    if year is not None and pdf is None:
        raise usage("--year goes with --pdf")
    place = resolve(home)
    if not place.database.exists():
        raise GreenparkError("no published version yet", "run make refresh")
    database = file_of(place.current, readers)
    if not database.exists():
        raise no_file(readers)
    if pdf is not None:
        from orchestration.serving.output import replacing
        from orchestration.site import paper

        with replacing(pdf) as draft:
            draft.write_bytes(paper.pdf(database.resolve(), lang, not without_map, year))
        click.echo(pdf)
    if output is None and pdf is not None:
        return
    if output is None:
        start = place.current / SITE / "index.html"
        if search or without_map or readers != READERS or not start.exists():
            raise GreenparkError(
                "the current version has no site of this kind",
                "build one with greenpark site --output DIR",
            )
        click.echo(start)
        return
    if output.exists() and any(output.iterdir()):
        raise GreenparkError(f"{output} is not empty", "name another folder with --output")
    output.mkdir(parents=True, exist_ok=True)
    lineage = place.current.resolve() / SITE / LINEAGE  # that of the version, if it has a site
    pages = build(
        database.resolve(),
        output,
        with_map=not without_map,
        with_search=search,
        lineage=lineage if lineage.exists() else None,
    )
    click.echo(output / "index.html")
    click.echo(words.say(f"built the site: {pages} pages"), err=True)
