"""Hostile arguments to every command: each ends with 0, 1 or 2, in words and no traceback.

Commands that build or change something are parsed and not run; those that read run on a published
home. Some tens in the suite, as many as asked for in `make soak`.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from benchmarks import soak
from orchestration import cli
from orchestration.settings import Home

TIMES = int(os.environ.get("GREENPARK_SOAK_ARGUMENTS", "30"))
SEED = int(os.environ.get("GREENPARK_SOAK_SEED", "20"))
# They build, serve, or write into the project or the home: their arguments are parsed alone.
PARSED = {"refresh", "land", "model", "ui", "serve", "new-dataset", "rollback", "dashboards"}
TEXTS = (
    *(
        "",
        " ",
        "-",
        "--",
        "-1",
        "0",
        "1",
        "2020",
        "1e309",
        "NaN",
        "9" * 400,
        "999999999999999999999",
    ),
    *("江苏", "é\u0301", "\u202e", "\udcff", "a\nb", "%s%n", "{}", "{0}", "?", "$1", "*", "\\"),
    *("'", '"', "'; drop table x; --", "select 1", "from range(3)", "select", "../x", "x" * 10_000),
    *("320000", "320500", "P01", "P01-E03", "report_2023", "ceads", "raw_coal", "31", "2020,2021"),
    *("indicators.province_year", "quality.explain", "bi", "model", "park_returns_parks", "csv"),
)
# Long work that other tests do, and that no argument makes wrong.
SLOW = {"export": 2, "inventory": 2, "site": 1}


def value(kind: click.ParamType, chance: random.Random) -> str:
    if isinstance(kind, click.Choice) and chance.random() < 0.7:
        return str(chance.choice(list(kind.choices)))
    if isinstance(kind, click.IntRange) and chance.random() < 0.6:
        return str(chance.choice((kind.min or 0, (kind.min or 0) - 1, 2020, 10**9, 2**63, 2**64)))
    if isinstance(kind, click.Path) and chance.random() < 0.7:
        return chance.choice(("there.csv", "nowhere", ".", "folder", "there.csv/x", "n.parquet"))
    return chance.choice(TEXTS)


def arguments(command: click.Command, chance: random.Random) -> list[str]:
    """A command line of a command: some of its options, some of them twice, and something else."""
    said: list[str] = []
    for parameter in command.params:
        if parameter.name == "home":
            continue
        times = chance.choice((0, 0, 1, 1, 1, 2) if parameter.required else (0, 0, 0, 1, 1, 2))
        for _ in range(times):
            if isinstance(parameter, click.Option):
                said.append(chance.choice([*parameter.opts, *parameter.secondary_opts]))
                if not parameter.is_flag:
                    said.append(value(parameter.type, chance))
            else:
                said.append(value(parameter.type, chance))
    if chance.random() < 0.1:
        said.insert(chance.randrange(len(said) + 1), chance.choice(TEXTS))
    return said


def test_hostile_arguments_end_in_words(
    published_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "there.csv").write_text("指标,2020\n原煤,1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GREENPARK_HOME", str(published_home.root))

    def parsed(**said: Any) -> None:
        """A command that was called and does nothing."""

    chance = random.Random(SEED)
    names = sorted(cli.main.commands)
    for name in PARSED & {*names}:
        monkeypatch.setattr(cli.main.commands[name], "callback", parsed)
    ends: Counter[int] = Counter()
    done: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    for number in range(TIMES):
        name = names[number % len(names)]
        said = arguments(cli.main.commands[name], chance)
        done[name] += 1
        if done[name] > SLOW.get(name, TIMES) * max(1, TIMES // 1000):
            continue
        start = time.process_time()
        result = CliRunner().invoke(cli.main, [name, *said])
        spent[name] += time.process_time() - start
        told = f"seed {SEED}, {number}: greenpark {name} {said}\n{result.output[-2000:]}"
        assert result.exit_code in (0, 1, 2), told
        assert result.exception is None or isinstance(result.exception, SystemExit), told
        assert "Traceback" not in result.output and "error: unexpected" not in result.output, told
        if result.exit_code:
            assert result.stderr, told
        ends[result.exit_code] += 1
    slowest = {name: round(seconds, 1) for name, seconds in spent.most_common(4)}
    print(f"seed {SEED}: {ends.total()} command lines, ended with {dict(ends)}; {slowest} s")
    assert min(ends[0], ends[2]) > 0 and ends.total() > TIMES // 2
    soak.note("arguments", ends.total(), SEED)
