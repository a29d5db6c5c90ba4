-- What the report says, from the temporary tables of the account (lines_of_*.sql) and the published
-- tables. Each statement fills one fact; sums of doubles go by the number of the line.

-- name: park
select
    parks.park_id, parks.name_zh, parks.name_en, parks.level, parks.park_type, parks.region_code,
    regions.name_zh as region_zh, regions.name_en as region_en, parks.approved_area_ha,
    parks.established_year, parks.origin, parks.source_id
from all_levels.parks
left join reference.regions on parks.region_code = regions.region_code
where parks.park_id = $park_id

-- name: method_row
select
    method, name_zh, name_en, description_zh, description_en, source_id,
    false as has_application_table
from reference.methods
where method = $method
union all
select
    method, name_zh, name_en, description_zh, description_en, source_id, has_application_table
from reference.park_methods
where method = $method

-- name: boundaries
with own_view as (

    select max(electricity_view) as electricity_view
    from all_levels.park_carbon_account
    where park_id = $park_id and year = $year and method = $method and is_own_view

),

counted as (

    select
        activities.narrowest_boundary as boundary,
        count(distinct activities.enterprise_id) as enterprise_count,
        sum(lines.co2e_t order by lines.line_no) as co2e_t
    from lines
    inner join activities
        on lines.year = activities.year and lines.activity_no = activities.activity_no
    cross join own_view
    where
        lines.year = $year
        and lines.is_in_net
        and coalesce(lines.view, own_view.electricity_view, '')
        = coalesce(own_view.electricity_view, '')
    group by activities.narrowest_boundary

)

select
    counted.boundary, boundaries.name_zh, boundaries.name_en, boundaries.includes_below_size,
    boundaries.includes_households, counted.enterprise_count, counted.co2e_t
from counted
left join reference.boundaries on counted.boundary = boundaries.boundary
order by boundaries.width nulls last, counted.boundary

-- name: activities
select
    activities.activity_no, activities.entry, activities.enterprise_id, activities.industry_code,
    activities.item_code, activities.line_detail, activities.sign, activities.quantity,
    activities.unit, activities.status,
    activities.narrowest_boundary as boundary, activities.source_id,
    ranges.range_id, ranges.relative_half_range
from activities
left join reference.uncertainty_ranges as ranges
    on
        ranges.range_of = 'activity'
        and activities.status = ranges.range_basis
        and ranges.gas is null
        and coalesce(ranges.entry, activities.entry) = activities.entry
where activities.year = $year
qualify
    row_number() over (
        partition by activities.activity_no order by ranges.entry nulls last, ranges.range_id
    ) = 1
order by activities.activity_no

-- name: lines
select
    lines.line_no, lines.activity_no, lines.entry, lines.view, lines.is_in_net, lines.scope,
    lines.gas, lines.enterprise_id, lines.industry_code, lines.item_code, lines.line_detail, lines.unit,
    lines.sign, lines.factor_key, lines.factor_value, lines.co2e_t, lines.origin, lines.clause_id,
    ranges.range_id, ranges.relative_half_range
from lines
left join reference.uncertainty_ranges as ranges
    on
        ranges.range_of = 'factor'
        and lines.factor_basis = ranges.range_basis
        and coalesce(ranges.gas, lines.gas) = lines.gas
        and coalesce(ranges.entry, lines.entry) = lines.entry
where lines.year = $year
qualify
    row_number() over (
        partition by lines.line_no
        order by ranges.gas nulls last, ranges.entry nulls last, ranges.range_id
    ) = 1
order by lines.line_no

-- name: factors
select
    factor_key, factor_id, gas, item_code, unit, factor_value, ncv_gj_per_unit,
    carbon_content_tc_per_gj, oxidation_rate, printed_factor, printed_unit, confidence, origin,
    source_id, note
from factors
where year = $year
order by factor_key

-- name: cells
select
    activity_no, raw_table, file_name, sheet_name, row_number, column_name, value_text, unit_label,
    to_unit_factor, weight, cell_quantity, input_role, makes_quantity, source_id
from cells
where year = $year
order by raw_table, activity_no, file_name, sheet_name, row_number, column_name, input_role

-- name: not_counted
select
    enterprise_id, item_code, unit, sum(cell_quantity order by column_name, file_name, row_number)
        as returned_quantity,
    string_agg(distinct column_name, ', ' order by column_name) as columns
