"""`greenpark describe`: propose how to read a table that nobody described, as its sidecar."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.check import check_files
from orchestration.cli.options import (
    home_option,
    json_option,
    lang_option,
    print_json,
    resolve,
    usage,
    width,
)
from orchestration.errors import GreenparkError

if TYPE_CHECKING:
    from orchestration.landing.map.catalogue import Dataset
    from orchestration.landing.map.vocabulary import Vocabulary
    from orchestration.proposing.proposal import Answers, Proposal
    from orchestration.settings import Home

ANSWERS = (
    click.option(
        "--as",
        "dataset",
        metavar="DATASET",
        help="Propose a sidecar for FILE. Default with --yes: the return form that the file is.",
    ),
    click.option("--yes", is_flag=True, help="Write the sidecar without asking."),
    click.option("--force", is_flag=True, help="Replace a sidecar that is there already."),
    click.option("--leave-out", is_flag=True, help="Leave out labels that stand in no table."),
    click.option("--sheet", metavar="NAME", help="The sheet to read. Default: the first visible."),
    click.option("--unit", metavar="U", help="The unit, where the file does not print it."),
    click.option(
        "--set",
        "constants",
        multiple=True,
        metavar="NAME=VALUE",
        help="What holds for the whole table, such as year=2020 or region=CODE. Repeatable.",
    ),
    click.option(
        "--label",
        "labels",
        multiple=True,
        metavar="PRINTED=KNOWN",
        help="What a printed label means, in the words of the tables. Repeatable.",
    ),
    click.option(
        "--mark",
        "marks",
        multiple=True,
        metavar="MARK=STATUS",
        help="What a missing mark means: zero, below_unit, not_available, suppressed. Repeatable.",
    ),
    click.option(
        "--source-id", metavar="ID", help="Publication; its row in publications.csv is used."
    ),
    click.option("--publisher", metavar="TEXT"),
    click.option(
        "--title-zh", metavar="TEXT", help="Default: the caption, else the dataset's name."
    ),
    click.option(
        "--title-en", metavar="TEXT", help="Default: the caption, else the dataset's name."
    ),
    click.option("--edition", type=click.IntRange(1900, 2200), metavar="YEAR"),
    click.option("--table-number", metavar="TEXT", help="Default: from the caption."),
    click.option("--licence", metavar="TEXT"),
    click.option(
        "--citation", metavar="TEXT", help="Where it was taken from: an address or citation."
    ),
    click.option(
        "--origin",
        type=click.Choice(["observed", "derived", "reconstructed"]),
        help="Default: observed.",
    ),
)
"""The options that answer what a file does not say itself."""
SIDECAR_KEYS = {"edition": "edition_year", "citation": "url_or_citation"}
"""Options that are called otherwise in the sidecar."""


def answers_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of ANSWERS."""
    for option in reversed(ANSWERS):
        function = option(function)
    return function


