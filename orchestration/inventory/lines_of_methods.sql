-- What was done and what it emitted, from the rows of account_of_methods.sql.
create or replace temp table activities as
with counted as (

    select
        explained.year,
        explained.enterprise_id,
        explained.industry_code,
        explained.narrowest_boundary,
        explained.fuel_code as item_code,
        cast(null as varchar) as line_detail,
        1 as sign,
        explained.scope,
        explained.factor_id,
        case
            when explained.scope = '1' then 'combustion'
            when fuels.fuel_group = 'heat' then 'purchased_heat'
            else 'purchased_electricity'
        end as entry,
        explained.quantity,
        explained.unit,
        explained.co2_t_per_quantity,
        explained.co2_t,
        explained.co2e_t,
        explained.origin,
        max(
            case explained.cell_origin
                when 'observed' then 1 when 'derived' then 2 else 3
            end
        ) as status_rank,
        min(explained.activity_source_id) as source_id
    from explained
    left join reference.fuels on explained.fuel_code = fuels.fuel_code
    where explained.co2_t is not null
    group by all

)

select
    row_number() over (
        partition by year
        order by entry, item_code, enterprise_id, industry_code, narrowest_boundary, scope, factor_id
    ) as activity_no,
    case status_rank when 1 then 'have' when 2 then 'estimated' else 'reconstructed' end as status,
    counted.* exclude (status_rank)
from counted;

create or replace temp table lines as
with gases as (

    select
        *,
        'co2' as gas,
        co2_t_per_quantity as factor_value,
        co2_t as line_co2e_t
    from activities
    union all
    select
        *,
        'ch4_n2o' as gas,
        (co2e_t - co2_t) / nullif(quantity, 0) as factor_value,
        co2e_t - co2_t as line_co2e_t
    from activities
    where scope = '1' and co2e_t <> co2_t

)

select
    row_number() over (partition by year order by activity_no, gas) as line_no,
    year,
    activity_no,
    entry,
    cast(null as varchar) as view,
    true as is_in_net,
    scope,
    gas,
    enterprise_id,
    industry_code,
    item_code,
    line_detail,
    unit,
    sign,
    factor_id,
    -- The same factor, worked out from different quantities, differs in its last digits.
    factor_id || ' ' || gas || ' ' || printf('%.10g', factor_value) as factor_key,
    'default' as factor_basis,
    factor_value,
    line_co2e_t as co2e_t,
    origin,
    cast(null as varchar) as clause_id
from gases;

create or replace temp table cells as
select
    activities.activity_no,
    explained.year,
    explained.raw_table,
    explained.file_name,
    explained.sheet_name,
    explained.row_number,
    explained.column_name,
    explained.value_text,
    explained.unit_label,
    explained.to_unit_factor,
    explained.weight,
    explained.cell_quantity,
    explained.input_role,
    true as makes_quantity,
    explained.activity_source_id as source_id
from explained
inner join activities
    on
        explained.year = activities.year
        and explained.enterprise_id is not distinct from activities.enterprise_id
        and explained.industry_code is not distinct from activities.industry_code
        and explained.narrowest_boundary is not distinct from activities.narrowest_boundary
        and explained.fuel_code = activities.item_code
        and explained.scope = activities.scope
        and explained.factor_id is not distinct from activities.factor_id;

create or replace temp table factors as
with keys as (

    select
        year,
        factor_key,
        any_value(factor_id order by line_no) as factor_id,
        any_value(gas order by line_no) as gas,
        any_value(item_code order by line_no) as item_code,
        any_value(unit order by line_no) as unit,
        any_value(factor_value order by line_no) as factor_value
    from lines
    group by year, factor_key

),

described as (

    select
        factor_id,
        any_value(factor_origin order by file_name, row_number, column_name) as origin,
        any_value(factor_source_id order by file_name, row_number, column_name) as source_id,
        any_value(factor_note order by file_name, row_number, column_name) as note
    from explained
    where factor_id is not null
    group by factor_id

)

select
    keys.*,
    emission_factors.ncv_gj_per_unit,
    emission_factors.carbon_content_tc_per_gj,
    emission_factors.oxidation_rate,
    emission_factors.co2_t_per_unit as printed_factor,
    emission_factors.unit as printed_unit,
    emission_factors.confidence,
    described.origin,
    described.source_id,
    described.note
from keys
left join described on keys.factor_id = described.factor_id
left join reference.emission_factors on keys.factor_id = emission_factors.factor_id;

create or replace temp table not_counted as
select
    year,
    enterprise_id,
    fuel_code as item_code,
    unit,
    cell_quantity,
    column_name,
    file_name,
    row_number
from explained
where co2_t is null;
