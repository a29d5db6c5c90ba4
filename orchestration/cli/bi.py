"""`greenpark bi`: Apache Superset on the published version."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration import words
from orchestration.cli.options import home_option, lang_option, resolve


@click.command()
@home_option
@lang_option
@click.option("--port", type=click.IntRange(1, 65535), default=8088, show_default=True)
@click.option(
    "--bundle",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Only write what Superset imports, as a ZIP file.",
)
@click.option("--import-only", is_flag=True, help="Import into Superset and do not start it.")
@click.option("--without-map", is_flag=True, help="Leave out maps.")
@click.pass_context
def bi(
    ctx: click.Context,
    home: Path | None,
    lang: str,
    port: int,
    bundle: Path | None,
    import_only: bool,
    without_map: bool,
) -> None:
    """Make the dashboards, import them into Superset and open it, reachable from this machine only.

    Datasets, charts and dashboards in Chinese and English are made from the
    published version and the folder dashboards/. Run it again after a change:
    what changed is overwritten and what is gone is removed. Superset is
    installed by `make bi`; its users and passwords are in the file that is
    printed.

    \b
    Example:
      greenpark bi --port 8089
      greenpark bi --bundle superset.zip
    """
    from orchestration import stopping
    from orchestration.bi import server
    from orchestration.serving.output import replacing
    from orchestration.serving.ui import ADDRESS, need_port

    place = resolve(home)
    if bundle is not None:
        with replacing(bundle) as draft:
            server.write_bundle(place, draft, with_map=not without_map)
        click.echo(bundle)
        return
    server.python()
    if not import_only:
        need_port(port)
    click.echo(words.say("importing the dashboards into Superset"), err=True)
    server.prepare(place)
    made = server.bi_folder(place) / "bundle.zip"
    server.write_bundle(place, made, with_map=not without_map)
    server.import_bundle(place, made, port, lang)
    click.echo(server.passwords_file(place))
    if not import_only:
        click.echo(f"http://{ADDRESS}:{port}/dashboard/list/")
        ctx.exit(stopping.run(server.command(port), server.environment(place, port, lang)))
