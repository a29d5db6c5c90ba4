"""The regional energy balance: is each file one whole balance of one region and year?"""

from __future__ import annotations

from expectations.authoring import Pair, has_rows, no_rows
from expectations.discovery import SuiteContext
from expectations.thresholds import values_of

TABLE = "raw.energy_yearbook_energy_balance"

ONE_TABLE = """
select
    _file_name,
    count(distinct region_label) as regions,
    count(distinct year_label) as years
from batch
group by _file_name having count(distinct region_label) > 1 or count(distinct year_label) > 1
"""
# Without these rows the accounts lose most of their coal, or their electricity, and look whole.
ROWS_NEEDED = """
with aliases (alias, balance_item) as ($items),

needed as (
    select unnest(['thermal_power', 'heating_supply', 'total_consumption']) as balance_item
),

tables as (select distinct _file_name, region_label, year_label from batch as cells),

held as (
    select distinct
        cells._file_name, cells.region_label, cells.year_label, aliases.balance_item
    from batch as cells
    join aliases on cells.item_label = aliases.alias
)

select tables._file_name, tables.region_label, tables.year_label, needed.balance_item
from tables cross join needed
anti join held
    on
        tables._file_name = held._file_name
        and tables.region_label = held.region_label
        and tables.year_label = held.year_label
        and needed.balance_item = held.balance_item
"""
ITEMS = """
select _file_name, region_label, year_label, count(distinct item_label) as items
from batch
group by _file_name, region_label, year_label
having count(distinct item_label) < $balance_items_min
"""
FUELS = """
select _file_name, region_label, year_label, count(distinct fuel_label) as fuels
from batch
group by _file_name, region_label, year_label
having count(distinct fuel_label) < $balance_fuels_min
"""
# The unit most files print for the fuel is the one expected; 吨 under a 万吨 fuel is a slip.
UNITS = """
with fuels (alias, fuel_code) as ($fuels),

units (unit_label, to_unit_factor) as ($units),

printed as (
    select
        cells._file_name,
        fuels.fuel_code,
        cells.unit_label,
        cast(units.to_unit_factor as double) as to_unit_factor,
        count(*) as cells
    from batch as cells
    join fuels on cells.fuel_label = fuels.alias
    join units on cells.unit_label = units.unit_label
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
select distinct _file_name, year_label, _vintage
from batch
where try_cast(regexp_extract(year_label, '\\d+') as integer) >= _vintage
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    items = values_of("mappings/balance_item_aliases.csv", "alias", "balance_item")
    fuels = values_of("mappings/fuel_aliases.csv", "alias", "fuel_code")
    units = values_of("units/unit_labels.csv", "unit_label", "to_unit_factor")
    return [
        has_rows("energy_balance_has_rows"),
        no_rows("energy_balance_file_is_one_table", ONE_TABLE),
        no_rows("energy_balance_has_power_and_heat", ROWS_NEEDED, items=items),
        no_rows("energy_balance_items_complete", ITEMS),
        no_rows("energy_balance_fuels_complete", FUELS),
        no_rows("energy_balance_units_as_usual", UNITS, fuels=fuels, units=units),
        no_rows("energy_balance_blanks_not_available", BLANKS),
        no_rows("energy_balance_year_before_edition", EDITION),
    ]
