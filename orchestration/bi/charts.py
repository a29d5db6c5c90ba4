"""Charts: what `dashboards/` says, as the parameters of Superset's own kinds of charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from orchestration.bi.assets import WORDS, YAML
from orchestration.bi.datasets import ROWS, Dataset, Field, Metric
from orchestration.errors import GreenparkError

SHOWN = 60  # rows of a table on one page
MOST = 10_000  # rows that a chart asks for
COLOURS = "supersetColors"


@dataclass(frozen=True)
class Chart:
    """One chart of a dashboard, in one language."""

    spec: dict[str, Any]
    dataset: Dataset
    lang: str

    def column(self, name: str) -> str:
        """A column by its name without language: `region_name` is `region_name_zh`, or as it is."""
        for found in (f"{name}_{self.lang}", f"{name}_in_words", name):
            if found in self.dataset.by_name:
                return found
        raise GreenparkError(
            f"{self.spec['chart']}: {self.dataset.key} has no column {name}",
            "correct the file in dashboards/",
        )

    def field(self, name: str) -> Field:
        return self.dataset.by_name[self.column(name)]

    @property
    def metrics(self) -> list[Metric]:
        """The metrics it shows; each by the name of its column, however that adds up."""
        return [self.metric(name) for name in self.spec.get("metrics", [])]

    def metric(self, name: str) -> Metric:
        """The metric of a column."""
        for found in (name, f"sum_{name}", f"ratio_{name}", f"only_{name}"):
            if found in self.dataset.metrics:
                return self.dataset.metrics[found]
        raise GreenparkError(
            f"{self.spec['chart']}: {self.dataset.key} has no metric {name}",
            "correct the file in dashboards/",
        )

    @property
    def groups(self) -> list[str]:
        return [self.column(name) for name in self.spec.get("by", [])]

    @property
    def filters(self) -> list[YAML]:
        """Conditions on codes and numbers: they hold in either language."""
        return [
            {
                "clause": "WHERE",
                "expressionType": "SQL",
                "sqlExpression": condition,
                "subject": None,
                "operator": None,
                "comparator": None,
            }
            for condition in self.spec.get("where", [])
        ]

    @property
    def viz(self) -> str:
        return KINDS[self.spec["kind"]][0]

    @property
    def title(self) -> str:
        """What it is called, with the unit of its numbers if they have one and it is not said."""
        title: str = self.spec["title"][self.lang]
        if self.spec["kind"] in ("number", "table", "map"):
            return title
        units = {metric.unit for metric in self.metrics}
        unit = units.pop() if len(units) == 1 else ""
        return title if not unit else WORDS["unit"][self.lang].format(title, unit)

    def params(self) -> YAML:
        """The parameters of the kind of chart."""
        shared = {
            "viz_type": self.viz,
            "adhoc_filters": self.filters,
            "row_limit": self.spec.get("limit", MOST),
            "color_scheme": COLOURS,
            "extra_form_data": {},
        }
        return shared | KINDS[self.spec["kind"]][1](self)


def axis(metric: Metric) -> str:
    """The format of an axis and of what stands at its marks: no zeros at the end."""
    return metric.d3 if "~" in metric.d3 else f"{metric.d3[:-1]}~{metric.d3[-1]}"


def _number(chart: Chart) -> YAML:
    metric = chart.metrics[0]
    return {
        "metric": metric.name,
        "y_axis_format": metric.d3,
        "subtitle": metric.label,
        "header_font_size": 0.5,
        "subtitle_font_size": 0.2,
        "time_format": "smart_date",
    }


def _series(chart: Chart) -> YAML:
    """What lines and bars share: one axis of numbers, in one unit and format."""
    metrics = chart.metrics
    across = chart.field(chart.spec["x"])
    return {
        "x_axis": across.name,
        "x_axis_sort_asc": True,
        "xAxisForceCategorical": True,
        "x_axis_title": "",
        "x_axis_time_format": "smart_date",
        "metrics": [metric.name for metric in metrics],
        "groupby": chart.groups,
        "order_desc": True,
        "truncate_metric": bool(chart.groups),
        "show_legend": len(metrics) > 1 or bool(chart.groups),
        "legendType": "scroll",
        "legendOrientation": "top",
        "xAxisLabelInterval": "0",
        "y_axis_format": axis(metrics[0]),
        "y_axis_title": "",
        "y_axis_title_margin": 0,
        "y_axis_bounds": [None, None],
        "truncateYAxis": False,
        "truncateXAxis": True,
        "rich_tooltip": True,
        "showTooltipTotal": bool(chart.spec.get("stack")),
        "tooltipTimeFormat": "smart_date",
        "tooltipSortByMetric": True,
        "comparison_type": "values",
        "annotation_layers": [],
        "forecastEnabled": False,
    }


def _line(chart: Chart) -> YAML:
    return _series(chart) | {
        "seriesType": "line",
        "markerEnabled": True,
        "markerSize": 6,
        "opacity": 0.2,
        "connectNulls": False,
        # Lines start where their values are: a change of a tenth is to be seen.
        "truncateYAxis": bool(chart.spec.get("zoomed")),
    }


def _bar(chart: Chart) -> YAML:
    return _series(chart) | {
        "orientation": "vertical",
        "stack": "Stack" if chart.spec.get("stack") else None,
        "show_value": bool(chart.spec.get("values")),
        "only_total": True,
    }


def _ranking(chart: Chart) -> YAML:
    """Bars that lie, the largest above; each with its number."""
    metric = chart.metrics[0]
    return _series(chart) | {
        "orientation": "horizontal",
        "stack": "Stack" if chart.groups else None,
        "show_value": True,
        "only_total": True,
        "x_axis_sort": metric.name,
        "x_axis_sort_asc": True,
        "timeseries_limit_metric": metric.name,
        "row_limit": chart.spec.get("limit", SHOWN),
    }


def _pie(chart: Chart) -> YAML:
    metric = chart.metrics[0]
    return {
        "groupby": chart.groups,
        "metric": metric.name,
        "number_format": axis(metric),
        "label_type": "key_value",
        "show_labels": True,
        "labels_outside": True,
        "label_line": True,
        "show_legend": False,
        "show_labels_threshold": 1,
        "donut": True,
        "innerRadius": 45,
        "outerRadius": 70,
        "sort_by_metric": True,
        "date_format": "smart_date",
    }


def _table(chart: Chart) -> YAML:
    """Rows of names and metrics, or of columns as they stand (`columns`)."""
    shared: YAML = {
        "table_timestamp_format": "smart_date",
        "server_page_length": SHOWN,
        "page_length": chart.spec.get("page", 0),
        "include_search": bool(chart.spec.get("search")),
        "show_cell_bars": chart.spec.get("bars", True),
        "color_pn": False,
        "align_pn": False,
        "allow_render_html": False,
        "order_desc": True,
    }
    if "columns" in chart.spec:
        fields = [chart.field(name) for name in chart.spec["columns"]]
        return shared | {
            "query_mode": "raw",
            "all_columns": [field.name for field in fields],
            "order_by_cols": [
                f'["{chart.column(name)}", true]' for name in chart.spec.get("order", [])
            ],
            "column_config": _formats(fields),
        }
    metrics = chart.metrics
    sorting = chart.spec.get("sort")
    return shared | {
        "query_mode": "aggregate",
        "groupby": chart.groups,
        "metrics": [metric.name for metric in metrics],
        "timeseries_limit_metric": chart.metric(sorting).name if sorting else None,
        "column_config": _formats([chart.dataset.by_name[name] for name in chart.groups]),
    }


def _formats(fields: list[Field]) -> YAML:
    """Numbers of columns as the dictionary says: a year is 2020 and not 2,020 or 2.02k."""
    return {
        field.name: {"d3NumberFormat": field.d3, "d3SmallNumberFormat": field.d3}
        | ({"showCellBars": False} if not field.unit else {})
        for field in fields
        if field.is_number
    }


def _pivot(chart: Chart) -> YAML:
    """A table of two ways: `by` down, `across` to the right."""
    metric = chart.metrics[0]
    return {
        "groupbyRows": chart.groups,
        "groupbyColumns": [chart.column(name) for name in chart.spec["across"]],
        "metrics": [metric.name],
        "metricsLayout": "COLUMNS",
        "valueFormat": metric.d3,
        "aggregateFunction": "Sum",
        "rowTotals": metric.name == ROWS,
        "colTotals": metric.name == ROWS,
        "rowOrder": "key_a_to_z",
        "colOrder": "key_a_to_z",
        "date_format": "smart_date",
        "combineMetric": False,
    }


def _map(chart: Chart) -> YAML:
    """Areas drawn by a template: no tiles, no WebGL, and the names and numbers are text."""
    template = MAP_TEMPLATE.replace("UNIT", chart.field("amount").label)
    return {
        "query_mode": "raw",
        "all_columns": [field.name for field in chart.dataset.fields],
        "handlebarsTemplate": template.replace("NAME", chart.column("region_name")),
        "styleTemplate": "",
        "order_by_cols": ['["region_code", true]'],
        "row_limit": MOST,
    }


MAP_TEMPLATE = """\
{{#group data by="province"}}
<p>{{value}} · UNIT</p>
<svg viewBox="{{items.0.box}}" height="420" width="100%" role="img">
{{#each items}}
<g><title>{{NAME}} {{amount_text}}</title>
<path d="{{outline}}" fill="{{fill}}" stroke="#ffffff" stroke-width="2"></path></g>
{{/each}}
{{#each items}}
<g text-anchor="middle" paint-order="stroke" stroke="#ffffff" stroke-width="7" fill="#1f2a26">
<text x="{{label_x}}" y="{{label_y}}" font-size="27">{{NAME}}</text>
<text x="{{label_x}}" y="{{amount_y}}" font-size="24">{{amount_text}}</text></g>
{{/each}}
</svg>
{{/group}}
"""

KINDS: dict[str, tuple[str, Callable[[Chart], YAML]]] = {
    "number": ("big_number_total", _number),
    "line": ("echarts_timeseries_line", _line),
    "bar": ("echarts_timeseries_bar", _bar),
    "ranking": ("echarts_timeseries_bar", _ranking),
    "pie": ("pie", _pie),
    "table": ("table", _table),
    "pivot": ("pivot_table_v2", _pivot),
    "map": ("handlebars", _map),
}