from not_counted
where year = $year
group by enterprise_id, item_code, unit
order by enterprise_id, item_code, unit

-- name: refused
select file_name, sheet_name, row_number, column_name, raw_value, rule, message, message_zh
from quality.quarantine
where
    rule <> 'superseded'
    and coalesce(year, $year) = $year
    and (file_name, row_number) in (
        select (file_name, row_number) from quality.return_lineage
        where park_id = $park_id and year = $year
    )
    or rule <> 'superseded'
    and coalesce(year, $year) = $year
    and file_name in (
        select file_name from quality.return_lineage
        group by file_name
        having min(park_id) = $park_id and max(park_id) = $park_id
    )
order by all

-- name: silent
select
    enterprises.enterprise_id, any_value(enterprises.name_zh order by enterprises._vintage) as name_zh
from raw.park_returns_enterprises as enterprises
where
    enterprises.park_id = $park_id
    and coalesce(enterprises.is_aggregate, 'false') <> 'true'
    and coalesce(cast(enterprises.operating_year_from as integer), $year) <= $year
    and coalesce(cast(enterprises.operating_year_to as integer), $year) >= $year
    and enterprises.enterprise_id not in (
        select enterprise_id from quality.return_lineage
        where park_id = $park_id and year = $year and enterprise_id is not null
    )
group by enterprises.enterprise_id
order by enterprises.enterprise_id

-- name: by_entry
select
    year, entry, view, is_in_net, sum(co2e_t order by line_no) as co2e_t
from lines
where year in ($year, $year - 1)
group by year, entry, view, is_in_net
order by year, is_in_net desc, entry, view

-- name: by_scope
select scope as key, view, sum(co2e_t order by line_no) as co2e_t
from lines
where year = $year and is_in_net
group by key, view
order by key, view

-- name: by_gas
select gas as key, view, sum(co2e_t order by line_no) as co2e_t
from lines
where year = $year and is_in_net
group by key, view
order by key, view

-- name: by_item
select item_code as key, view, sum(co2e_t order by line_no) as co2e_t
from lines
where year = $year and is_in_net
group by key, view
order by key, view

-- name: by_industry
select industry_code as key, view, sum(co2e_t order by line_no) as co2e_t
from lines
where year = $year and is_in_net
group by key, view
order by key, view

-- name: changed
with summed as (

    select
        lines.year, lines.entry, lines.view, lines.scope, lines.gas, lines.item_code,
        lines.industry_code, lines.unit,
        sum(activities.quantity order by lines.line_no) as quantity,
        sum(lines.co2e_t order by lines.line_no) as co2e_t
    from lines
    inner join activities
        on lines.year = activities.year and lines.activity_no = activities.activity_no
    where lines.year in ($year, $year - 1) and lines.is_in_net
    group by all

),

compared as (

    select
        coalesce(now.entry, before.entry) as entry,
        coalesce(now.view, before.view) as view,
        coalesce(now.scope, before.scope) as scope,
        coalesce(now.gas, before.gas) as gas,
        coalesce(now.item_code, before.item_code) as item_code,
        coalesce(now.industry_code, before.industry_code) as industry_code,
        coalesce(now.co2e_t, 0) - coalesce(before.co2e_t, 0) as change_t,
        -- Where a year lacks the item, all of the change is one of activity.
        case
            when
                abs(
                    now.co2e_t / nullif(now.quantity, 0) * before.quantity - before.co2e_t
                ) > 1e-9 * abs(before.co2e_t)
                then now.co2e_t - now.quantity * (before.co2e_t / before.quantity)
            else 0
        end as by_factor_t
    from (select * from summed where year = $year) as now
    full join (select * from summed where year = $year - 1) as before
        on
            now.entry = before.entry
            and now.view is not distinct from before.view
            and now.scope is not distinct from before.scope
            and now.gas = before.gas
            and now.item_code is not distinct from before.item_code
            and now.industry_code is not distinct from before.industry_code
            and now.unit is not distinct from before.unit

)

select
    entry, view,
    sum(change_t order by scope, gas, item_code, industry_code) as change_t,
    sum(by_factor_t order by scope, gas, item_code, industry_code) as by_factor_t,
    sum(change_t - by_factor_t order by scope, gas, item_code, industry_code) as by_activity_t
from compared
group by entry, view
order by entry, view

