"""The command line. Results go to stdout, everything else to stderr; 0 is success.

Nothing heavy is imported before a command needs it: `greenpark --help` has to be immediate.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration import words
from orchestration.errors import GreenparkError
from orchestration.settings import EXCLUDABLE_ORIGINS

if TYPE_CHECKING:
    import duckdb

    from orchestration.landing.load import LandingReport
    from orchestration.session import Engine
    from orchestration.settings import Home

TABLE_ROWS = 1000  # what `query` shows unless --limit says otherwise


class _Group(click.Group):
    """Prints errors as a message and a remedy; the traceback only with --debug."""

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> Any:
        lang = words.asked(sys.argv[1:] if args is None else args)
        with words.spoken(self, lang):
            return super().main(args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.params.get("debug"):
                import traceback

                click.echo(traceback.format_exc(), err=True, nl=False)
            if not isinstance(error, GreenparkError):
                error = GreenparkError(
                    f"unexpected {type(error).__name__}: {error}",
                    f"run greenpark --debug {ctx.invoked_subcommand} ... and report what it prints",
                )
            click.echo(error.told(), err=True)
            ctx.exit(1)


_home = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="GREENPARK_HOME",
    show_envvar=True,
    metavar="DIR",
    help="Folder of everything greenpark writes. Default: warehouse/ in the project.",
)
_data = click.option(
    "--data",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Add a folder of input beside seeds/; its files join or supersede. Repeatable.",
)
_lang = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default=words.locale_language,
    help="Language of labels and messages. Default: the locale's, else en.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _resolve(path: Path | None) -> Home:
    from orchestration.settings import Home

    return Home.resolve(path)


def _usage(text: str) -> click.UsageError:
    return click.UsageError(words.say(text))


@contextmanager
def _reader(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    from orchestration.publishing.releases import open_reader

    connection = open_reader(home)
    try:
        yield connection
    finally:
        connection.close()


def _width() -> int | None:
    """The terminal's width; None when stdout is no terminal, where nothing needs folding."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


class _Utf8:
    """A sink that writes UTF-8 whatever the locale."""

    def __init__(self, binary: Any) -> None:
        self.binary = binary

    def write(self, text: str) -> None:
        self.binary.write(text.encode())


def _stdout() -> _Utf8:
    sys.stdout.flush()
    return _Utf8(sys.stdout.buffer)


def _print_json(value: Any) -> None:
    import json

    from orchestration.serving.output import plain

    _stdout().write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="greenpark")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Build, check and read the greenpark warehouse.

    \b
    Example:
      greenpark refresh
      greenpark query "select * from indicators.province_year"
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a locale without Chinese gets ?, not a traceback
            stream.reconfigure(errors="replace")


# --- building ------------------------------------------------------------------------------------


