-- What targets are set for, year by year: absolute quantities, and intensities at constant prices,
-- as targets of intensity are meant. `activity` is what an intensity is multiplied with to give the
-- quantity it allows.
with region_year as (

    select * from {{ ref('region_year') }}

),

kaya_factors as (

    select * from {{ ref('kaya_factors') }}

),

deflators as (

    select * from {{ ref('int_economy__deflators_derived') }}

),

joined as (

    select
        region_year.region_code,
        region_year.method,
        region_year.year,
        region_year.coal_t,
        region_year.co2_t,
        region_year.industrial_co2_t,
        region_year.energy_tce,
        kaya_factors.energy_tce as industrial_energy_tce,
        region_year.gdp_10k_cny / nullif(deflators.deflator, 0) as gdp_10k_cny,
        region_year.industrial_value_added_10k_cny / nullif(deflators.deflator, 0)
            as industrial_value_added_10k_cny,
        greatest({{ origin_rank('region_year.origin') }}, 2) as origin_rank
    from region_year
    left join deflators
        on
            region_year.region_code = deflators.region_code
            and region_year.year = deflators.year
    left join kaya_factors
        on
            region_year.region_code = kaya_factors.region_code
            and region_year.method = kaya_factors.method
            and region_year.year = kaya_factors.year

),

long as (

    {% for parameter, quantity, activity, unit in [
        ('coal_t', 'coal_t', none, 't'),
        ('co2_t_per_10k_cny', 'co2_t', 'gdp_10k_cny', 't'),
        ('energy_tce_per_gdp_10k_cny', 'energy_tce', 'gdp_10k_cny', 'tce'),
        ('industrial_co2_t_per_10k_cny', 'industrial_co2_t', 'industrial_value_added_10k_cny', 't'),
        (
            'energy_tce_per_10k_cny', 'industrial_energy_tce', 'industrial_value_added_10k_cny',
            'tce',
        ),
    ] %}
        select
            region_code,
            method,
            year,
            '{{ parameter }}' as parameter,
            {% if activity %}
                {{ quantity }} / nullif({{ activity }}, 0) as value,
                {{ activity }} as activity,
            {% else %}
                {{ quantity }} as value,
                1e0 as activity,
            {% endif %}
            '{{ unit }}' as quantity_unit,
            origin_rank
        from joined
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select *
    from long
    where value is not null

)

select * from final
