"""What is imported into Superset: made of the published file, in both languages, the same bytes.

`make test-bi` imports it and compares every chart in a browser; here is what can be known without
Superset.
"""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import yaml
from click.testing import CliRunner

from orchestration.bi import maps, server
from orchestration.bi.bundle import DASHBOARDS, LANGUAGES, Bundle, slug
from orchestration.bi.charts import KINDS
from orchestration.bi.datasets import SAID, Dataset
from orchestration.cli import main
from orchestration.errors import GreenparkError
from orchestration.settings import Home

CHINESE = re.compile("[\u4e00-\u9fff]")
FORMAT = re.compile(r",?\.\d~?[f%]")
NAMED = {"province", "cities", "parks", "park_account", "futures", "quality"}


@pytest.fixture(scope="module")
def bundle(warehouse: duckdb.DuckDBPyConnection) -> Bundle:
    return Bundle(warehouse)


@pytest.fixture(scope="module")
def datasets(bundle: Bundle) -> list[Dataset]:
    return list(bundle.datasets.values())


def source(dataset: Dataset) -> str:
    return f"({dataset.sql})" if dataset.sql else f"bi.{dataset.name}"


def test_every_view_is_a_dataset_in_both_languages(
    bundle: Bundle, warehouse: duckdb.DuckDBPyConnection
) -> None:
    views = {v for (v,) in warehouse.execute("select bi_view from reference.bi_views").fetchall()}
    for lang in LANGUAGES:
        assert views <= {key for key, language in bundle.datasets if language == lang}
    assert {spec["dashboard"] for spec in bundle.specs} == NAMED
    names = Counter(dataset.name for dataset in bundle.datasets.values())
    assert max(names.values()) == 1


