-- CO2 per energy of each park against the bound of its class, over every energy use that is held.
-- Only that of the account at the equivalent value has the boundary and convention of the CO2.
with accounts as (

    select * from {{ ref('park_carbon_account') }}
    where is_own_view

),

bounds as (

    select * from {{ ref('core_ratio_bounds') }}

),

-- What is refused has no class, and rests on the clause of its method all the same.
method_clauses as (

    select
        method,
        max(clause_id) as clause_id
    from bounds
    group by method

),

standards as (

    select * from {{ ref('standards') }}

),

-- Of a year that is not known to its end neither the energy nor the class of the year is.
running_years as (

    select
        park_id,
        year
    from {{ ref('park_year_by_method') }}
    where
        method = '{{ var("default_method") }}'
        and months_known < {{ threshold('months_of_year') }}

),

facts as (

    select * from {{ ref('int_park__facts_latest') }}
    where energy_tce is not null

),

energies as (

    select
        park_id,
        year,
        method,
        'account' as energy_basis,
        cast(null as {{ type_name('varchar') }}) as boundary,
        'coal_equivalent' as tce_convention,
        net_co2_t,
        equivalent_energy_tce as basis_energy_tce,
        ratio_refusal,
        origin
    from accounts
    union all
    select
        park_id,
        year,
        method,
        'account' as energy_basis,
        cast(null as {{ type_name('varchar') }}) as boundary,
        'calorific' as tce_convention,
        net_co2_t,
        calorific_energy_tce as basis_energy_tce,
        coalesce(refusal, 'convention_differs') as ratio_refusal,
        origin
    from accounts
    union all
    select
        accounts.park_id,
        accounts.year,
        accounts.method,
        'returned' as energy_basis,
        facts.boundary,
        facts.tce_convention,
        accounts.net_co2_t,
        facts.energy_tce as basis_energy_tce,
        coalesce(accounts.refusal, 'boundary_differs') as ratio_refusal,
        accounts.origin
    from accounts
    inner join facts on accounts.park_id = facts.park_id and accounts.year = facts.year

),

judged as (

    select
        energies.park_id,
        energies.year,
        energies.method,
        energies.energy_basis,
        energies.boundary,
        energies.tce_convention,
        energies.net_co2_t,
        energies.basis_energy_tce,
        coalesce(
            energies.ratio_refusal,
            case when running_years.park_id is not null then 'months_missing' end
        ) as ratio_refusal,
        energies.origin
    from energies
    left join running_years
        on
            energies.park_id = running_years.park_id
            and energies.year = running_years.year

),

final as (

    select
        judged.park_id,
        judged.year,
        judged.method,
        judged.energy_basis,
        judged.boundary,
        judged.tce_convention,
        judged.net_co2_t,
        judged.basis_energy_tce,
        case
            when judged.ratio_refusal is null
                then judged.net_co2_t / nullif(judged.basis_energy_tce, 0)
        end as core_co2_t_per_tce,
        judged.ratio_refusal,
        bounds.energy_class,
        bounds.bound_co2_t_per_tce,
        case
            when judged.ratio_refusal is not null or bounds.energy_class is null then null
            when bounds.bound_co2_t_per_tce is null then 'unclassed'
            when
                {{ is_above(
                    'judged.net_co2_t',
                    'bounds.bound_co2_t_per_tce * judged.basis_energy_tce',
                    'judged.basis_energy_tce'
                ) }}
                then 'fails'
            else 'meets'
        end as bound_status,
        standards.clause_id,
        standards.clause_status,
        judged.origin
    from judged
    left join bounds
        on
            judged.method = bounds.method
            and judged.ratio_refusal is null
            and judged.basis_energy_tce >= bounds.class_from_tce
            and (judged.basis_energy_tce < bounds.class_to_tce or bounds.class_to_tce is null)
    left join method_clauses on judged.method = method_clauses.method
    left join standards
        on coalesce(bounds.clause_id, method_clauses.clause_id) = standards.clause_id

)

select * from final
order by park_id, year, method, energy_basis, boundary, tce_convention
