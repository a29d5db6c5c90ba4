"""The suites: one module per table, `<gate>/<schema>__<table>.py`, found by `discovery`.

A suite module defines

- `TABLE = "schema.table"`;
- `def expectations(context: SuiteContext) -> list[tuple[str, Expectation]]`, pairs of a rule id
  (a row of `rules.csv` with the same gate and table) and a Great Expectations instance;
- optionally `KEY = ("park_id", "year")`, the columns that identify a failing row in `details`;
  without it the table's primary key is used, where it has one.

For suite authors:

- No regex expectations (GX has none for DuckDB): use `UnexpectedRowsExpectation` with SQL that
  selects the bad rows. Select the key columns first, they go into `details` (20 rows at most).
- `{batch}` in that SQL stands for the table. In a query with a JOIN it has no alias and needs one
  (`from {batch} as now join ...`); in a query without a JOIN it has one already and a second is a
  syntax error (a subquery or `not exists` counts as one query). Double literal braces: `{{ }}`.
- An empty table passes every column expectation: state the row count as a rule too.
- The version published before is attached as `previous`, e.g. `previous.emissions.region_co2`, if
  `context.has_previous`. Ask `context.in_previous(table, *columns)`, since a table or column may
  be new. Only its tables can be read, not its views: DuckDB resolves a view's catalog name to the
  database under test, so a view of `previous` would silently show today's rows.
- Severity belongs in `rules.csv`, not in the expectation.
"""
