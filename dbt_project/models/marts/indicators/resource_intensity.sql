-- Land, water, energy, carbon and air pollutants of parks over value added of industry above
-- designated size and over industrial land, beside the parks of the type in the province: every
-- resource of every park and year, returned or not.
with park_year as (

    {{ park_years_judged() | indent }}

),

park_types as (

    select * from {{ ref('park_types') }}

),

parks as (

    select * from {{ ref('parks') }}

),

regions as (

    select * from {{ ref('regions') }}

),

standards as (

    select * from {{ ref('standards') }}

),

returned as (

    select
        park_id,
        year,
        resource,
        sum(quantity) as quantity,
        max({{ origin_rank('origin') }}) as origin_rank
    from {{ ref('int_park__resources_returned') }}
    group by park_id, year, resource

),

resources as (

    select listed.*
    from (
        values
        ('land', 'ha'), ('water', 'm3'), ('energy', 'tce'), ('carbon', 't'),
        ('air_pollutants', 'equivalent')
    ) as listed (resource, unit)

),

asked as (

    select
        park_year.park_id,
        park_year.year,
        park_year.default_method,
        park_year.is_sample,
        regions.province_code,
        park_types.structure,
        resources.resource,
        resources.unit,
        park_year.industrial_value_added_10k_cny,
        land.quantity as industrial_area_ha,
        case resources.resource
            when 'energy' then park_year.energy_tce
            when 'carbon' then park_year.above_size_co2_t
            else returned.quantity
        end as quantity,
        -- What is missing is missing in the return of the park.
        greatest(
            2, {{ origin_rank('park_year.origin') }}, returned.origin_rank
        ) as origin_rank
    from park_year
    cross join resources
    inner join parks on park_year.park_id = parks.park_id
    inner join regions on parks.region_code = regions.region_code
    left join park_types
        on park_year.park_id = park_types.park_id and park_year.year = park_types.year
    left join returned
        on
            park_year.park_id = returned.park_id
            and park_year.year = returned.year
            and resources.resource = returned.resource
    left join returned as land
        on
            park_year.park_id = land.park_id
            and park_year.year = land.year
            and land.resource = 'land'

),

judged as (

    select
        *,
        case
            when industrial_value_added_10k_cny is null then 'value_added_not_returned'
            when industrial_value_added_10k_cny <= 0 then 'value_added_not_positive'
            when quantity is null then 'resource_not_returned'
            when quantity <= 0 then 'resource_not_positive'
        end as refusal
    from asked

),

measured as (

    select
        *,
        case when refusal is null then industrial_value_added_10k_cny / nullif(quantity, 0) end
            as industrial_va_per_quantity
    from judged

),

placed as (

    select
        *,
        count(industrial_va_per_quantity) over same_type as resource_peer_count,
        first_value(park_id) over best_first as best_resource_park_id,
        first_value(industrial_va_per_quantity) over best_first as best_va_per_quantity
    from measured
    window
        same_type as (partition by resource, year, province_code, structure),
        best_first as (
            partition by resource, year, province_code, structure
            order by
                {{ tie_value('industrial_va_per_quantity', 'industrial_va_per_quantity') }}
                desc nulls last, park_id
        )

),

compared as (

    select
        *,
        coalesce(
            refusal,
            case
                when resource_peer_count < {{ threshold('resource_peers_min') }}
                    then 'too_few_peers'
            end
        ) as share_refusal,
        'report_resources' as clause_id
    from placed

),

final as (

    select
        compared.park_id,
        compared.year,
        compared.resource,
        compared.default_method,
        compared.is_sample,
        compared.province_code,
        compared.structure,
        compared.industrial_value_added_10k_cny,
        compared.quantity,
        compared.unit,
        case
            when compared.industrial_value_added_10k_cny > 0
                then compared.quantity / nullif(compared.industrial_value_added_10k_cny, 0)
        end as quantity_per_industrial_va,
        compared.quantity / nullif(compared.industrial_area_ha, 0) as quantity_by_industrial_land,
        compared.industrial_va_per_quantity,
        cast(compared.resource_peer_count as integer) as resource_peer_count,
        case when compared.share_refusal is null then compared.best_resource_park_id end
            as best_resource_park_id,
        -- The best has 1 whatever the last digits of a tie are.
        case
            when compared.share_refusal is null
                then
                    least(
                        1,
                        compared.industrial_va_per_quantity
                        / nullif(compared.best_va_per_quantity, 0)
                    )
        end as share_of_best,
        compared.share_refusal as refusal,
        standards.clause_id,
        standards.clause_status,
        {{ origin_of_rank('compared.origin_rank') }} as origin
    from compared
    left join standards on compared.clause_id = standards.clause_id

)

select * from final
order by park_id, year, resource