@click.command()
@click.argument(
    "files", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE..."
)
@home_option
@lang_option
@json_option
@answers_options
@click.pass_context
def describe(
    ctx: click.Context,
    files: tuple[Path, ...],
    home: Path | None,
    lang: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Propose how to read FILE, and write it down as its sidecar.

    Without --as: the datasets that fit. With --as: how the table would be read and what is left to
    say; the sidecar is written on confirmation, and the file checked with it. Several files of one
    publication at once, such as filled-in return forms, need --yes.

    \b
    Example:
      greenpark describe table.xls
      greenpark describe gdp.xls --as china_yearbook_gdp --source-id own_2025
      greenpark describe forms/*.xlsx --yes --source-id own_park_2024
    """
    if len(files) > 1 and (as_json or not asked["yes"]):
        raise usage("several files need --yes and go without --json")
    describe_files(ctx, resolve(home), files, lang, as_json, asked)


def describe_files(
    ctx: click.Context,
    home: Home,
    files: tuple[Path, ...],
    lang: str,
    as_json: bool,
    asked: dict[str, Any],
) -> None:
    """Rank the datasets for a file, or propose sidecars, as `asked` (ANSWERS) wants it."""
    from orchestration.landing.map.catalogue import read_datasets
    from orchestration.landing.map.vocabulary import read_vocabulary

    for file in files:
        if not file.is_file():
            raise GreenparkError(f"no file {file}", "name a raw file")
    dataset, yes, force = (asked.pop(name) for name in ("dataset", "yes", "force"))
    datasets, vocabulary = read_datasets(), read_vocabulary()
    if dataset is None and not yes:
        _rank(files[0], datasets, vocabulary, _answers(**asked), lang, as_json)
        return
    if dataset is not None and dataset not in datasets:
        raise GreenparkError(
            f"no dataset {dataset}", f"the datasets are {', '.join(sorted(datasets))}"
        )
    written = []
    for file in files:
        answers = _answers(**asked)
        chosen = datasets[dataset] if dataset else _form_of(file, vocabulary, answers)
        if _write_sidecar(file, chosen, vocabulary, answers, lang, as_json, yes, force):
            written.append(file)
    if written:
        check_files(ctx, home, tuple(written), lang, quiet=as_json, is_proposed=True)


def _form_of(file: Path, vocabulary: Vocabulary, answers: Answers) -> Dataset:
    """The return form that a file is. Raises GreenparkError if it is none."""
    from orchestration.forms import templates
    from orchestration.proposing import propose

    found = propose.form_of(file, templates.forms().values(), vocabulary, answers)
    if found is None:
        raise GreenparkError(
            f"{file.name} has not the heading of one return form",
            f"say which dataset it is: greenpark describe {file.name} --as DATASET",
        )
    return found


def _answers(
    constants: tuple[str, ...],
    labels: tuple[str, ...],
    marks: tuple[str, ...],
    unit: str | None,
    sheet: str | None,
    leave_out: bool,
    **described: Any,
) -> Answers:
    """What the command line answers; `described` are keys of the sidecar."""
    from orchestration.proposing.proposal import Answers

    return Answers(
        sidecar={SIDECAR_KEYS.get(key, key): value for key, value in described.items() if value},
        constants=pairs("--set", constants),
        labels=pairs("--label", labels),
        marks=pairs("--mark", marks),
        unit=unit,
        sheet=sheet,
        leave_out=leave_out,
    )


def pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` options as a dictionary; the last = parts, so that a label may hold one."""
    pairs = {}
    for text in given:
        name, sign, value = text.rpartition("=")
        if not sign or not name:
            raise usage(f"{option} {text}: write it as NAME=VALUE")
        pairs[name] = value
    return pairs


def _rank(
    file: Path,
    datasets: dict[str, Dataset],
    vocabulary: Vocabulary,
    answers: Answers,
    lang: str,
    as_json: bool,
) -> None:
    """Print the datasets that fit, best first."""
    from orchestration.proposing import propose
    from orchestration.serving import landing_proposal

    found = propose.rank(file, datasets.values(), vocabulary, answers)
    if as_json:
        print_json([proposal.as_json() for proposal in found])
    else:
        click.echo(landing_proposal.render_ranking(found, lang, width()), nl=False)


def _write_sidecar(
    file: Path,
    dataset: Dataset,
    vocabulary: Vocabulary,
    answers: Answers,
    lang: str,
    as_json: bool,
    yes: bool,
    force: bool,
) -> bool:
    """Show the proposal, ask where it is not --yes, write the sidecar. Whether it was written."""
    from orchestration.proposing import propose
    from orchestration.serving import landing_proposal, output

    target = propose.sidecar_path(file)
    if target.exists() and not force and not as_json:
        raise GreenparkError(
            f"{target.name} describes this file already",
            "check it with greenpark check FILE, or replace it with --force",
        )
    proposal = propose.propose(file, dataset, vocabulary, answers)
    if as_json:
        print_json(proposal.as_json())
        if not yes:
            return False
    else:
        click.echo(landing_proposal.render(proposal, lang, width()), nl=False)
    if not yes:
        proposal = _ask(proposal, answers, vocabulary, target, lang)
    text = propose.sidecar_text(proposal)
    if target.exists() and not force:
        raise GreenparkError(
            f"{target.name} describes this file already", "replace it with --force"
        )
    with output.replacing(target) as draft:
        draft.write_text(text, encoding="utf-8")
    click.echo(landing_proposal.sidecar_note(target, lang), err=True)
    return True


def _ask(
    proposal: Proposal, answers: Answers, vocabulary: Vocabulary, target: Path, lang: str
) -> Proposal:
    """Ask for what is missing, then whether to write. Raises GreenparkError without a terminal."""
    from orchestration.proposing import propose
    from orchestration.serving import landing_proposal

    if not sys.stdin.isatty():
        missing = " ".join(f"{entry.option}…" for entry in proposal.missing)
        raise GreenparkError(
            "nothing was written: there is no terminal to ask on",
            f"add --yes{f' and {missing}' if missing else ''}",
        )
    concepts = proposal.dataset.concepts
    columns = {column.name for column in proposal.dataset.columns}
    if proposal.unknown and not answers.leave_out:
        answers.leave_out = click.confirm(
            landing_proposal.ask_leave_out(lang), default=False, err=True
        )
    for entry in proposal.missing:
        value = click.prompt(f"{entry.name}", default=entry.suggestion or None, err=True)
        if entry.name == "unit":
            answers.unit = value
        elif entry.name in concepts or entry.name in columns:
            answers.constants[entry.name] = value
        else:
            answers.sidecar[entry.name] = value
    proposal = propose.propose(proposal.path, proposal.dataset, vocabulary, answers)
    click.echo(landing_proposal.render(proposal, lang, width()), nl=False)
    if not click.confirm(landing_proposal.ask_write(target.name, lang), default=True, err=True):
        raise click.Abort
    return proposal
