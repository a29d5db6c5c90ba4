"""The bundle that Superset imports: one YAML file for each dataset, chart and dashboard.

The same published file and the same `dashboards/` give the same bytes. Nothing in it names this
machine: where the file lies is said by `superset_config`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.bi import maps
from orchestration.bi.assets import DATABASE, WORDS, YAML, uuid_of
from orchestration.bi.charts import COLOURS, Chart
from orchestration.bi.datasets import Dataset, Views
from orchestration.errors import GreenparkError
from orchestration.publishing.bi_views import LANGUAGES
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT

DASHBOARDS = PROJECT_ROOT / "dashboards"
MOMENT = (2026, 1, 1, 0, 0, 0)  # of every file of the bundle, whenever it is made
FILTER = "NATIVE_FILTER-{}"
TEXT_HEIGHT = 7


class Bundle:
    """All assets of one published file, as the files of a bundle."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folder: Path = DASHBOARDS,
        with_map: bool = True,
    ) -> None:
        self._views = Views(connection)
        self._connection = connection
        self._with_map = with_map
        self.specs = [
            yaml.safe_load(path.read_text(encoding="utf-8"))
            for path in sorted(folder.glob("*.yml"))
        ]
        self.specs.sort(key=lambda spec: spec["sort"])
        self.datasets: dict[tuple[str, str], Dataset] = {}
        for lang in LANGUAGES:
            for view in self._views.names:
                self._add(self._views.dataset(view, lang))
            for spec in self.specs:
                for key, union in spec.get("unions", {}).items():
                    name = union["name"][lang]
                    self._add(self._views.union(key, name, union["views"], lang))
                for chart in self.charts_of(spec):
                    if chart["kind"] == "map":
                        self._add(self._map(chart, lang))

    def _add(self, dataset: Dataset) -> None:
        self.datasets[dataset.key, dataset.lang] = dataset

    def charts_of(self, spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The charts of a dashboard; without maps where none may be shown."""
        for row in spec["rows"]:
            yield from self._shown(row)

    def _shown(self, row: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [chart for chart in row if self._with_map or chart["kind"] != "map"]

    @cached_property
    def _provinces(self) -> dict[str, dict[str, str]]:
        """Provinces whose regions are in the data."""
        rows = self._connection.execute(
            "select region_code, name_zh, name_en from reference.regions where level = 'province'"
        ).fetchall()
        return {code: {"zh": zh, "en": en or zh} for code, zh, en in rows}

    def _map(self, chart: dict[str, Any], lang: str) -> Dataset:
        view = self.datasets[chart["view"], lang]
        found = self._connection.execute(
            "select distinct regions.province_code"
            f" from bi.{view.key} as rows inner join reference.regions as regions"
            " on rows.region_code = regions.region_code"
        ).fetchall()
        provinces = {
            code: self._provinces[code][lang] for (code,) in found if code in self._provinces
        }
        return maps.dataset(view, chart["metrics"][0], provinces)

    def chart(self, spec: dict[str, Any], lang: str) -> Chart:
        """A chart of `dashboards/` with its dataset. Raises GreenparkError if it has none."""
        key = f"map_of_{spec['view']}" if spec["kind"] == "map" else spec["view"]
        if (key, lang) not in self.datasets:
            raise GreenparkError(
                f"chart {spec['chart']} reads {key}, which is no view of schema bi",
                "name one of reference.bi_views, or correct the file in dashboards/",
            )
        return Chart(spec, self.datasets[key, lang], lang)

    @cached_property
    def files(self) -> dict[str, YAML]:
        """What the bundle holds, by path."""
        files: dict[str, YAML] = {
            "metadata.yaml": {
                "version": "1.0.0",
                "type": "assets",
                "timestamp": "2026-01-01T00:00:00+00:00",
            },
            f"databases/{DATABASE}.yaml": self._database(),
        }
        for (key, lang), dataset in self.datasets.items():
            files[f"datasets/{DATABASE}/{key}.{lang}.yaml"] = dataset.yaml()
        for spec in self.specs:
            for lang in LANGUAGES:
                for chart in self.charts_of(spec):
                    name = f"{spec['dashboard']}.{chart['chart']}.{lang}"
                    files[f"charts/{name}.yaml"] = self._chart(spec, chart, lang)
                path = f"dashboards/{spec['dashboard']}.{lang}.yaml"
                files[path] = self._dashboard(spec, lang)
        return files

    def _database(self) -> YAML:
        return {
            "database_name": DATABASE,
            # Where the file lies is put in when it is opened: see superset_config.
            "sqlalchemy_uri": f"duckdb:///{DATABASE_NAME}",
            "cache_timeout": 0,
            "expose_in_sqllab": True,
            "allow_run_async": False,
            "allow_ctas": False,
            "allow_cvas": False,
            "allow_dml": False,
            "allow_csv_upload": False,
            "impersonate_user": False,
            "extra": {"allows_virtual_table_explore": True},
            "uuid": uuid_of("database", DATABASE),
            "version": "1.0.0",
            "is_managed_externally": True,
        }

    def _chart(self, spec: dict[str, Any], asked: dict[str, Any], lang: str) -> YAML:
        chart = self.chart(asked, lang)
        return {
            "slice_name": chart.title,
            "description": None,
            "certified_by": WORDS["certified_by"][lang],
            "certification_details": f"bi.{chart.dataset.key}",
            "viz_type": chart.viz,
            "params": chart.params(),
            "query_context": None,
            "cache_timeout": 0,
            "uuid": uuid_of("chart", spec["dashboard"], asked["chart"], lang),
            "version": "1.0.0",
            "dataset_uuid": chart.dataset.uuid,
            "is_managed_externally": True,
        }

    def _dashboard(self, spec: dict[str, Any], lang: str) -> YAML:
        places: dict[str, int] = {}
        position = self._position(spec, lang, places)
        return {
            "dashboard_title": spec["title"][lang],
            "description": spec["text"][lang],
            "css": "",
            "slug": slug(spec["dashboard"], lang),
            "certified_by": WORDS["certified_by"][lang],
            "certification_details": "",
            "published": True,
            "uuid": uuid_of("dashboard", spec["dashboard"], lang),
            "position": position,
            "metadata": {
                "color_scheme": COLOURS,
                "refresh_frequency": 0,
                "cross_filters_enabled": True,
                "native_filter_configuration": [
                    self._filter(spec, asked, lang, places) for asked in spec.get("filters", [])
                ],
            },
            "version": "1.0.0",
            "is_managed_externally": True,
        }

    def _position(self, spec: dict[str, Any], lang: str, places: dict[str, int]) -> YAML:
        """The grid: a text with the way to the other language, then the charts row by row.

        `places` takes the number of each chart; an import puts its own in.
        """
        (other,) = (language for language in LANGUAGES if language != lang)
        address = f"/superset/dashboard/{slug(spec['dashboard'], other)}/"
        grid: list[str] = ["ROW-text"]
        position: YAML = {
            "DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
            "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": grid, "parents": ["ROOT_ID"]},
            "HEADER_ID": {
                "type": "HEADER",
                "id": "HEADER_ID",
                "meta": {"text": spec["title"][lang]},
            },
            "ROW-text": _row("ROW-text", ["MARKDOWN-text"]),
            "MARKDOWN-text": {
                "type": "MARKDOWN",
                "id": "MARKDOWN-text",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", "ROW-text"],
                "meta": {
                    "width": 12,
                    "height": TEXT_HEIGHT,
                    "code": f"{spec['text'][lang]} [{WORDS['languages'][other]}]({address})",
                },
            },
        }
        for number, charts in enumerate(spec["rows"], start=1):
            row, shown = f"ROW-{number}", self._shown(charts)
            if not shown:
                continue
            grid.append(row)
            position[row] = _row(row, [f"CHART-{chart['chart']}" for chart in shown])
            for chart in shown:
                places[chart["chart"]] = len(places) + 1
                position[f"CHART-{chart['chart']}"] = {
                    "type": "CHART",
                    "id": f"CHART-{chart['chart']}",
                    "children": [],
                    "parents": ["ROOT_ID", "GRID_ID", row],
                    "meta": {
                        "uuid": uuid_of("chart", spec["dashboard"], chart["chart"], lang),
                        "width": chart["width"],
                        "height": chart["height"],
                        "chartId": places[chart["chart"]],
                        "sliceName": self.chart(chart, lang).title,
                    },
                }
        return position

    def _filter(
        self, spec: dict[str, Any], asked: dict[str, Any], lang: str, places: dict[str, int]
    ) -> YAML:
        """A filter of a dashboard; the latest year is chosen before a reader chooses."""
        dataset = self.datasets[asked["view"], lang]
        chart = Chart({"chart": "filter"}, dataset, lang)
        column, is_latest = chart.field(asked["column"]), asked.get("is_latest", False)
        conditions = Chart({"where": [asked["where"]]}, dataset, lang) if "where" in asked else None
        return {
            "id": FILTER.format(asked["column"]),
            "type": "NATIVE_FILTER",
            "name": column.label,
            "filterType": "filter_select",
            "description": "",
            "targets": [{"column": {"name": column.name}, "datasetUuid": dataset.uuid}],
            "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
            "cascadeParentIds": [],
            "controlValues": {
                "multiSelect": not is_latest,
                "enableEmptyFilter": is_latest,
                "defaultToFirstItem": is_latest,
                "inverseSelection": False,
                "searchAllOptions": False,
                "sortAscending": not is_latest,
            },
            "requiredFirst": is_latest,
            "adhoc_filters": conditions.filters if conditions else [],
            "scope": {
                "rootPath": ["ROOT_ID"],
                "excluded": [
                    places[shown["chart"]]
                    for shown in self.charts_of(spec)
                    if is_latest and shown.get("all_years")
                ],
            },
        }

    def written(self) -> dict[str, bytes]:
        """The files as bytes."""
        return {
            path: yaml.dump(
                body, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000
            ).encode()
            for path, body in sorted(self.files.items())
        }

    def zip(self, path: Path) -> None:
        """Write the bundle as Superset takes it."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.written().items():
                info = zipfile.ZipInfo(f"{DATABASE}/{name}", MOMENT)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)


def slug(dashboard: str, lang: str) -> str:
    """The end of a dashboard's address."""
    return f"{dashboard}-{lang}"


def _row(name: str, children: list[str]) -> YAML:
    return {
        "type": "ROW",
        "id": name,
        "children": children,
        "parents": ["ROOT_ID", "GRID_ID"],
        "meta": {"background": "BACKGROUND_TRANSPARENT"},
    }