def test_every_column_and_metric_is_in_the_file(
    datasets: list[Dataset], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """DuckDB plans each dataset whole: a column or an expression that is not there fails."""
    compared = 0
    for dataset in datasets:
        columns = ", ".join(field.expression or f'"{field.name}"' for field in dataset.fields)
        metrics = ", ".join(metric.expression for metric in dataset.metrics.values())
        warehouse.execute(f"explain select {columns} from {source(dataset)}")
        warehouse.execute(f"explain select {metrics} from {source(dataset)}")
        compared += len(dataset.metrics)
    assert compared > 1_000


def test_a_sum_is_that_of_the_view_in_the_unit_it_names(
    bundle: Bundle, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """By the dictionary, which says what adds up: all such columns have a sum, no other has."""
    summed = 0
    for view, column in warehouse.execute(
        "select table_name, column_name from reference.data_dictionary"
        " where schema_name = 'bi' and aggregation = 'sum' order by all"
    ).fetchall():
        for lang in LANGUAGES:
            dataset = bundle.datasets[view, lang]
            metric = dataset.metrics[f"sum_{column}"]
            unit = dataset.by_name[column].scale.unit
            assert unit in metric.label
            if view not in ("province_year", "city_year_with_model", "park_account_with_model"):
                continue
            shown, whole = warehouse.execute(
                f'select {metric.expression}, sum("{column}") from {source(dataset)}'
            ).fetchone()
            if whole is not None:
                assert shown * metric.divisor == pytest.approx(whole, rel=1e-9, abs=1e-9)
                summed += 1
    assert summed > 30
    for dataset in bundle.datasets.values():
        adding = {f"sum_{f.name}" for f in dataset.fields if f.aggregation == "sum"}
        sums = {name for name in dataset.metrics if name.startswith("sum_")}
        assert sums == (adding if dataset.adds_up else set()), dataset.key


def test_a_ratio_is_that_of_the_view_where_a_row_stands_alone(
    bundle: Bundle, warehouse: duckdb.DuckDBPyConnection
) -> None:
    compared = 0
    for view in ("province_year", "city_year_with_model", "park_year_with_model"):
        dataset = bundle.datasets[view, "en"]
        key = "region_code" if "region_code" in dataset.by_name else "park_id"
        for name, metric in dataset.metrics.items():
            if not name.startswith("ratio_"):
                continue
            column = name.removeprefix("ratio_")
            rows = warehouse.execute(
                f'select {metric.expression}, any_value("{column}") from bi.{view}'
                f' where "{column}" is not null group by {key}, year'
            ).fetchall()
            for shown, value in rows:
                assert shown * metric.divisor == pytest.approx(value, rel=1e-9), (view, column)
                compared += 1
    assert compared > 500


def test_values_that_do_not_add_up_are_not_added(
    bundle: Bundle, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A median of several years is nothing; of one year it is itself."""
    metric = bundle.datasets["province_baseline", "en"].metrics["only_co2_median_t"]
    many, one = (
        warehouse.execute(
            f"select {metric.expression} from bi.province_baseline where {condition}"
        ).fetchone()[0]
        for condition in ("true", "year = 2025")
    )
    assert many is None
    assert one * metric.divisor > 1e8


def test_labels_are_in_their_language_and_tell_apart(datasets: list[Dataset]) -> None:
    for dataset in datasets:
        labels = [field.heading for field in dataset.fields if not field.name.endswith(SAID)]
        assert max(Counter(labels).values()) == 1, (dataset.key, Counter(labels).most_common(2))
        said = [*labels, *(metric.label for metric in dataset.metrics.values())]
        if dataset.lang == "zh":
            assert [label for label in said if not CHINESE.search(label)] == [], dataset.key
        else:
            assert [label for label in said if CHINESE.search(label)] == [], dataset.key
            assert [label for label in said if label.endswith(", English")] == [], dataset.key


def test_no_chart_shows_a_code_or_a_number_without_format(
    bundle: Bundle, warehouse: duckdb.DuckDBPyConnection
) -> None:
    codes = {
        column
        for (column,) in warehouse.execute(
            "select distinct column_name from reference.codes"
        ).fetchall()
    }
    formats = 0
    for spec in bundle.specs:
        for lang in LANGUAGES:
            for asked in bundle.charts_of(spec):
                chart = bundle.chart(asked, lang)
                if asked["kind"] == "map":
                    continue
                names = [
                    *chart.groups,
                    *(chart.column(n) for n in asked.get("columns", [])),
                    *(chart.column(n) for n in asked.get("across", [])),
                    *([chart.column(asked["x"])] if "x" in asked else []),
                ]
                assert names or chart.metrics
                assert codes.isdisjoint(names), (spec["dashboard"], asked["chart"])
                fields = [chart.dataset.by_name[name] for name in names]
                assert [field.name for field in fields if field.type == "BOOLEAN"] == []
                for d3 in [m.d3 for m in chart.metrics] + [f.d3 for f in fields if f.is_number]:
                    assert FORMAT.fullmatch(d3), (asked["chart"], d3)
                    formats += 1
                assert "SMART_NUMBER" not in str(chart.params())
    assert formats > 200


def test_the_bundle_is_whole(bundle: Bundle) -> None:
    """What Superset's importer looks for: ids that are there, rows that fit the grid."""
    files = {path: yaml.safe_load(body) for path, body in bundle.written().items()}
    uuids = Counter(body["uuid"] for path, body in files.items() if path != "metadata.yaml")
    assert max(uuids.values()) == 1
    charts = {body["uuid"]: body for path, body in files.items() if path.startswith("charts/")}
    shown: set[str] = set()
    for path, body in files.items():
        if path == "metadata.yaml":
            assert body["type"] == "assets"
            continue
        assert body["is_managed_externally"] is True, path
        if path.startswith("datasets/"):
            assert body["database_uuid"] in uuids
            assert body["schema"] == "bi"
            for metric in body["metrics"]:
                assert metric["extra"]["certification"]["certified_by"] == "greenpark"
        if path.startswith("dashboards/"):
            for place in body["position"].values():
                if isinstance(place, dict) and place["type"] == "CHART":
                    shown.add(place["meta"]["uuid"])
                if isinstance(place, dict) and place["type"] == "ROW":
                    width = sum(
                        body["position"][child]["meta"]["width"] for child in place["children"]
                    )
                    assert width <= 12, (path, place["id"])
            for asked in body["metadata"]["native_filter_configuration"]:
                assert asked["targets"][0]["datasetUuid"] in uuids
    assert shown == set(charts)
    assert all(chart["dataset_uuid"] in uuids for chart in charts.values())
    slugs = {body["slug"] for path, body in files.items() if path.startswith("dashboards/")}
    assert slugs == {slug(name, lang) for name in NAMED for lang in LANGUAGES}


def test_the_same_file_gives_the_same_bytes_and_names_no_place(
    bundle: Bundle, warehouse: duckdb.DuckDBPyConnection, published_home: Home, tmp_path: Path
) -> None:
    for name, made in (("one", bundle), ("two", Bundle(warehouse))):
        made.zip(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    with zipfile.ZipFile(tmp_path / "one") as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert str(published_home.root) not in text
    assert "greenpark.duckdb" in text


def test_what_is_removed_is_in_no_bundle(
    bundle: Bundle, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """An edit keeps the id of a chart, so an import overwrites it; a removed one is not there."""
    folder = tmp_path / "dashboards"
    shutil.copytree(DASHBOARDS, folder)
    (folder / "futures.yml").unlink()
    path = folder / "quality.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("未满足的规则", "改过的名字"), "utf-8")
    edited = Bundle(warehouse, folder).files
    gone = set(bundle.files) - set(edited)
    assert {name.split("/")[1].split(".")[0] for name in gone if "charts/" in name} == {"futures"}
    assert {"dashboards/futures.zh.yaml", "dashboards/futures.en.yaml"} <= gone
    name = "charts/quality.rules_missed.zh.yaml"
    assert edited[name]["slice_name"] == "改过的名字"
    assert edited[name]["uuid"] == bundle.files[name]["uuid"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("view: landing", "view: no_such_view"),
        ("metrics: [rows_read]", "metrics: [no_such_column]"),
        ("by: [status_name]", "by: [no_such_column]"),
    ],
)
def test_a_mistake_in_a_dashboard_is_named(
    before: str, after: str, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = (DASHBOARDS / "quality.yml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "quality.yml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(GreenparkError, match="no_such"):
        assert Bundle(warehouse, tmp_path).files


def test_a_map_has_the_cities_of_the_data(
    bundle: Bundle, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Outlines in the degrees that an atlas gives the province; names stand in their areas."""
    dataset = bundle.datasets["map_of_city_year_with_model", "zh"]
    drawn = warehouse.execute(f"select distinct region_code from {source(dataset)}").fetchall()
    cities = warehouse.execute(
        "select distinct region_code from bi.city_year_with_model"
    ).fetchall()
    assert sorted(drawn) == sorted(cities)
    assert len(drawn) == 13
    for area in maps.areas("320000"):
        points = [tuple(map(int, p.split())) for p in re.findall(r"\d+ \d+", area.outline)]
        assert min(x for x, _ in points) <= area.x <= max(x for x, _ in points)
        assert min(y for _, y in points) <= area.y <= max(y for _, y in points)
    assert maps.areas("000000") == ()
    without = Bundle(warehouse, with_map=False)
    assert not [name for name in without.files if "map" in name]


def test_passwords_are_their_owners_alone_and_stay(tmp_path: Path) -> None:
    home = Home.resolve(tmp_path / "home")
    server.prepare(home)
    first = server.passwords_file(home).read_text(encoding="utf-8")
    server.prepare(home)
    assert server.passwords_file(home).read_text(encoding="utf-8") == first
    for path, mode in (
        (server.bi_folder(home), 0o700),
        (server.bi_folder(home) / "secret_key", 0o600),
        (server.passwords_file(home), 0o600),
    ):
        assert stat.S_IMODE(path.stat().st_mode) == mode
    assert set(yaml.safe_load(first)) == set(server.USERS)
    assert min(map(len, yaml.safe_load(first).values())) > 20


def test_the_command_writes_a_bundle_and_says_how_to_install(
    published_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "bundle.zip"
    done = CliRunner().invoke(
        main, ["bi", "--home", str(published_home.root), "--bundle", str(target)]
    )
    assert done.exit_code == 0, done.output
    assert zipfile.ZipFile(target).testzip() is None
    monkeypatch.setattr(server, "ENVIRONMENT", tmp_path / "none")
    with pytest.raises(GreenparkError, match="Superset is not installed"):
        server.python()


def test_every_kind_of_chart_is_used(bundle: Bundle) -> None:
    used = {chart["kind"] for spec in bundle.specs for chart in bundle.charts_of(spec)}
    assert used == set(KINDS)