-- name: changed_factors
with paired as (

    select
        lines.entry, lines.view, lines.item_code, lines.gas, lines.unit,
        min(lines.factor_value) filter (where lines.year = $year - 1) as lowest_before,
        max(lines.factor_value) filter (where lines.year = $year - 1) as highest_before,
        min(lines.factor_value) filter (where lines.year = $year) as lowest_now,
        max(lines.factor_value) filter (where lines.year = $year) as highest_now,
        string_agg(distinct lines.factor_id, ', ' order by lines.factor_id)
            filter (where lines.year = $year - 1) as factors_before,
        string_agg(distinct lines.factor_id, ', ' order by lines.factor_id)
            filter (where lines.year = $year) as factors_now
    from lines
    where lines.year in ($year, $year - 1)
    group by all

)

select * from paired
where
    lowest_before is not null and lowest_now is not null
    and (
        abs(lowest_now - lowest_before) > 1e-9 * abs(lowest_before)
        or abs(highest_now - highest_before) > 1e-9 * abs(highest_before)
    )
order by entry, view, item_code, gas

-- name: other_methods
with totals as (

    select
        method,
        sum(co2_t order by industry_code, fuel_code, scope, narrowest_boundary, factor_id) as co2_t,
        sum(co2e_t order by industry_code, fuel_code, scope, narrowest_boundary, factor_id)
            as co2e_t
    from all_levels.park_co2_by_method
    where park_id = $park_id and year = $year
    group by method
    union all
    select method, net_co2_t, net_co2e_t
    from all_levels.park_carbon_account
    where park_id = $park_id and year = $year and is_own_view

),

named as (

    select method, name_zh, name_en from reference.methods
    union all
    select method, name_zh, name_en from reference.park_methods

)

select totals.method, named.name_zh, named.name_en, totals.co2_t, totals.co2e_t
from totals
left join named on totals.method = named.method
order by totals.method

-- name: energy
select
    fuel_code as item_code, unit,
    sum(used_quantity order by narrowest_boundary, industry_code) as used_quantity,
    sum(bought_quantity order by narrowest_boundary, industry_code) as bought_quantity,
    sum(sold_quantity order by narrowest_boundary, industry_code) as sold_quantity,
    sum(transformed_quantity order by narrowest_boundary, industry_code) as transformed_quantity,
    sum(made_quantity order by narrowest_boundary, industry_code) as made_quantity,
    sum(feedstock_used order by narrowest_boundary, industry_code) as feedstock_quantity,
    sum(energy_tce order by narrowest_boundary, industry_code) as energy_tce
from all_levels.park_energy
where park_id = $park_id and year = $year
group by fuel_code, unit
order by fuel_code, unit

-- name: ranges
select
    range_id, range_of, entry, gas, range_basis, relative_half_range, confidence, source_id, note_zh,
    note_en
from reference.uncertainty_ranges
order by range_id

-- name: files
select
    log.file_name, log.dataset, log.file_sha256, log.source_id
from quality.landing_log as log
where log.file_name in (select file_name from cells where year = $year)
qualify row_number() over (partition by log.file_name order by log.loaded_at desc, log.load_id) = 1
order by log.file_name

-- name: sources
with used as (

    select source_id from cells where year = $year
    union
    select source_id from factors where year = $year
    union
    select source_id from reference.uncertainty_ranges
    union
    select source_id from reference.methods where method = $method
    union
    select source_id from reference.park_methods where method = $method
    union
    select source_id from all_levels.parks where park_id = $park_id

)

select source_id, title_zh, title_en, publisher, edition_year, licence, origin, url_or_citation
from reference.sources
where source_id in (select source_id from used)
order by source_id

-- name: names
select 'item' as kind, fuel_code as code, name_zh, name_en
from reference.fuels
where
    fuel_code in (select item_code from activities)
    or fuel_code in (select fuel_code from all_levels.park_energy where park_id = $park_id)
    or fuel_code in ('electricity', 'heat')
union all
select 'industry', industry_code, name_zh, name_en
from reference.industries
where industry_code in (select industry_code from activities)
union all
select
    'enterprise',
    enterprise_id,
    any_value(name_zh order by _vintage desc, _row_number),
    any_value(name_zh order by _vintage desc, _row_number)
from rows_of_park('raw.park_returns_enterprises')
group by enterprise_id
union all
select 'unit', code, label_zh, label_en
from reference.codes
where
    column_name = 'unit'
    and (
        code in (select unit from activities)
        or code in (select unit from all_levels.park_energy where park_id = $park_id)
    )
order by 1, 2
