{% set tables = [
    'standard_balance', 'fuel_balance', 'comprehensive_balance', 'industry_energy',
    'industry_fuel_use', 'city_electricity',
] %}

with united as (

    {% for table in tables %}
        select
            '{{ table }}' as table_name,
            region_code,
            year,
            balance_item,
            industry_code,
            fuel_code,
            unit,
            vintage,
            quantity,
            value_status,
            origin,
            source_id,
            _load_id
        from {{ ref('stg_provincial_yearbooks__' ~ table) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}
    where tce_set = '{{ var("tce_set") }}'

),

-- Sectors printed finer than GB/T 4754 (rubber and plastics) are added, within one file.
added as (

    select
        table_name,
        region_code,
        year,
        balance_item,
        industry_code,
        fuel_code,
        unit,
        vintage,
        sum(quantity) as quantity,
        case
            when bool_or(value_status = 'imputed') then 'imputed'
            when bool_or(value_status = 'reported') then 'reported'
            when bool_or(value_status = 'zero') then 'zero'
            else min(value_status)
        end as value_status,
        max({{ origin_rank('origin') }}) as origin_rank,
        min(source_id) as source_id
    from united
    where {{ is_known_vintage('vintage') }}
    group by
        table_name, region_code, year, balance_item, industry_code, fuel_code, unit, vintage,
        _load_id

),

final as (

    select
        added.table_name,
        added.region_code,
        added.year,
        added.balance_item,
        added.industry_code,
        added.fuel_code,
        added.unit,
        added.vintage,
        added.vintage = max(added.vintage) over (
            partition by
                added.table_name, added.region_code, added.year, added.balance_item,
                added.industry_code, added.fuel_code, added.unit
        ) as is_latest_vintage,
        added.quantity,
        case
            when added.unit = 'tce' then added.quantity
            else added.quantity * tce_coefficients.tce_per_unit
        end as energy_tce,
        added.value_status,
        {{ origin_of_rank('added.origin_rank') }} as origin,
        added.source_id
    from added
    left join tce_coefficients
        on
            added.fuel_code = tce_coefficients.fuel_code
            and added.unit = tce_coefficients.unit

)

select * from final
order by
    table_name, region_code, year, balance_item, industry_code, fuel_code, unit, vintage
