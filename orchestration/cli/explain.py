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
@click.option("--method", metavar="NAME", help="Such as report_2023 or ceads.")
@click.option("--fuel", metavar="CODE", help="Fuel code, such as raw_coal.")
@click.option("--line", "line_no", type=int, metavar="N", help="One line of the park's account.")
@click.option("--score", metavar="NAME", help="A score instead, such as zero_carbon_gap.")
@click.option("--peers", is_flag=True, help="With --score, also those that it is compared with.")
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
    method: str | None,
    fuel: str | None,
    line_no: int | None,
    score: str | None,
    peers: bool,
    item: str | None,
    industry: str | None,
    account: str | None,
) -> None:
    """Show the printed cells and the factor that emissions were made of.

    Of a region (--region) or of a park (--park, --enterprise); with the cells that were refused.
    Without --fuel, the lines of the park's account: each with file, row, column, factor, clause.
    With --score, the parts of a score or budget, each with its clause and cells.

    \b
    Example:
      greenpark explain --park P01 --year 2020 --line 61
      greenpark explain --region 320000 --year 2020 --method ceads --fuel raw_coal
      greenpark explain --park P01 --year 2020 --method ceads --fuel raw_coal
      greenpark explain --park P01 --year 2020 --score zero_carbon_gap
    """
    from orchestration.serving import explain as serving
    from orchestration.serving.codes import Codes

    if (region is None) == (park is None):
        raise usage("give either --region or --park")
    if park is None and (enterprise is not None or line_no is not None):
        raise usage("--enterprise and --line go with --park")
    if score is not None:
        subject = region or "/".join(filter(None, (park, enterprise)))
        _explain_score(home, lang, as_json, score, subject, year, peers)
        return
    if park is not None and fuel is None:
        _explain_account(home, lang, as_json, park, year, method, enterprise, line_no)
        return
    if fuel is None or method is None:
        raise usage("give --method and --fuel; the account of a park needs neither")
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
        codes = Codes(connection, lang)
    if as_json:
        print_json(rows)
        return
    click.echo(serving.render(rows, lang, width(), codes, shares), nl=False)
    if refused:
        click.echo("\n" + serving.render_refused(refused, lang, width()), nl=False)


def _explain_account(
    home: Path | None,
    lang: str,
    as_json: bool,
    park: str,
    year: int,
    method: str | None,
    enterprise: str | None,
    line_no: int | None,
) -> None:
    from orchestration.inventory import explain as serving
    from orchestration.serving import query

    with reader(resolve(home)) as connection:
        chosen = method or query.default_method(connection)
        facts, lines = serving.select(connection, park, year, chosen, enterprise, line_no)
    if as_json:
        print_json(lines)
        return
    click.echo(serving.render(facts, lines, lang, width()), nl=False)


def _explain_score(
    home: Path | None, lang: str, as_json: bool, kind: str, subject: str, year: int, peers: bool
) -> None:
    from orchestration.serving import explain_score as serving
    from orchestration.serving.codes import Codes

    with reader(resolve(home)) as connection:
        rows = serving.select(connection, kind, subject, year, peers, lang)
        codes = Codes(connection, lang)
    if as_json:
        print_json(rows)
        return
    click.echo(serving.render(rows, lang, width(), codes), nl=False)