@main.command()
@_data
@_home
@click.option(
    "--as-of-vintage",
    type=click.IntRange(1900, 2200),
    metavar="YEAR",
    help="Build the marts as they would have stood with the editions up to YEAR.",
)
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(EXCLUDABLE_ORIGINS),
    help="Leave out the files of this origin: no invented city or park. Repeatable; also "
    "GREENPARK_WITHOUT.",
)
@click.option("--strict", is_flag=True, help="Fail if any row is quarantined.")
@click.option(
    "--allow-shrink",
    is_flag=True,
    help="Publish even if regions or years of the current version are missing (data taken away).",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What builds the models. Spark needs `make spark`; the marts are the same.",
)
@click.pass_context
def refresh(
    ctx: click.Context,
    data: tuple[Path, ...],
    home: Path | None,
    as_of_vintage: int | None,
    without: tuple[str, ...],
    strict: bool,
    allow_shrink: bool,
    engine: Engine,
) -> None:
    """Land, build, audit and publish a new version.

    \b
    Example:
      greenpark refresh --data ~/yearbooks-2026
      greenpark refresh --as-of-vintage 2021
      greenpark refresh --without reconstructed
    """
    from orchestration.refresh import refresh as run

    asked = _resolve(home), list(data), as_of_vintage, strict, allow_shrink, engine, without
    ctx.exit(run(*asked))


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@_data
@_home
@_lang
@_json
@click.option(
    "--check", "check_only", is_flag=True, help="Check what --data holds, or FILE and its sidecar."
)
@click.option("--as", "dataset", metavar="DATASET", help="Propose a sidecar for FILE.")
@click.option("--yes", is_flag=True, help="Write the sidecar without asking.")
@click.option("--force", is_flag=True, help="Replace a sidecar that is there already.")
@click.option("--leave-out", is_flag=True, help="Leave out labels that stand in no table.")
@click.option("--sheet", metavar="NAME", help="The sheet to read. Default: the first visible.")
@click.option("--unit", metavar="U", help="The unit, where the file does not print it.")
@click.option(
    "--set",
    "constants",
    multiple=True,
    metavar="NAME=VALUE",
    help="What holds for the whole table, such as year=2020 or region=CODE. Repeatable.",
)
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="PRINTED=KNOWN",
    help="What a printed label means, in the words of the tables. Repeatable.",
)
@click.option(
    "--mark",
    "marks",
    multiple=True,
    metavar="MARK=STATUS",
    help="What a missing mark means: zero, below_unit, not_available, suppressed. Repeatable.",
)
@click.option("--source-id", metavar="ID", help="Publication; its row in publications.csv is used.")
@click.option("--publisher", metavar="TEXT")
@click.option("--title-zh", metavar="TEXT", help="Default: the caption, else the dataset's name.")
@click.option("--title-en", metavar="TEXT", help="Default: the caption, else the dataset's name.")
@click.option("--edition", type=click.IntRange(1900, 2200), metavar="YEAR")
@click.option("--table-number", metavar="TEXT", help="Default: from the caption.")
@click.option("--licence", metavar="TEXT")
@click.option("--citation", metavar="TEXT", help="Where it was taken from: an address or citation.")
@click.option(
    "--origin",
    type=click.Choice(["observed", "derived", "reconstructed"]),
    help="Default: observed.",
)
@click.pass_context
def land(
    ctx: click.Context,
    file: Path | None,
    data: tuple[Path, ...],
    home: Path | None,
    lang: str,
    as_json: bool,
    check_only: bool,
    dataset: str | None,
    yes: bool,
    force: bool,
    leave_out: bool,
    sheet: str | None,
    unit: str | None,
    constants: tuple[str, ...],
    labels: tuple[str, ...],
    marks: tuple[str, ...],
    **described: Any,
) -> None:
    """Check the input, or propose how to read FILE.

    Without FILE: what would be landed, what refused, and why. The landing goes to a database that
    is thrown away; landing into the warehouse is part of `greenpark refresh`. Exits 1 if a row is
    refused (one superseded by --data is not).

    With FILE: how the table would be read and what is left to say; with --as the sidecar is
    written on confirmation, and the file checked with it. Without --as, the datasets that fit.

    \b
    Example:
      greenpark land --check --data ~/yearbooks-2026
      greenpark land table.xls --as china_yearbook_gdp
    """
    if file is None:
        if dataset is not None:
            raise _usage("--as needs a FILE")
        _check_landing(ctx, _resolve(home), list(data), lang, check_only)
        return
    if data:
        raise _usage("give either a FILE or --data")
    if check_only:
        _check_file(ctx, _resolve(home), file, lang)
        return
    from orchestration.landing import propose
    from orchestration.landing.catalogue import read_datasets, read_vocabulary
    from orchestration.landing.proposal import Answers
    from orchestration.serving import landing_proposal

    if not file.is_file():
        raise GreenparkError(f"no file {file}", "name a raw file")
    names = {"edition": "edition_year", "citation": "url_or_citation"}
    answers = Answers(
        sidecar={names.get(key, key): value for key, value in described.items() if value},
        constants=_pairs("--set", constants),
        labels=_pairs("--label", labels),
        marks=_pairs("--mark", marks),
        unit=unit,
        sheet=sheet,
        leave_out=leave_out,
    )
    datasets, vocabulary = read_datasets(), read_vocabulary()
    if dataset is None:
        found = propose.rank(file, datasets.values(), vocabulary, answers)
        if as_json:
            _print_json([proposal.as_json() for proposal in found])
        else:
            click.echo(landing_proposal.render_ranking(found, lang, _width()), nl=False)
        return
    if dataset not in datasets:
        raise GreenparkError(
            f"no dataset {dataset}", f"the datasets are {', '.join(sorted(datasets))}"
        )
    target = propose.sidecar_path(file)
    if target.exists() and not force and not as_json:
        raise GreenparkError(
            f"{target.name} describes this file already",
            "check it with greenpark land --check FILE, or replace it with --force",
        )
    proposal = propose.propose(file, datasets[dataset], vocabulary, answers)
    if as_json:
        _print_json(proposal.as_json())
        if not yes:
            return
    else:
        click.echo(landing_proposal.render(proposal, lang, _width()), nl=False)
    if not yes:
        proposal = _ask(proposal, answers, vocabulary, target, lang)
    text = propose.sidecar_text(proposal)
    from orchestration.serving import output

    if target.exists() and not force:
        raise GreenparkError(
            f"{target.name} describes this file already", "replace it with --force"
        )
    with output.replacing(target) as draft:
        draft.write_text(text, encoding="utf-8")
    click.echo(landing_proposal.sidecar_note(target, lang), err=True)
    _check_file(ctx, _resolve(home), file, lang, quiet=as_json, is_proposed=True)


