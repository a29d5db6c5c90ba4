{% set indicators = {'coal_t': 'coal_t', 'coal_tce': 'coal_tce', 'energy_tce': 'energy_tce'} %}

with facts as (

    select * from {{ ref('int_park__facts_latest') }}
    where boundary = 'above_size_industry'

),

industry_energy as (

    select * from {{ ref('int_park__industry_energy') }}

),

long as (

    {% for indicator, column in indicators.items() %}
        select
            industry_energy.park_id,
            industry_energy.year,
            '{{ indicator }}' as indicator,
            industry_energy.{{ column }} as enterprise_total,
            facts.{{ column }} as park_total
        from industry_energy
        left join facts
            on industry_energy.park_id = facts.park_id and industry_energy.year = facts.year
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        park_id,
        year,
        indicator,
        enterprise_total,
        park_total,
        enterprise_total - park_total as total_difference,
        enterprise_total / nullif(park_total, 0) - 1 as relative_difference,
        case
            when park_total is null or enterprise_total is null then 'not_stated'
            when
                abs(enterprise_total - park_total)
                <= {{ threshold('roll_up_tolerance') }} * abs(park_total)
                then 'equal'
            when enterprise_total > park_total then 'enterprises_exceed_park'
            else 'enterprises_below_park'
        end as status
    from long

)

select * from final
order by park_id, year, indicator
