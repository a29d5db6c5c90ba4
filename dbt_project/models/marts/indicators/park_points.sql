-- What a report compares two parks by, for every park: numbers and, where it is words, a text.
with park_year as (

    select * from {{ ref('park_year_by_method') }}

),

park_types as (

    select * from {{ ref('park_types') }}

),

peak_plans as (

    select * from {{ ref('park_peak_plans') }}

),

industry_energy as (

    select * from {{ ref('int_park__industry_energy') }}

),

sources as (

    select * from {{ ref('int_park__sources_ranked') }}

),

parks as (

    select * from {{ ref('parks') }}

),

periods as (

    select * from {{ ref('int_park__periods') }}

),

ends as (

    select
        now.park_id,
        now.method,
        periods.year_from,
        periods.year_to,
        now.energy_tce,
        now.energy_tce_per_industrial_output,
        now.co2_t,
        now.gdp_10k_cny,
        before.energy_tce as energy_tce_from,
        before.energy_tce_per_industrial_output as energy_tce_per_industrial_output_from,
        before.co2_t as co2_t_from,
        cast(periods.year_to - periods.year_from as double) as years_between
    from park_year as now
    inner join periods on now.park_id = periods.park_id and now.year = periods.year_to
    left join park_year as before
        on
            now.park_id = before.park_id
            and now.method = before.method
            and periods.year_from = before.year

),

coal as (

    select
        now.park_id,
        now.raw_coal_t - middle.raw_coal_t as change_over_two_years_t,
        now.raw_coal_t - before.raw_coal_t as change_over_period_t
    from industry_energy as now
    inner join periods on now.park_id = periods.park_id and now.year = periods.year_to
    left join industry_energy as middle
        on now.park_id = middle.park_id and periods.year_to - 2 = middle.year
    left join industry_energy as before
        on now.park_id = before.park_id and periods.year_from = before.year

),

main_sources as (

    select
        first_source.park_id,
        first_source.method,
        first_source.co2_share,
        first_source.label_zh
        || case first_source.trend
            when 'rising' then '是最主要排放源且占比持续上升'
            when 'falling' then '是最主要排放源但占比持续下降'
            else '是最主要排放源'
        end as source_text,
        '以' || first_source.source_name_zh || '、' || second_source.source_name_zh || '为主'
            as mix_text
    from sources as first_source
    inner join periods
        on first_source.park_id = periods.park_id and first_source.year = periods.year_to
    left join sources as second_source
        on
            first_source.park_id = second_source.park_id
            and first_source.year = second_source.year
            and first_source.method = second_source.method
            and second_source.source_rank = 2
    where first_source.source_rank = 1

),

types as (

    select
        park_types.park_id,
        park_types.two_high_output_share,
        case park_types.structure when 'industry_type' then '行业类' else '综合类' end
        || case parks.level
            when 'national' then '国家级园区'
            when 'provincial' then '省级园区'
            else '园区'
        end as type_text
    from park_types
    inner join parks on park_types.park_id = parks.park_id
    inner join periods
        on park_types.park_id = periods.park_id and park_types.year = periods.year_to

),

wide as (

    select
        ends.*,
        types.two_high_output_share,
        types.type_text,
        main_sources.co2_share as main_source_share,
        main_sources.source_text,
        main_sources.mix_text,
        coal.change_over_two_years_t,
        coal.change_over_period_t,
        power(ends.energy_tce / nullif(ends.energy_tce_from, 0), 1 / nullif(ends.years_between, 0))
        - 1 as energy_growth_rate,
        power(
            ends.energy_tce_per_industrial_output
            / nullif(ends.energy_tce_per_industrial_output_from, 0),
            1 / nullif(ends.years_between, 0)
        ) - 1 as intensity_growth_rate,
        ends.co2_t / nullif(ends.co2_t_from, 0) - 1 as co2_change_rate,
        cast(peak_plans.peak_year as double) as peak_year,
        peak_plans.peak_co2_t,
        peak_plans.increase_rate
    from ends
    left join types on ends.park_id = types.park_id
    left join main_sources
        on ends.park_id = main_sources.park_id and ends.method = main_sources.method
    left join coal on ends.park_id = coal.park_id
    left join peak_plans on ends.park_id = peak_plans.park_id

),

final as (

    {% for indicator, parts in {
        'type': ['two_high_output_share', 'type_text', '1'],
        'energy_mix': ['main_source_share', 'mix_text', '1'],
        'gdp': ['gdp_10k_cny', none, '10k_cny'],
        'industrial_energy': ['energy_tce', none, 'tce'],
        'industrial_energy_growth': ['energy_growth_rate', none, '1'],
        'energy_per_output': ['energy_tce_per_industrial_output', none, 'tce_per_10k_cny'],
        'energy_per_output_growth': ['intensity_growth_rate', none, '1'],
        'raw_coal_change_two_years': ['change_over_two_years_t', none, 't'],
        'raw_coal_change_period': ['change_over_period_t', none, 't'],
        'co2': ['co2_t', none, 't'],
        'co2_change': ['co2_change_rate', none, '1'],
        'main_source': ['main_source_share', 'source_text', '1'],
        'peak_year': ['peak_year', none, 'year'],
        'peak_co2': ['peak_co2_t', none, 't'],
        'peak_increase': ['increase_rate', none, '1'],
    }.items() %}
        select
            park_id,
            method,
            '{{ indicator }}' as indicator,
            cast({{ loop.index0 }} + 1 as integer) as sort,
            year_from,
            year_to,
            {{ parts[0] }} as value,
            {% if parts[1] %}
                {{ parts[1] }} as value_text,
            {% else %}
                cast(null as {{ type_name('varchar') }}) as value_text,
            {% endif %}
            '{{ parts[2] }}' as unit
        from wide
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
order by park_id, method, sort
