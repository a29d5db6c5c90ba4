-- The criteria of the condition to peak, year by year. A peaking plan tells of the last year a park
-- returned, and of no year before it was made.
with criteria as (

    select * from {{ ref('management_criteria') }}

),

conditions as (

    select * from {{ ref('management_conditions') }}

),

standards as (

    select * from {{ ref('standards') }}

),

park_year as (

    {{ park_years_judged() | indent }}

),

carbon_codes as (

    select * from {{ ref('park_carbon_codes') }}
    where is_in_jurisdiction and efficiency_ratio is not null

),

peak_plans as (

    select * from {{ ref('park_peak_plans') }}
    where plan_answer <> 'not_returned'

),

years as (

    select
        park_id,
        year,
        origin,
        coal_share_of_energy,
        co2_t,
        above_size_co2_t / nullif(industrial_value_added_10k_cny, 0) as intensity,
        lag(year) over (partition by park_id order by year) as year_before,
        lag(co2_t) over (partition by park_id order by year) as co2_before,
        lag(above_size_co2_t / nullif(industrial_value_added_10k_cny, 0)) over (
            partition by park_id
            order by year
        ) as intensity_before,
        max(year) over (partition by park_id) as last_year
    from park_year

),

efficiencies as (

    select
        park_id,
        year,
        max(efficiency_ratio) as efficiency_ratio
    from carbon_codes
    group by park_id, year

),

measured as (

    select
        park_id,
        year,
        'co2_change_rate' as criterion,
        cast(case when year_before = year - 1 then co2_t / nullif(co2_before, 0) - 1 end as double)
            as value,
        false as is_refused
    from years
    union all
    select
        park_id,
        year,
        'intensity_change_rate' as criterion,
        case when year_before = year - 1 then intensity / nullif(intensity_before, 0) - 1 end
            as value,
        false as is_refused
    from years
    union all
    select
        park_id,
        year,
        'coal_share_of_energy' as criterion,
        coal_share_of_energy as value,
        false as is_refused
    from years
    union all
    select
        park_id,
        year,
        'efficiency_ratio' as criterion,
        efficiency_ratio as value,
        false as is_refused
    from efficiencies
    {% for criterion in ['peak_year', 'increase_rate'] %}
        union all
        select
            years.park_id,
            years.year,
            '{{ criterion }}' as criterion,
            cast(peak_plans.{{ criterion }} as double) as value,
            peak_plans.plan_answer = 'no' as is_refused
        from years
        inner join peak_plans on years.park_id = peak_plans.park_id
        where years.year = years.last_year or years.year >= peak_plans.plan_year
    {% endfor %}

),

marked as (

    select
        criteria.criterion,
        criteria.good_max,
        criteria.fair_max,
        criteria.clause_id,
        years.park_id,
        years.year,
        years.origin,
        measured.value,
        -- Without a plan nobody knows when the peak is.
        case
            when measured.is_refused then 'poor'
            when measured.value is null then null
            when
                not {{ is_above('measured.value', 'criteria.good_max', 'abs(criteria.good_max)') }}
                then 'good'
            when
                not {{ is_above('measured.value', 'criteria.fair_max', 'abs(criteria.fair_max)') }}
                then 'fair'
            else 'poor'
        end as condition
    from years
    cross join criteria
    left join measured
        on
            years.park_id = measured.park_id
            and years.year = measured.year
            and criteria.criterion = measured.criterion

),

final as (

    select
        marked.park_id,
        marked.year,
        marked.criterion,
        marked.value,
        marked.good_max,
        marked.fair_max,
        marked.condition,
        conditions.points,
        marked.clause_id,
        standards.clause_status,
        {{ origin_of_rank('greatest(2, ' ~ origin_rank('marked.origin') ~ ')') }} as origin
    from marked
    inner join standards on marked.clause_id = standards.clause_id
    left join conditions on marked.condition = conditions.condition

)

select * from final
order by park_id, year, criterion
