"""What the published file says of itself."""

from __future__ import annotations

import duckdb

from orchestration.publishing.names import comment_columns


def test_columns_of_tables_and_views_take_the_words_of_the_dictionary() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema reference;
            create schema emissions;
            create table emissions.park_co2 (co2_t double, "year" integer);
            create view emissions.park_totals as select sum(co2_t) as co2_t from emissions.park_co2;
            create table reference.data_dictionary as from (
                values
                    (
                        'emissions', 'park_co2', 'co2_t', '排放量（吨）', 'CO2 (t)', '园区的',
                        'The park''s; all.'
                    ),
                    ('emissions', 'park_co2', 'year', '年份', 'Year', '所述年份', 'The year.'),
                    (
                        'emissions', 'park_totals', 'co2_t', '合计（吨）', 'Total (t)', '各园区',
                        'All.'
                    )
            ) as entries (
                schema_name, table_name, column_name, heading_zh, heading_en, description_zh,
                description_en
            )
            """
        )
        comment_columns(connection)
        assert connection.execute(
            "select table_name, column_name, comment from duckdb_columns()"
            " where schema_name = 'emissions' order by all"
        ).fetchall() == [
            ("park_co2", "co2_t", "排放量（吨）：园区的\nCO2 (t): The park's; all."),
            ("park_co2", "year", "年份：所述年份\nYear: The year."),
            ("park_totals", "co2_t", "合计（吨）：各园区\nTotal (t): All."),
        ]
