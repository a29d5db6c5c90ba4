"""The tables of schema `quality` that a run writes about itself, beside what dbt builds."""

from __future__ import annotations

import duckdb

AUDIT_RESULTS = """
    run_id varchar, gate varchar, suite varchar, rule_id varchar, expectation varchar,
    table_name varchar, column_name varchar, success boolean, severity varchar,
    observed_value varchar, details varchar
"""
PUBLISHED_VERSION = """
    version varchar, built_at timestamp, git_commit varchar, input_sha256 varchar,
    dbt_version varchar, duckdb_version varchar, engine varchar, as_of_vintage integer,
    without_origins varchar
"""
DOUBTFUL_ROWS = """
    rule_id varchar, table_name varchar, region_code varchar, park_id varchar, year integer,
    method varchar, details varchar, statement_zh varchar, statement_en varchar
"""
KNOWN_FINDINGS = """
    finding_id varchar, rule_id varchar, key_columns varchar, keys varchar, row_count bigint,
    since date, reason_zh varchar, reason_en varchar
"""
TABLE_HASHES = """
    schema_name varchar, table_name varchar, row_count bigint, content_hash varchar,
    hash_function varchar
"""


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make them empty at the start of a run, so that dbt can comment on them."""
    connection.execute(f"create table quality.audit_results ({AUDIT_RESULTS})")
    connection.execute(f"create table quality.doubtful_rows ({DOUBTFUL_ROWS})")
    connection.execute(f"create table quality.known_findings ({KNOWN_FINDINGS})")
    connection.execute(f"create table quality.published_version ({PUBLISHED_VERSION})")
    connection.execute(f"create table quality.table_hashes ({TABLE_HASHES})")