def _check_landing(
    ctx: click.Context, home: Home, data: list[Path], lang: str, check_only: bool
) -> None:
    from orchestration.serving import landing_check

    def on_file(name: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{done}/{total} {name}", err=True, nl=done == total)

    found = landing_check.check(home, data, on_file)
    click.echo(landing_check.render(found, lang, _width()), nl=False)
    _tell(found, lang)
    if not check_only:
        said = "This was a check; to land into the warehouse, run greenpark refresh."
        click.echo(words.say(said), err=True)
    if found.rows_refused:
        ctx.exit(1)


def _tell(found: LandingReport, lang: str, with_notes: bool = True) -> None:
    """What was refused and what should be known."""
    for note in found.notes if with_notes else []:
        click.echo(getattr(note, lang), err=True)
    for message in found.messages_zh if lang == "zh" else found.messages:
        click.echo(message, err=True)


def _check_file(
    ctx: click.Context,
    home: Home,
    file: Path,
    lang: str,
    quiet: bool = False,
    is_proposed: bool = False,
) -> None:
    from orchestration.serving import landing_check

    found = landing_check.check_file(home, file)
    click.echo(landing_check.render(found, lang, _width()), nl=False, err=quiet)
    _tell(found, lang, with_notes=not is_proposed)
    if found.rows_refused:
        ctx.exit(1)


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` options as a dictionary; the last = parts, so that a label may hold one."""
    pairs = {}
    for text in given:
        name, sign, value = text.rpartition("=")
        if not sign or not name:
            raise _usage(f"{option} {text}: write it as NAME=VALUE")
        pairs[name] = value
    return pairs


def _ask(proposal: Any, answers: Any, vocabulary: Any, target: Path, lang: str) -> Any:
    """Ask for what is missing, then whether to write. Raises GreenparkError without a terminal."""
    from orchestration.landing import propose
    from orchestration.serving import landing_proposal

    if not sys.stdin.isatty():
        missing = " ".join(f"{entry.option}…" for entry in proposal.missing)
        raise GreenparkError(
            "nothing was written: there is no terminal to ask on",
            f"add --yes{f' and {missing}' if missing else ''}",
        )
    labels = landing_proposal.WORDS[lang]
    concepts = proposal.dataset.concepts
    columns = {column.name for column in proposal.dataset.columns}
    if proposal.unknown and not answers.leave_out:
        answers.leave_out = click.confirm(labels["ask_leave_out"], default=False, err=True)
    for entry in proposal.missing:
        value = click.prompt(f"{entry.name}", default=entry.suggestion or None, err=True)
        if entry.name == "unit":
            answers.unit = value
        elif entry.name in concepts or entry.name in columns:
            answers.constants[entry.name] = value
        else:
            answers.sidecar[entry.name] = value
    proposal = propose.propose(proposal.path, proposal.dataset, vocabulary, answers)
    click.echo(landing_proposal.render(proposal, lang, _width()), nl=False)
    if not click.confirm(labels["ask_write"].format(name=target.name), default=True, err=True):
        raise click.Abort
    return proposal


@main.command()
@click.argument("dataset", required=False)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    metavar="DIR",
    help="Folder to write to; made if missing. Default: the current one.",
)
@click.option("--force", is_flag=True, help="Replace a form that is there already.")
def template(dataset: str | None, output: Path, force: bool) -> None:
    """Write an empty return form as CSV and Excel and print their paths.

    Without DATASET, list the datasets that have a form. The workbook explains every column and
    offers the codes it takes; filled in, either file can be landed.

    \b
    Example:
      greenpark template park_returns_parks --output forms
    """
    from orchestration.landing import templates
    from orchestration.serving import output as outputs

    if dataset is None:
        rows = [[form.name, form.label_zh, form.label_en] for form in templates.forms().values()]
        columns = ["dataset", "中文", "English"]
        click.echo(outputs.table(columns, rows, _width()), nl=False)
        return
    for path in templates.write_form(templates.form_of(dataset), output, force):
        click.echo(path)


@main.command("new-dataset")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice(["matrix", "records"]),
    default="matrix",
    show_default=True,
    help="matrix: labels down and across; records: a list with fixed columns.",
)
@click.option("--label-zh", metavar="TEXT", help="Chinese name. Needed for a new dataset.")
@click.option("--label-en", metavar="TEXT", help="English name. Needed for a new dataset.")
@click.option(
    "--concepts",
    default="region,year,item,fuel",
    show_default=True,
    help="What the labels of a matrix are; or region,year,indicator.",
)
@click.option(
    "--from",
    "sample",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A file whose headings give the columns of a list.",
)
@click.option(
    "--header-row",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Row of --from that holds the headings.",
)
def new_dataset(
    name: str,
    kind: str,
    label_zh: str | None,
    label_en: str | None,
    concepts: str,
    sample: Path | None,
    header_row: int,
) -> None:
    """Scaffold a dataset: catalogue rows, source description, staging model.

    NAME is publisher_product_things. Nothing that stands is overwritten but the description of
    the raw table, which is made from the catalogue: run it again after editing the catalogue.

    \b
    Example:
      greenpark new-dataset city_yearbooks_water_use --kind records --from water.csv \\
          --label-zh 用水量 --label-en "Water use"
    """
    from orchestration.landing import scaffold
    from orchestration.landing.catalogue import read_datasets

    known = read_datasets().get(name)
    if known is None and not (label_zh and label_en):
        raise _usage(f"{name} is new: give --label-zh and --label-en")
    done = scaffold.new_dataset(
        name,
        known.kind if known else kind,
        label_zh or "",
        label_en or "",
        known.concepts if known else concepts.split(",") if kind == "matrix" else (),
        scaffold.headings(sample, header_row) if sample else (),
    )
    for path in done.written:
        click.echo(words.say(f"wrote {scaffold.shown(path)}"))
    for path in done.kept:
        click.echo(words.say(f"kept  {scaffold.shown(path)}"))
    for line in done.to_do:
        click.echo(words.say(f"TODO  {line}"))
    if done.to_do:
        said = (
            "Say what is left to do, look at type, unit, is_required and is_key of each column, "
            f"then run again: greenpark new-dataset {name}"
        )
        click.echo(words.say(said), err=True)
    else:
        said = f"Next: greenpark land FILE --as {name} writes the sidecar; then make refresh."
        click.echo(words.say(said), err=True)


@main.command()
@_home
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
def ui(home: Path | None, port: int) -> None:
    """Open Dagster's web page, reachable from this machine only.

    \b
    Example:
      greenpark ui --port 3001
    """
    from orchestration.serving.ui import ADDRESS, prepare

    command, environment = prepare(_resolve(home), port)
    click.echo(f"http://{ADDRESS}:{port}")
    sys.stdout.flush()
    os.execve(command[0], command, environment)


# --- reading -------------------------------------------------------------------------------------


@main.command()
@_home
@_lang
@_json
@click.option(
    "--quarantine", is_flag=True, help="List the refused rows and why, and what was mended."
)
def status(home: Path | None, lang: str, as_json: bool, quarantine: bool) -> None:
    """Show the published version: tables, landing, audit, reconciliation, freshness.

    \b
    Example:
      greenpark status --quarantine --lang zh
    """
    from orchestration.serving import status as serving

    place = _resolve(home)
    with _reader(place) as connection:
        found = serving.collect(connection, place, lang)
        if quarantine:
            found["quarantine"] = serving.quarantine(connection, lang)
            found["quarantine_closed"] = serving.quarantine_closed(connection)
    if as_json:
        _print_json(found)
    else:
        click.echo(serving.render(found, lang, _width()), nl=False)


@main.command()
@click.argument("sql", required=False)
@_home
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="F",
    help="Read the SQL from a file.",
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["table", "csv", "json", "markdown", "parquet"]),
    help="Default: by the ending of --output, else table. parquet needs --output.",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="F", help="Write to a file.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"Rows at most. Default: {TABLE_ROWS} for table, else all.",
)
def query(
    sql: str | None,
    home: Path | None,
    file: Path | None,
    fmt: str | None,
    output: Path | None,
    limit: int | None,
) -> None:
    """Run SQL on the published version, which it cannot change.

    SQL is the statement itself, or - to read it from stdin.

    \b
    Example:
      greenpark query "select year, co2_t from indicators.province_year"
      greenpark query --file cities.sql --output cities.csv
    """
    from orchestration.serving import output as outputs
    from orchestration.serving import query as serving

    if (sql is None) == (file is None):
        raise _usage("give either SQL (or - for stdin) or --file")
    fmt = fmt or (serving.FORMATS.get(output.suffix.lower()) if output else None) or "table"
    if fmt == "parquet" and output is None:
        raise _usage("--format parquet needs --output")
    if limit is None and fmt == "table":
        limit = TABLE_ROWS
    statement = _statement(sql, file)
    with _reader(_resolve(home)) as connection:
        if fmt == "parquet":
            with outputs.replacing(output) as draft:
                count, cut = serving.write_parquet(connection, statement, draft, limit)
        else:
            result = serving.run(connection, statement)
            if output is None:
                count, cut = _write(result, _stdout(), fmt, limit, _width())
            else:
                with (
                    outputs.replacing(output) as draft,
                    draft.open("w", encoding="utf-8", newline="") as sink,
                ):
                    count, cut = _write(result, sink, fmt, limit, None)
    if cut:
        said = f"Only the first {limit} rows; --limit N shows more, --output F.csv writes all."
        click.echo(words.say(said), err=True)
    if output is not None:
        click.echo(words.say(f"{count} rows written to {output}"), err=True)


def _statement(sql: str | None, file: Path | None) -> str:
    if sql is not None and sql != "-":
        return sql
    try:
        raw = sys.stdin.buffer.read() if file is None else file.read_bytes()
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GreenparkError(
            f"cannot read {file or 'stdin'}: {getattr(error, 'strerror', None) or error}",
            "give the SQL as UTF-8 text",
        ) from error


def _write(
    result: Any, sink: Any, fmt: str, limit: int | None, width: int | None
) -> tuple[int, bool]:
    from itertools import islice

    from orchestration.serving import output, query

    if fmt != "table":
        return query.write(result, sink, fmt, limit)
    rows = list(islice(result.rows, limit))
    sink.write(output.table(result.columns, rows, width, null="NULL"))
    return len(rows), next(result.rows, None) is not None


@main.command()
@click.argument("tables", nargs=-1)
@_home
@click.option("--format", "fmt", type=click.Choice(["csv", "parquet"]), default="csv")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("greenpark_export"),
    show_default=True,
    metavar="DIR",
    help="Folder to write to; made if missing.",
)
@click.option("--bom", is_flag=True, help="Start each CSV with a byte order mark, for Excel.")
def export(tables: tuple[str, ...], home: Path | None, fmt: str, output: Path, bom: bool) -> None:
    """Write published tables to files and print their paths.

    TABLES are `schema.table`, `table` or `schema`; without any, all of reference, emissions,
    indicators and quality.

    \b
    Example:
      greenpark export indicators quality.reconciliation --bom --output for-excel
    """
    from orchestration.serving import export as serving

    if bom and fmt != "csv":
        raise _usage("--bom is for --format csv")
    rows = files = 0
    with _reader(_resolve(home)) as connection:
        chosen = serving.choose(connection, tables)
        for written in serving.export(connection, chosen, fmt, output, bom):
            click.echo(written.path)
            files += 1
            rows += written.rows
    click.echo(words.say(f"{files} files, {rows:,} rows"), err=True)


@main.command()
@_home
@_lang
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
    home: Path | None, lang: str, sections: tuple[str, ...], fmt: str, everything: bool
) -> None:
    """Show the figures of the report beside the computed ones.

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

    with _reader(_resolve(home)) as connection:
        rows = serving.select(connection, sections)
        lists = serving.lists(connection, rows)
    shown = rows if everything else serving.computed(rows)
    counts = serving.count_line(rows, len(shown), lang)
    if fmt == "csv":
        columns = list(rows[0]) if rows else []
        output.write_csv(_stdout(), columns, (list(row.values()) for row in shown))
        click.echo(counts, err=True)
        return
    sink = _stdout() if fmt == "markdown" else None
    blocks = [
        f"{counts}\n",
        serving.render(shown, lang, fmt, _width()),
        serving.render_lists(lists, lang, fmt, _width()),
    ]
    text = "\n".join(block for block in blocks if block)
    if sink:
        sink.write(text)
    else:
        click.echo(text, nl=False)


@main.command()
@_home
@_lang
@_json
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
        raise _usage("give either --region or --park")
    if park is None and enterprise is not None:
        raise _usage("--enterprise goes with --park")
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
    with _reader(_resolve(home)) as connection:
        rows = serving.select(connection, lang, **asked)
        refused = serving.refused(connection, {k: v for k, v in asked.items() if v is not None})
        shares = serving.bought_and_sold(connection, rows)
    if as_json:
        _print_json(rows)
        return
    click.echo(serving.render(rows, lang, _width(), shares), nl=False)
    if refused:
        click.echo("\n" + serving.render_refused(refused, lang, _width()), nl=False)


# --- versions ------------------------------------------------------------------------------------


@main.command()
@_home
@_json
def versions(home: Path | None, as_json: bool) -> None:
    """List the published versions, newest first.

    \b
    Example:
      greenpark versions --json
    """
    from orchestration.publishing import releases
    from orchestration.serving import output

    found = releases.versions(_resolve(home))
    if as_json:
        _print_json(
            [
                {
                    "version": entry.version,
                    "published_at": entry.published_at,
                    "is_current": entry.is_current,
                    "size_bytes": entry.size_bytes,
                    "path": str(entry.path),
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
                f"{entry.size_bytes / 1e6:,.1f}",
            ]
            for entry in found
        ]
        columns = ["version", "published (UTC)", "", "MB"]
        click.echo(output.table(columns, rows, _width()), nl=False)
    else:
        click.echo(words.say("no published version yet: run make refresh"), err=True)


@main.command()
@click.argument("version", required=False)
@_home
def rollback(version: str | None, home: Path | None) -> None:
    """Make an earlier version current: VERSION, or the one before the current.

    Nothing is deleted; name the newer version to go back to it.

    \b
    Example:
      greenpark rollback
      greenpark rollback 20261122T221801Z-ab12cd34
    """
    from orchestration.publishing import releases

    now = releases.rollback(_resolve(home), version)
    click.echo(words.say(f"current is {now.version}"))


if __name__ == "__main__":
    main()
