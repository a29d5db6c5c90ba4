"""GREENPARK_MEMORY: its default, what is no size, and what is said when it does not do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb
import pytest

from orchestration import settings, words
from orchestration.database import connect, within_memory
from orchestration.errors import GreenparkError
from orchestration.serving import query
from orchestration.session import Session
from orchestration.settings import Home, memory_limit, size_bytes
from orchestration.site import build as site_build
from orchestration.transform.dbt import NodeResult

MACHINE = 16 * 2**30


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREENPARK_MEMORY", raising=False)
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": MACHINE // 4096}
    monkeypatch.setattr(settings.os, "sysconf", lambda name: pages[name])


def session_in(folder: Path) -> Session:
    """A run that nothing was done for."""
    return Session(
        home=Home.resolve(folder), roots=[], as_of_vintage=None, without=frozenset(),
        allow_shrink=False, engine="duckdb", worker=None, say=lambda line: None, run_id="r",
        started_at=None,
    )  # fmt: skip


def groups(monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> None:
    """Let the process see these files instead of /proc and /sys."""

    def read(path: Path, **options: object) -> str:
        if str(path) not in files:
            raise FileNotFoundError(path)
        return files[str(path)]

    monkeypatch.setattr(Path, "read_text", read)


def test_without_groups_it_is_half_of_the_machine(
    machine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups(monkeypatch, {})
    assert memory_limit() == "8192MiB"


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("0::/job/step", "/sys/fs/cgroup/job/memory.max"),
        ("4:memory:/job", "/sys/fs/cgroup/memory/job/memory.limit_in_bytes"),
        ("4:memory:/of/the/host", "/sys/fs/cgroup/memory/memory.limit_in_bytes"),
    ],
)
def test_a_group_of_the_process_or_above_it_counts(
    machine: None, monkeypatch: pytest.MonkeyPatch, line: str, file: str
) -> None:
    files = {"/proc/self/cgroup": f"{line}\n", file: f"{4 * 2**30}\n"}
    groups(monkeypatch, files)
    assert memory_limit() == "2048MiB"


def test_a_group_without_a_limit_does_not(machine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    groups(monkeypatch, {"/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "max\n"})
    assert memory_limit() == "8192MiB"


@pytest.mark.parametrize("text", ["4GB", "1500MiB", "0.5 gb"])
def test_a_size_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("GREENPARK_MEMORY", text)
    assert memory_limit() == text
    with duckdb.connect(config={"memory_limit": text}):
        pass


def test_what_is_open_at_once_parts_the_limit(
    machine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups(monkeypatch, {})
    assert memory_limit(sharers=2) == "4096MiB"
    monkeypatch.setenv("GREENPARK_MEMORY", "3GB")
    assert size_bytes(memory_limit(sharers=2)) == pytest.approx(1.5e9, abs=2**20)


def test_the_files_written_at_once_take_no_more_than_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site and the public's file, of whose databases each has a limit of its own."""
    monkeypatch.setenv("GREENPARK_MEMORY", "4GB")
    given: dict[str, str] = {}

    def write_copy(name: str, built: Path, whole: Path, kept: Path, memory: str) -> None:
        given[name] = memory

    def build_into(version: Path, home: Home, previous: None, say: object, memory: str) -> None:
        given["site"] = memory

    monkeypatch.setattr("orchestration.publishing.copies.write_copy", write_copy)
    monkeypatch.setattr("orchestration.site.release.build_into", build_into)
    session = session_in(tmp_path)
    session._write_for_readers(session.home.build / "greenpark.duckdb")
    assert given.keys() == {"analyst", "public", "site"}
    assert given["analyst"] == "4GB"  # alone, so it has all
    at_once = [size_bytes(given[name]) for name in ("public", "site")]
    assert 3.9e9 < sum(at_once) <= 4e9


def test_the_site_has_the_limit_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB's own would be four fifths of the machine."""
    found: list[object] = []

    class Site:
        def __init__(self, connection: duckdb.DuckDBPyConnection, *rest: object) -> None:
            found.append(connection.execute("select current_setting('memory_limit')").fetchone())

        def build(self) -> int:
            return 0

    monkeypatch.setenv("GREENPARK_MEMORY", "512MiB")
    monkeypatch.setattr(site_build, "Site", Site)
    duckdb.connect(str(tmp_path / "a.duckdb")).close()
    site_build.build(tmp_path / "a.duckdb", tmp_path)
    site_build.build(tmp_path / "a.duckdb", tmp_path, memory="256MiB")
    assert found == [("512.0 MiB",), ("256.0 MiB",)]


@pytest.mark.parametrize("text", ["4", "half", "50%", "-1GB"])
def test_what_is_no_size_is_refused_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("GREENPARK_MEMORY", text)
    with pytest.raises(GreenparkError, match=re.escape(text)) as error:
        memory_limit()
    assert "not a size" in str(error.value)
    with words.spoken([click.Command("x")], "zh"):
        assert "不是内存大小" in error.value.told() and text in error.value.told()


# More than the limit, in one aggregate that cannot be written to disk.
LARGE = "select string_agg(sha256(n::varchar) order by n desc) from range(3000000) as t (n)"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of 40 MB of memory and hardly any room on disk."""
    monkeypatch.setenv("GREENPARK_MEMORY", "40MB")
    with connect(tmp_path / "small.duckdb") as connection:
        connection.execute("set max_temp_directory_size = '1MB'")
        yield connection


def named_in_both_languages(error: pytest.ExceptionInfo[GreenparkError]) -> bool:
    with words.spoken([click.Command("x")], "zh"):
        chinese = error.value.told()
    known = ("GREENPARK_MEMORY", "40MB")
    return all(part in str(error.value) for part in ("out of memory", *known)) and all(
        part in chinese for part in ("内存不足", *known)
    )


def test_a_step_without_memory_names_the_setting(small: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(GreenparkError) as error, within_memory("publishing"):
        small.execute(LARGE).fetchall()
    assert named_in_both_languages(error)
    assert "publishing" in str(error.value)
    assert words.in_chinese(error.value.message).startswith("内存不足：发布")


def test_a_query_without_memory_names_the_setting(small: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(GreenparkError) as error:
        query.run(small, LARGE)
    assert named_in_both_languages(error)


def test_models_without_memory_name_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """dbt passes DuckDB's error on as text."""
    monkeypatch.setenv("GREENPARK_MEMORY", "40MB")
    message = "Runtime Error in model x\n  Out of Memory Error: failed to allocate data"
    node = NodeResult("model.greenpark.x", "error", message, 1.0, None)
    monkeypatch.setattr("orchestration.transform.dbt.parse", lambda *a, **k: None)
    monkeypatch.setattr("orchestration.keeping.nodes.build", lambda *a, **k: [node])
    with pytest.raises(GreenparkError) as error:
        session_in(tmp_path).transform()
    assert named_in_both_languages(error)
    assert "building the models" in str(error.value)
