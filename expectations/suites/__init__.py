"""The suites: one module per table, `<gate>/<schema>__<table>.py`, found by `discovery`.

A suite module defines

- `TABLE = "schema.table"`;
- `def expectations(context: SuiteContext) -> list[tuple[str, Expectation]]`, pairs of a rule id
  (a row of `rules.csv` with the same gate and table) and a Great Expectations instance;
- optionally `KEY = ("park_id", "year")`, the columns that identify a failing row in `details`;
  without it the table's primary key is used, where it has one.

For suite authors:

- Build rules with `expectations.authoring`: `no_rows` (SQL that selects the bad rows),
  `no_doubtful_rows`, `within`, `given`, `has_rows`. In that SQL `batch` is the table under test and
  `$name` is the threshold of that id; a number that is a threshold has a row in
  `seeds/reference/thresholds/thresholds.csv`.
- Compare computed numbers by the macros of `dbt_project/macros/tolerance.sql`: `{{ is_equal(a, b,
  scale) }}`, `is_within`, `is_above`, `is_below`; `scale` is the size of what was added up.
- Impossible by identity or definition is `no_rows` and may be critical; unusual is
  `no_doubtful_rows` and a warning: its rows are published, stored in `quality.doubtful_rows` and
  marked, so a constant that does not hold for a province blocks nobody.
- Select the key columns first, they go into `details` (20 rows at most).
- No regex expectations (GX has none for DuckDB). GX formats a query and puts an alias on its
  `{batch}` unless the query has a JOIN; `no_rows` takes care of both.
- An empty table passes every rule about its rows: state the row count as a rule too.
- The version published before is attached as `previous`, e.g. `previous.all_levels.region_co2`, if
  `context.has_previous`. Ask `context.in_previous(table, *columns)`, since a table or column may
  be new. Only its tables can be read, not its views: DuckDB resolves a view's catalog name to the
  database under test, so a view of `previous` would silently show today's rows.
- Severity belongs in `rules.csv`, not in the expectation. Critical blocks publishing, so it is for
  what would mislead a reader; data of another province, an edition built with --as-of-vintage and
  a data folder taken away have to pass.
- Gate `raw` runs before the models: it may read `raw`, `quality.landing_log` and
  `quality.quarantine` only.
- Each rule has a seeded fault in `tests/expectations/faults.py`.
"""
