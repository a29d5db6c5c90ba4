"""Regional energy: nothing lost, sizes and changes a province can have."""

from __future__ import annotations

from expectations.authoring import Pair, has_rows, no_doubtful_rows, no_rows
from expectations.discovery import SuiteContext

TABLE = "all_levels.region_energy"

TCE_PER_UNIT = """
with bounds (unit, low, high) as (values
    ('t', $tce_per_t_min, $tce_per_t_max),
    ('m3', $tce_per_m3_min, $tce_per_m3_max),
    ('mwh', $tce_per_mwh_min, $tce_per_mwh_max),
    ('gj', $tce_per_gj_min, $tce_per_gj_max)
)
select
    energy.region_code,
    energy.year,
    energy.fuel_code,
    energy.unit,
    min(energy.energy_tce / energy.quantity) as lowest_tce_per_unit,
    max(energy.energy_tce / energy.quantity) as highest_tce_per_unit,
    count(*) as cells
from batch as energy
join bounds on energy.unit = bounds.unit
where
    energy.quantity <> 0
    and not {{ is_within(
        'energy.energy_tce / energy.quantity', 'bounds.low', 'bounds.high', 'bounds.high'
    ) }}
group by energy.region_code, energy.year, energy.fuel_code, energy.unit
"""
NEGATIVE_USE = """
select region_code, year, balance_item, industry_code, fuel_code, vintage, quantity, energy_tce
from batch
where
    balance_item in ('final_consumption', 'total_final_consumption', 'industrial_use_above_size')
    and {{ is_below('energy_tce', '-$negative_use_tce', 'abs(energy_tce)') }}
"""
PROVINCE_SIZE = """
select energy.region_code, energy.year, energy.vintage, sum(energy.energy_tce) as energy_tce
from batch as energy
join reference.regions as regions on energy.region_code = regions.region_code
where energy.balance_item = 'total_consumption' and regions.level = 'province'
group by energy.region_code, energy.year, energy.vintage
having
    -- a total that is not printed has no size
    not {{ is_within(
        'sum(energy.energy_tce)',
        '$province_energy_tce_min',
        '$province_energy_tce_max',
        '$province_energy_tce_max'
    ) }}
"""
YEAR_ON_YEAR = """
with totals as (
    select region_code, year, sum(energy_tce) as energy_tce
    from batch as energy
    where balance_item = 'total_consumption' and is_latest_vintage
    group by region_code, year
)
select
    later.region_code,
    later.year,
    earlier.energy_tce as energy_tce_before,
    later.energy_tce,
    later.energy_tce / nullif(earlier.energy_tce, 0) - 1 as change_rate
from totals as later
join totals as earlier
    on later.region_code = earlier.region_code and later.year = earlier.year + 1
where
    {{ is_above(
        'abs(later.energy_tce / nullif(earlier.energy_tce, 0) - 1)', '$yearly_change_max', 1
    ) }}
"""
FUEL_YEAR_ON_YEAR = """
with totals as (
    select region_code, fuel_code, year, energy_tce
    from batch as energy
    where balance_item = 'total_final_consumption' and is_latest_vintage
)
select
    later.region_code,
    later.fuel_code,
    later.year,
    earlier.energy_tce as energy_tce_before,
    later.energy_tce
from totals as later
join totals as earlier
    on
        later.region_code = earlier.region_code
        and later.fuel_code = earlier.fuel_code
        and later.year = earlier.year + 1
where
    {{ is_above(
        'least(later.energy_tce, earlier.energy_tce)', '$fuel_material_tce', '$fuel_material_tce'
    ) }}
    and {{ is_above(
        'greatest(later.energy_tce / earlier.energy_tce, earlier.energy_tce / later.energy_tce)',
        '$fuel_yearly_ratio_max',
        '$fuel_yearly_ratio_max'
    ) }}
"""
LATEST = 9999
# --as-of-vintage leaves later editions out by intent.
UNUSED_FILES = """
with used as (
    select distinct lineage.file_name
    from quality.energy_lineage as lineage
    semi join batch using (region_code, year, balance_item, fuel_code, vintage)
)

select log.dataset, log.file_name, log.vintage, log.rows_accepted
from quality.landing_log as log
where
    log.rows_accepted > 0
    and log.vintage <= $as_of_vintage
    and log.file_name not in (select used.file_name from used)
    and log.dataset in (
        select columns.table_name from duckdb_columns() as columns
        where
            columns.database_name = current_database()
            and columns.schema_name = 'raw'
            and columns.column_name = 'fuel_label'
    )
    -- the sister tables of the balance have a mart of their own
    and log.dataset not in (
        select 'provincial_yearbooks_' || published.table_name
        from all_levels.region_energy_published as published
    )
"""
# A file is lost that is still landed but has no row left for a region, year and edition; later
# editions left out by --as-of-vintage and data folders taken away are no loss.
LOST = """
with before as (
    select distinct raw_table, file_name, region_code, year, vintage, balance_item
    from previous.quality.energy_lineage
),

now as (select distinct region_code, year, vintage, balance_item from batch)

select before.region_code, before.year, before.vintage, before.raw_table, before.file_name
from before
semi join quality.landing_log as log on before.file_name = log.file_name
left join now
    on
        before.region_code = now.region_code
        and before.year = now.year
        and before.vintage = now.vintage
        and before.balance_item = now.balance_item
where before.vintage <= (select coalesce(max(batch.vintage), 9999) from batch)
group by before.region_code, before.year, before.vintage, before.raw_table, before.file_name
having count(now.balance_item) = 0
"""
SAME_FILES_OTHER_VALUES = """
with now as (
    select region_code, year, vintage, fuel_code, sum(abs(quantity)) as quantity
    from batch as energy group by all
),

before as (
    select region_code, year, vintage, fuel_code, sum(abs(quantity)) as quantity
    from previous.all_levels.region_energy group by all
),

files_now as (
    select region_code, year, vintage, list_sort(list(distinct load_id)) as loads
    from quality.energy_lineage group by all
),

files_before as (
    select region_code, year, vintage, list_sort(list(distinct load_id)) as loads
    from previous.quality.energy_lineage group by all
)

select
    now.region_code,
    now.year,
    now.vintage,
    now.fuel_code,
    before.quantity as quantity_before,
    now.quantity
from now
join before using (region_code, year, vintage, fuel_code)
join files_now using (region_code, year, vintage)
join files_before using (region_code, year, vintage)
where
    files_now.loads = files_before.loads
    and not {{ is_equal('now.quantity', 'before.quantity', 'before.quantity', 'revision_minimum') }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules; two compare with the version before."""
    rules = [
        has_rows("region_energy_has_rows"),
        no_doubtful_rows("region_energy_tce_per_unit", TCE_PER_UNIT),
        no_doubtful_rows("region_energy_use_is_not_negative", NEGATIVE_USE),
        no_doubtful_rows("region_energy_size_of_a_province", PROVINCE_SIZE),
        no_doubtful_rows("region_energy_year_on_year", YEAR_ON_YEAR),
        no_doubtful_rows("region_energy_fuel_year_on_year", FUEL_YEAR_ON_YEAR),
        no_rows(
            "region_energy_uses_every_file",
            UNUSED_FILES,
            as_of_vintage=str(context.as_of_vintage or LATEST),
        ),
    ]
    if context.in_previous(
        TABLE, "region_code", "year", "vintage", "fuel_code", "quantity"
    ) and context.in_previous("quality.energy_lineage", "raw_table", "file_name", "load_id"):
        rules += [
            no_rows("region_energy_keeps_coverage", LOST),
            no_rows("region_energy_same_files_same_values", SAME_FILES_OTHER_VALUES),
        ]
    return rules
