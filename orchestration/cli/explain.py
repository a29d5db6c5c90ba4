"""`greenpark explain`: the printed cells and the factor that an emission was made of."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.cli.options import (
    home_option,
    json_option,
    lang_option,
    print_json,
    reader,
    resolve,
    usage,
    width,
)


@click.command()
@home_option
@lang_option
@json_option
@click.option("--region", metavar="CODE", help="Region code, as in reference.regions.")
@click.option("--park", metavar="ID", help="Park code, instead of a region.")
@click.option("--enterprise", metavar="ID", help="One enterprise of the park.")
@click.option("--year", required=True, type=int)
@click.option("--method", required=True, metavar="NAME", help="Such as report_2023 or ceads.")
@click.option("--fuel", required=True, metavar="CODE", help="Fuel code, such as raw_coal.")
@click.option("--item", metavar="NAME", help="Balance item, such as final_consumption.")
@click.option("--industry", metavar="CODE", help="Industry code.")
@click.option(
    "--account",
    metavar="NAME",
    help="territorial, industrial, end_use or industry_net. Default: the first two.",
)
def explain(
    home: Path | None,
    lang: str,
    as_json: bool,
    region: str | None,
    park: str | None,
    enterprise: str | None,
    year: int,
    method: str,
    fuel: str,
    item: str | None,
    industry: str | None,
    account: str | None,
) -> None:
    """Show the printed cells and the factor that emissions were made of.

    Of a region (--region) or of a park (--park, --enterprise); with the cells that were refused.

    \b
    Example:
      greenpark explain --region 320000 --year 2020 --method ceads --fuel raw_coal
      greenpark explain --park P01 --year 2020 --method ceads --fuel raw_coal
    """
    from orchestration.serving import explain as serving

    if (region is None) == (park is None):
        raise usage("give either --region or --park")
    if park is None and enterprise is not None:
        raise usage("--enterprise goes with --park")
    asked = {
        "region_code": region,
        "park_id": park,
        "enterprise_id": enterprise,
        "year": year,
        "method": method,
        "fuel_code": fuel,
        "balance_item": item,
        "industry_code": industry,
        "account": account or (serving.REGION_ACCOUNTS if region else None),
    }
    with reader(resolve(home)) as connection:
        rows = serving.select(connection, lang, **asked)
        refused = serving.refused(connection, {k: v for k, v in asked.items() if v is not None})
        shares = serving.bought_and_sold(connection, rows)
    if as_json:
        print_json(rows)
        return
    click.echo(serving.render(rows, lang, width(), shares), nl=False)
    if refused:
        click.echo("\n" + serving.render_refused(refused, lang, width()), nl=False)
