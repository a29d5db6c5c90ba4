-- The factors of each sector and fuel group, in the long form that LMDI reads: their product is
-- its CO2. What a group emits per energy is the mix of its fuels, and of who burns them, at the
-- factors of the base year (fuel_mix), times what has become of the factors since
-- (emission_factor): 1 where they are constant. A factor that is nothing over nothing has no value;
-- over a period it takes the one it has at the other end, so that what appears or goes is the
-- effect of the energy mix.
with activities as (

    select * from {{ ref('int_drivers__activities_united') }}

),

summed as (

    select
        entity_type,
        entity,
        region_code,
        identity,
        method,
        year,
        price_basis,
        sector || '/' || kaya_group as category,
        structure_by,
        activity_10k_cny,
        sector_activity_10k_cny,
        series_key,
        energy_tce,
        co2_t,
        base_factor_co2_t,
        grid_factor_year,
        sum(energy_tce) over (
            partition by entity, method, year, price_basis, sector
        ) as sector_energy_tce,
        sum(energy_tce) over (partition by entity, method, year, price_basis)
            as entity_energy_tce,
        is_split_frozen,
        origin_rank
    from activities

),

-- With value added by sector: activity x share of sector x energy per its value added. With energy
-- by sector: activity x energy per activity x share of sector. Without activity: energy itself.
factored as (

    select
        *,
        activity_10k_cny as activity,
        case
            when structure_by = 'value_added'
                then sector_activity_10k_cny / nullif(activity_10k_cny, 0)
            when structure_by = 'energy' then sector_energy_tce / nullif(entity_energy_tce, 0)
        end as structure,
        case
            when structure_by = 'energy' then entity_energy_tce / nullif(activity_10k_cny, 0)
            when activity_10k_cny is null then sector_energy_tce
            else
                sector_energy_tce
                / nullif(coalesce(sector_activity_10k_cny, activity_10k_cny), 0)
        end as energy_intensity,
        energy_tce / nullif(sector_energy_tce, 0) as energy_mix,
        base_factor_co2_t / nullif(energy_tce, 0) as fuel_mix,
        case
            when base_factor_co2_t <> 0 then co2_t / base_factor_co2_t
            when energy_tce <> 0 then 1
        end as emission_factor
    from summed

),

final as (

    {% for factor in [
        'activity', 'structure', 'energy_intensity', 'energy_mix', 'fuel_mix', 'emission_factor',
    ] %}
        select
            entity_type,
            entity,
            region_code,
            identity,
            method,
            year,
            price_basis,
            category,
            {% if factor == 'energy_intensity' -%}
                case when activity_10k_cny is null then 'energy' else '{{ factor }}' end as factor,
            {%- else -%}
                '{{ factor }}' as factor,
            {%- endif %}
            {{ factor }} as value,
            series_key,
            co2_t,
            grid_factor_year,
            is_split_frozen,
            origin_rank
        from factored
        {% if factor == 'activity' %}
            where activity_10k_cny is not null
        {% elif factor == 'structure' %}
            where
                structure_by = 'energy'
                or (structure_by = 'value_added' and sector_activity_10k_cny is not null)
        {% endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
-- What is summed from it adds in this order in every run.
order by entity, method, year, price_basis, category, factor
