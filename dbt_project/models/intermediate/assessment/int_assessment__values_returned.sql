-- What was returned of the quantities that the yearly assessment rests on, in the unit of each: the
-- value of the year, which counts only where nothing held computes it, and the target set for it.
with measures as (

    select * from {{ ref('assessment_measures') }}
    where unit is not null

),

units as (

    select * from {{ ref('units') }}

),

returned as (

    {{ latest_edition(
        ref('stg_government_bulletins__assessment_values'),
        ['region_code', 'year', 'indicator']
    ) | indent }}

),

converted as (

    select
        returned.region_code,
        returned.year,
        returned.indicator,
        measures.indicator_method,
        measures.unit,
        measures.preference,
        measures.possible_max,
        case
            when measures.indicator_method = 'returned'
                then returned.reached_value * units.to_unit_factor
        end as reached_value,
        returned.target_value * units.to_unit_factor as target_value,
        coalesce(units.unit = measures.unit, false) as is_in_unit,
        returned.source_id,
        returned.origin
    from returned
    inner join measures on returned.indicator = measures.indicator
    left join units on returned.unit = units.unit_label

),

judged as (

    select
        *,
        case
            when not is_in_unit then 'unit_mismatch'
            when
                {{ is_above('reached_value', 'possible_max', 'possible_max') }}
                or {{ is_above('target_value', 'possible_max', 'possible_max') }}
                then 'exceeds_possible'
        end as refusal
    from converted

),

final as (

    select
        region_code,
        year,
        indicator,
        indicator_method,
        unit,
        preference,
        case when refusal is null then reached_value end as reached_value,
        case when refusal is null then target_value end as target_value,
        refusal,
        case origin
            when 'observed' then 'sourced'
            when 'derived' then 'inferred'
            else 'assumption'
        end as provenance,
        source_id,
        greatest({{ origin_rank('origin') }}, 2) as origin_rank
    from judged

)

select * from final
