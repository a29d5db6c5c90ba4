"""The regional energy balance: is each file one whole balance of one region and year?"""

from __future__ import annotations

from expectations.authoring import Pair, has_rows, no_rows
from expectations.discovery import SuiteContext

TABLE = "raw.energy_yearbook_energy_balance"

ONE_TABLE = """
select
    _file_name,
    count(distinct region_code) as regions,
    count(distinct year) as years
from batch
group by _file_name having count(distinct region_code) > 1 or count(distinct year) > 1
"""
# Without these rows the accounts lose most of their coal, or their electricity, and look whole.
ROWS_NEEDED = """
with needed as (
    select unnest(['thermal_power', 'heating_supply', 'total_consumption']) as balance_item
),

tables as (select distinct _file_name, region_code, year from batch as cells),

held as (select distinct _file_name, region_code, year, balance_item from batch as cells)

select tables._file_name, tables.region_code, tables.year, needed.balance_item
from tables cross join needed
anti join held
    on
        tables._file_name = held._file_name
        and tables.region_code = held.region_code
        and tables.year = held.year
        and needed.balance_item = held.balance_item
"""
ITEMS = """
select _file_name, region_code, year, count(distinct (balance_item, industry_code)) as items
from batch
group by _file_name, region_code, year
having count(distinct (balance_item, industry_code)) < $balance_items_min
"""
FUELS = """
select _file_name, region_code, year, count(distinct fuel_code) as fuels
from batch
group by _file_name, region_code, year
having count(distinct fuel_code) < $balance_fuels_min
"""
# The unit most files print for the fuel is the one expected; 吨 under a 万吨 fuel is a slip.
UNITS = """
with printed as (
    select
        _file_name, fuel_code, unit_label, abs(to_unit_factor) as to_unit_factor, count(*) as cells
    from batch as cells
    group by all
)

select _file_name, fuel_code, unit_label, cells
from printed
qualify to_unit_factor <> mode(to_unit_factor) over (partition by fuel_code)
"""
BLANKS = """
select _file_name, _row_number, _column_name, value_text, value_status
from batch
where
    trim(coalesce(value_text, '')) = ''
    and value_status <> 'not_available'
    and _correction_id is null
"""
EDITION = """
select distinct _file_name, year, _vintage from batch where year >= _vintage
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        has_rows("energy_balance_has_rows"),
        no_rows("energy_balance_file_is_one_table", ONE_TABLE),
        no_rows("energy_balance_has_power_and_heat", ROWS_NEEDED),
        no_rows("energy_balance_items_complete", ITEMS),
        no_rows("energy_balance_fuels_complete", FUELS),
        no_rows("energy_balance_units_as_usual", UNITS),
        no_rows("energy_balance_blanks_not_available", BLANKS),
        no_rows("energy_balance_year_before_edition", EDITION),
    ]
