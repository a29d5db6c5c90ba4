"""Writes Data Docs that can be read offline.

GX's own site loads its styles and its index from CDNs and is blank without a network. Here GX
renders what it knows, each validated expectation, through its own page renderer and templates;
the page around it, the index, the styles and the few templates that need a script are ours.
A content security policy forbids scripts and any load, so nothing in the data can add one.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.keeping import page_of

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from jinja2 import Environment

    from expectations.rules import Rule
    from expectations.runner import SuiteRun

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #2a8a4a; --bad: #c8372d; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 0 auto; padding: 1.5rem;
  max-width: 75rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0; } h2, h5 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }
h6, .h6 { font-size: .9rem; margin: .4rem 0; font-weight: 600; } p { margin: .3rem 0; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem;
  border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
pre, code, .badge { font: .85rem/1.4 ui-monospace, monospace; background: var(--soft);
  white-space: pre-wrap; }
pre { padding: .5rem; margin: .3rem 0; } .badge { padding: 0 .3rem; }
.pass, .text-success { color: var(--good); } .fail, .text-danger { color: var(--bad); }
.error, .text-warning { color: #a05a00; } .pass, .fail, .error { font-weight: 600; }
.fa-check-circle::before { content: "\\2714"; } .fa-times::before { content: "\\2718"; }
.fa-exclamation-triangle::before { content: "\\26A0"; }
.cooltip > span { display: none; } .muted { opacity: .7; font-size: .88rem; }
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>{{ style | safe }}</style>
</head>
<body>
{% block body %}{% endblock %}
</body>
</html>
"""

INDEX = """{% extends "page" %}{% block body %}
<h1>{{ title }}</h1>
<p class="muted">{{ built_at }}</p>
<table>
<thead><tr><th>Suite</th><th>Table</th><th class="number">Rules</th><th class="number">Passed</th>
<th class="number">Critical failures</th><th class="number">Warnings</th>
<th class="number">Errors</th><th>Status</th></tr></thead>
<tbody>
{%- for row in rows %}
<tr data-suite="{{ row.suite }}"><td><a href="{{ row.suite }}.html">{{ row.suite }}</a></td>
<td>{{ row.table }}</td><td class="number">{{ row.rules }}</td>
<td class="number">{{ row.passed }}</td><td class="number">{{ row.critical }}</td>
<td class="number">{{ row.warnings }}</td><td class="number">{{ row.errors }}</td>
<td class="{{ row.status }}">{{ row.status }}</td></tr>
{%- else %}
<tr><td colspan="8">No suites</td></tr>
{%- endfor %}
</tbody>
</table>
{% endblock %}
"""

SUITE = """{% extends "page" %}{% block body %}
<p><a href="index.html">← index</a></p>
<h1>{{ title }}</h1>
<p class="muted">{{ built_at }}</p>
<table>
<thead><tr><th>Status</th><th>Severity</th><th>Rule</th><th>Observed</th></tr></thead>
<tbody>
{%- for result, rule, details in results %}
<tr><td class="{{ result.status }}">{{ result.status }}</td><td>{{ result.severity }}</td>
<td><code>{{ result.rule_id }}</code><p>{{ rule.statement_zh }}</p><p>{{ rule.statement_en }}</p>
<p class="muted">{{ rule.basis }}</p></td>
<td>{{ result.observed_value }}
{%- if details %}<details{{ "" if result.success else " open" }}><summary>Details</summary>
<pre>{{ details }}</pre></details>{% endif %}</td></tr>
{%- endfor %}
</tbody>
</table>
{{ rendered | safe }}
{% endblock %}
"""

GX_TEMPLATES = {
    "sections.j2": (
        "{% for section in sections %}{% set section_loop = loop -%}"
        "{% include 'section.j2' %}{% endfor %}"
    ),
    "collapse.j2": (
        "<details><summary>"
        "{{ content_block.get('collapse_toggle_link', 'More') | render_content_block }}</summary>"
        "{% for block in content_block['collapse'] %}"
        "{{ block | render_content_block(content_block_id=content_block_id ~ '-' ~ loop.index) }}"
        "{% endfor %}</details>"
    ),
    "graph.j2": "",
    "bootstrap_table.j2": "",
}
"""Overrides of GX's templates: the section list alone, and no block that needs a script."""


def write_site(
    docs_dir: Path, gate: str, runs: Sequence[SuiteRun], rules: Mapping[str, Rule]
) -> Path:
    """Write one page per suite and `index.html`; return the index.

    Existing pages of the same name are replaced, that of a suite that was kept and others are left
    alone: give each gate its own folder. Raises OSError when the folder cannot be written.
    """
    docs_dir.mkdir(parents=True, exist_ok=True)
    built_at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    rows = []
    for run in runs:
        rows.append(_counts(run))
        if run.is_kept:
            continue
        _write(
            page_of(docs_dir, run.suite.name),
            "suite",
            title=f"{gate}: {run.suite.table}",
            built_at=built_at,
            results=[
                (result, rules[result.rule_id], _pretty(result.details)) for result in run.results
            ],
            rendered=_rendered(run.validation) if run.validation else "",
        )
    index = docs_dir / "index.html"
    _write(index, "index", title=f"Data quality: gate {gate}", built_at=built_at, rows=rows)
    return index


def _counts(run: SuiteRun) -> dict[str, Any]:
    """Return a suite's line of the index."""
    statuses = [result.status for result in run.results]
    failed = [result.severity for result in run.results if result.status == "fail"]
    worst = "error" if "error" in statuses else "fail" if failed else "pass"
    return {
        "suite": run.suite.name,
        "table": run.suite.table,
        "rules": len(statuses),
        "passed": statuses.count("pass"),
        "critical": failed.count("critical"),
        "warnings": failed.count("warning"),
        "errors": statuses.count("error"),
        "status": worst,
    }


def _pretty(details: str) -> str:
    """Return details indented, one line per unexpected row; nothing if there are none."""
    parsed = json.loads(details)
    lines = []
    for name, value in parsed.items():
        if isinstance(value, list):
            lines.append(f"{name}:")
            lines += ["  " + json.dumps(item, ensure_ascii=False) for item in value]
        else:
            lines.append(f"{name}: {value}")
    return "\n".join(lines)


def _rendered(validation: ExpectationSuiteValidationResult) -> str:
    """Return GX's rendering of a suite's expectations, without its overview (ours is fuller)."""
    renderer, view = _gx_rendering()
    document = renderer.render(validation)
    document.sections = document.sections[1:]
    return view.render(document, template="sections.j2")


@functools.cache
def _gx_rendering() -> tuple[Any, Any]:
    """Return GX's page renderer and its view, our templates before GX's own."""
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView
    from jinja2 import ChoiceLoader, DictLoader

    view = DefaultJinjaPageView()
    shipped = view.env.loader
    view.env.loader = ChoiceLoader([DictLoader(GX_TEMPLATES), *([shipped] if shipped else [])])
    return ValidationResultsPageRenderer(), view


@functools.cache
def _pages() -> Environment:
    """Return our own templates, escaping everything that is not marked safe."""
    from jinja2 import DictLoader, Environment

    pages = {"page": PAGE, "index": INDEX, "suite": SUITE}
    return Environment(loader=DictLoader(pages), autoescape=True)


def _write(path: Path, template: str, **values: Any) -> None:
    """Render one of our templates to a file."""
    text = _pages().get_template(template).render(style=STYLE, **values)
    path.write_text(text, encoding="utf-8")
