-- What each park could do: the measures that it returned, and where it returned none those of the
-- table of defaults, sized by what the entry emits. The defaults are assumptions and say so.
with bases as (

    select * from {{ ref('park_path_bases') }}

),

defaults as (

    select * from {{ ref('path_measure_defaults') }}

),

returned as (

    {{ latest_edition(
        ref('stg_park_returns__path_measures'), ['park_id', 'path_measure_id']
    ) | indent }}

),

parks_returned as (

    select distinct park_id
    from returned

),

standards as (

    select * from {{ ref('standards') }}

),

starts as (

    select
        park_id,
        method,
        base_year,
        max({{ origin_rank('origin') }}) as origin_rank
    from bases
    group by park_id, method, base_year

),

united as (

    select
        starts.park_id,
        starts.method,
        starts.base_year,
        returned.path_measure_id,
        returned.measure_name,
        returned.path_measure_kind,
        returned.cut_entry,
        returned.cut_co2_t,
        returned.added_entry,
        returned.added_co2_t,
        returned.energy_change_tce,
        returned.capital_10k_cny,
        returned.yearly_cost_10k_cny,
        returned.life_years,
        returned.lead_years,
        'returned' as measure_basis,
        'proposal_path' as clause_id,
        returned.source_id,
        greatest(starts.origin_rank, {{ origin_rank('returned.origin') }}) as origin_rank
    from returned
    inner join starts on returned.park_id = starts.park_id
    union all
    select
        bases.park_id,
        bases.method,
        bases.base_year,
        defaults.path_measure_kind as path_measure_id,
        cast(null as {{ type_name('varchar') }}) as measure_name,
        defaults.path_measure_kind,
        defaults.cut_entry,
        bases.entry_co2_t * defaults.potential_share as cut_co2_t,
        defaults.added_entry,
        bases.entry_co2_t * defaults.potential_share * defaults.added_t_per_t as added_co2_t,
        bases.entry_co2_t * defaults.potential_share * defaults.energy_tce_per_t
            as energy_change_tce,
        bases.entry_co2_t * defaults.potential_share * defaults.capital_10k_cny_per_t
            as capital_10k_cny,
        bases.entry_co2_t * defaults.potential_share * defaults.yearly_cost_10k_cny_per_t
            as yearly_cost_10k_cny,
        defaults.life_years,
        defaults.lead_years,
        'default' as measure_basis,
        defaults.clause_id,
        defaults.source_id,
        3 as origin_rank
    from bases
    inner join defaults on bases.entry = defaults.cut_entry
    left join parks_returned on bases.park_id = parks_returned.park_id
    where parks_returned.park_id is null and bases.entry_co2_t > 0

),

final as (

    select
        united.park_id,
        united.method,
        united.base_year,
        united.path_measure_id,
        united.measure_name,
        united.path_measure_kind,
        united.cut_entry,
        united.cut_co2_t,
        united.added_entry,
        united.added_co2_t,
        united.energy_change_tce,
        united.capital_10k_cny,
        united.yearly_cost_10k_cny,
        cast(united.life_years as integer) as life_years,
        -- The yearly payment that pays the capital back over the life, at the discount rate.
        case
            when coalesce(united.capital_10k_cny, 0) = 0 then 0
            else
                united.capital_10k_cny * {{ threshold('path_discount_rate') }}
                / nullif(
                    1 - power(1 + {{ threshold('path_discount_rate') }}, -united.life_years), 0
                )
        end as annuity_10k_cny,
        united.lead_years,
        united.measure_basis,
        united.clause_id,
        standards.clause_status,
        united.source_id,
        {{ origin_of_rank('greatest(2, united.origin_rank)') }} as origin
    from united
    left join standards on united.clause_id = standards.clause_id

)

select * from final
order by park_id, method, path_measure_id
