"""`greenpark land`: land the input into the work database, which no reader sees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration import words
from orchestration.cli.check import check_files, check_input, end, show_progress
from orchestration.cli.describe import answers_options, describe_files
from orchestration.cli.options import (
    data_option,
    home_option,
    json_option,
    lang_option,
    resolve,
    usage,
    width,
)

if TYPE_CHECKING:
    from orchestration.settings import Home


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@data_option
@home_option
@lang_option
@json_option
@click.option("--check", "check_only", is_flag=True, hidden=True)
@answers_options
@click.pass_context
def land(
    ctx: click.Context,
    files: tuple[Path, ...],
    data: tuple[Path, ...],
    home: Path | None,
    lang: str,
    as_json: bool,
    check_only: bool,
    **asked: Any,
) -> None:
    """Land the input into the work database, on which `greenpark model` builds.

    The input is seeds/, the folders of --data, and FILES with the sidecars beside them, which join
    or supersede. Readers see nothing of it: `greenpark refresh` lands, builds, audits and publishes
    at once. Exits 1 if a row is refused (one superseded by --data is not); the rest is landed.

    \b
    Example:
      greenpark land --data ~/yearbooks-2026
      greenpark land gdp_2024.xlsx
    """
    place = resolve(home)
    if _is_old_spelling(ctx, files):
        _do_as_before(ctx, files, data, place, lang, as_json, check_only, asked)
        return
    from orchestration.serving import landing_check
    from orchestration.transform import workbench

    found = workbench.land(place, list(data), files, show_progress)
    click.echo(landing_check.render(found, lang, width()), nl=False)
    said = f"Landed into {workbench.place(place).database}; to publish, run greenpark refresh."
    click.echo(words.say(said), err=True)
    end(ctx, found, lang)


# --- until version 0.4: what `land` did before there were `check` and `describe` -----------------

NEW = {"files", "data", "home", "lang"}
OLD = [option for option in land.params if option.name not in NEW]
for option in OLD:
    option.hidden = True  # type: ignore[attr-defined]  # all of them are options


def _is_old_spelling(ctx: click.Context, files: tuple[Path, ...]) -> bool:
    """Whether an option is given that only `check` or `describe` has, or a file without sidecar."""
    from click.core import ParameterSource

    from orchestration.landing.read.sidecar import find_sidecar

    given = (ctx.get_parameter_source(str(option.name)) for option in OLD)
    if any(source is ParameterSource.COMMANDLINE for source in given):
        return True
    return len(files) == 1 and files[0].is_file() and find_sidecar(files[0]) is None


def _do_as_before(
    ctx: click.Context,
    files: tuple[Path, ...],
    data: tuple[Path, ...],
    home: Home,
    lang: str,
    as_json: bool,
    check_only: bool,
    asked: dict[str, Any],
) -> None:
    """Run `check` or `describe`, and say what to write from now on."""
    if not files and not check_only:
        raise usage("--as needs a FILE")
    if files and data:
        raise usage("give either FILES or --data")
    if len(files) > 1 and not check_only:
        raise usage("describe one FILE at a time")
    new = "check" if check_only else "describe"
    click.echo(words.say(f"note: from version 0.4 on this is greenpark {new}"), err=True)
    if not check_only:
        describe_files(ctx, home, files, lang, as_json, asked)
    elif files:
        check_files(ctx, home, files, lang)
    else:
        check_input(ctx, home, data, lang)
