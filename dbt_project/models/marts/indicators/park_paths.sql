-- What a path that a park returned comes to, year by year: the measures in use, what they leave of
-- CO2 and energy, the bound of the class that this energy falls into, and the cost. Without its
-- measures the park stays as it was in the base year. A step that cannot be is a fault of its year.
with steps as (

    {{ latest_edition(
        ref('stg_park_returns__path_steps'),
        ['park_id', 'path_id', 'path_measure_id', 'year']
    ) | indent }}

),

measures as (

    select * from {{ ref('park_path_measures') }}

),

bases as (

    select * from {{ ref('park_path_bases') }}

),

bounds as (

    select * from {{ ref('core_ratio_bounds') }}

),

standards as (

    select * from {{ ref('standards') }}

),

starts as (

    select
        park_id,
        method,
        base_year,
        max(net_co2_t) as net_co2_t,
        max(basis_energy_tce) as basis_energy_tce,
        max({{ origin_rank('origin') }}) as origin_rank
    from bases
    group by park_id, method, base_year

),

taken as (

    select
        steps.park_id,
        steps.path_id,
        steps.year,
        steps.path_measure_id,
        steps.planned_share,
        starts.method,
        starts.base_year,
        starts.net_co2_t,
        starts.basis_energy_tce,
        measures.cut_entry,
        measures.added_entry,
        steps.planned_share * measures.cut_co2_t as cut_co2_t,
        steps.planned_share * coalesce(measures.added_co2_t, 0) as added_co2_t,
        steps.planned_share * coalesce(measures.energy_change_tce, 0) as energy_change_tce,
        steps.planned_share
        * (coalesce(measures.annuity_10k_cny, 0) + measures.yearly_cost_10k_cny) as cost_10k_cny,
        case
            when measures.path_measure_id is null then 'unknown_measure'
            when
                steps.planned_share > 0
                and steps.year < starts.base_year + measures.lead_years
                then 'before_lead_time'
        end as step_fault,
        greatest(
            starts.origin_rank,
            {{ origin_rank('steps.origin') }},
            case
                when measures.origin is not null then {{ origin_rank('measures.origin') }} else 1
            end
        ) as origin_rank
    from steps
    inner join starts on steps.park_id = starts.park_id
    left join measures
        on
            steps.park_id = measures.park_id
            and starts.method = measures.method
            and steps.path_measure_id = measures.path_measure_id

),

-- What measures take off and add to each entry.
entry_changes as (

    select
        park_id,
        method,
        path_id,
        year,
        cut_entry as entry,
        -cut_co2_t as change_co2_t
    from taken
    where cut_entry is not null
    union all
    select
        park_id,
        method,
        path_id,
        year,
        added_entry as entry,
        added_co2_t as change_co2_t
    from taken
    where added_entry is not null

),

entry_sums as (

    select
        entry_changes.park_id,
        entry_changes.method,
        entry_changes.path_id,
        entry_changes.year,
        entry_changes.entry,
        sum(entry_changes.change_co2_t) as change_co2_t
    from entry_changes
    group by
        entry_changes.park_id, entry_changes.method, entry_changes.path_id, entry_changes.year,
        entry_changes.entry

),

overdrawn as (

    select
        entry_sums.park_id,
        entry_sums.method,
        entry_sums.path_id,
        entry_sums.year,
        count(*) as entry_count
    from entry_sums
    left join bases
        on
            entry_sums.park_id = bases.park_id
            and entry_sums.method = bases.method
            and entry_sums.entry = bases.entry
    where
        {{ is_below(
            'coalesce(bases.entry_co2_t, 0) + entry_sums.change_co2_t', '0',
            'abs(entry_sums.change_co2_t)'
        ) }}
    group by entry_sums.park_id, entry_sums.method, entry_sums.path_id, entry_sums.year

),

summed as (

    select
        park_id,
        method,
        path_id,
        year,
        base_year,
        net_co2_t,
        basis_energy_tce,
        count(case when planned_share > 0 then 1 end) as measure_count,
        net_co2_t - sum(cut_co2_t - added_co2_t) as path_co2_t,
        basis_energy_tce + sum(energy_change_tce) as path_energy_tce,
        sum(cost_10k_cny) as path_cost_10k_cny,
        min(step_fault) as step_fault,
        max(origin_rank) as origin_rank
    from taken
    group by park_id, method, path_id, year, base_year, net_co2_t, basis_energy_tce

),

judged as (

    select
        summed.*,
        coalesce(
            summed.step_fault, case when overdrawn.park_id is not null then 'entry_overdrawn' end
        ) as path_fault,
        bounds.energy_class,
        bounds.bound_co2_t_per_tce,
        bounds.clause_id
    from summed
    left join overdrawn
        on
            summed.park_id = overdrawn.park_id
            and summed.method = overdrawn.method
            and summed.path_id = overdrawn.path_id
            and summed.year = overdrawn.year
    left join bounds
        on
            summed.method = bounds.method
            and summed.path_energy_tce >= bounds.class_from_tce
            and (summed.path_energy_tce < bounds.class_to_tce or bounds.class_to_tce is null)

),

final as (

    select
        judged.park_id,
        judged.method,
        judged.path_id,
        judged.year,
        judged.base_year,
        cast(judged.measure_count as integer) as measure_count,
        case when judged.path_fault is null then judged.path_co2_t end as path_co2_t,
        case when judged.path_fault is null then judged.path_energy_tce end as path_energy_tce,
        case
            when judged.path_fault is null
                then judged.path_co2_t / nullif(judged.path_energy_tce, 0)
        end as path_co2_t_per_tce,
        judged.energy_class,
        judged.bound_co2_t_per_tce,
        case
            when judged.path_fault is not null or judged.energy_class is null then null
            when judged.bound_co2_t_per_tce is null then 'unclassed'
            when
                {{ is_above(
                    'judged.path_co2_t',
                    'judged.bound_co2_t_per_tce * judged.path_energy_tce',
                    'judged.path_energy_tce'
                ) }}
                then 'fails'
            else 'meets'
        end as bound_status,
        case when judged.path_fault is null then judged.path_cost_10k_cny end
            as path_cost_10k_cny,
        judged.path_fault,
        judged.clause_id,
        standards.clause_status,
        {{ origin_of_rank('greatest(2, judged.origin_rank)') }} as origin
    from judged
    left join standards on judged.clause_id = standards.clause_id

)

select * from final
order by park_id, method, path_id, year
