-- Every field that a method needs of the forms that exist, in the last year a park returned:
-- whether it is there. A field of an enterprise's energy is one of each carrier it has; one that is
-- listed and returned none lacks its consumption.
{% set energy_columns = [
    'purchase_quantity', 'consumption_quantity', 'feedstock_quantity',
    'transformation_input_quantity', 'power_input_quantity', 'heat_input_quantity',
    'transformation_output_quantity', 'recovered_quantity', 'sales_quantity',
] %}
{% set park_forms = {
    'park_facts': [
        'gdp_10k_cny', 'industrial_value_added_10k_cny', 'industrial_output_10k_cny',
        'energy_tce', 'green_electricity_mwh',
    ],
} %}

with required as (

    select distinct
        dataset,
        column_name,
        carrier_kind,
        industry_code
    from {{ ref('required_fields') }}
    where is_needed

),

returns as (

    select * from {{ ref('int_park__returns_latest') }}

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

units as (

    select * from {{ ref('int_park__units') }}

),

enterprises as (

    {{ latest_edition(
        ref('stg_park_returns__enterprises'),
        ['park_id', 'enterprise_id']
    ) | indent }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

{% for form in park_forms %}
    {{ form }} as (

        select * from {{ ref('stg_park_returns__' ~ form) }}
        where {{ is_known_vintage('vintage') }}

    ),

{% endfor %}
last_years as (

    select
        members.park_id,
        max(returns.year) as year
    from members
    inner join returns
        on
            members.list_park_id = returns.park_id
            and members.list_enterprise_id = returns.enterprise_id
            and members.year = returns.year
    group by members.park_id

),

placed as (

    select
        members.park_id,
        members.enterprise_id,
        members.list_park_id,
        members.list_enterprise_id,
        members.year,
        units.industry_code
    from members
    inner join last_years
        on members.park_id = last_years.park_id and members.year = last_years.year
    inner join units
        on
            members.park_id = units.park_id
            and members.enterprise_id = units.enterprise_id

),

-- Once for all fields, and of the last year alone: the returns are many.
returned as (

    select
        placed.park_id,
        placed.enterprise_id,
        placed.list_park_id,
        placed.list_enterprise_id,
        placed.year,
        placed.industry_code,
        returns.fuel_code,
        {% for column in energy_columns %}
            bool_or(returns.{{ column }} is not null) as has_{{ column }},
        {% endfor %}
        max({{ origin_rank('returns.origin') }}) as origin_rank
    from placed
    inner join returns
        on
            placed.list_park_id = returns.park_id
            and placed.list_enterprise_id = returns.enterprise_id
            and placed.year = returns.year
    group by
        placed.park_id, placed.enterprise_id, placed.list_park_id, placed.list_enterprise_id,
        placed.year, placed.industry_code, returns.fuel_code

),

energy as (

    {% for column in energy_columns %}
        select
            park_id,
            enterprise_id,
            list_park_id,
            list_enterprise_id,
            year,
            industry_code,
            fuel_code,
            '{{ column }}' as column_name,
            has_{{ column }} as is_given,
            origin_rank
        from returned
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

kinds as (

    select
        fuel_code,
        case when fuel_group in ('electricity', 'heat') then fuel_group else 'fuel' end
            as carrier_kind
    from fuels

),

of_energy as (

    select
        energy.park_id,
        energy.year,
        'park_returns_enterprise_energy' as dataset,
        energy.column_name,
        kinds.carrier_kind,
        energy.industry_code,
        energy.enterprise_id,
        energy.list_park_id,
        energy.list_enterprise_id,
        energy.fuel_code,
        energy.is_given,
        energy.origin_rank
    from energy
    inner join kinds on energy.fuel_code = kinds.fuel_code

),

silent as (

    select
        placed.park_id,
        placed.year,
        'park_returns_enterprise_energy' as dataset,
        'consumption_quantity' as column_name,
        cast(null as {{ type_name('varchar') }}) as carrier_kind,
        placed.industry_code,
        placed.enterprise_id,
        placed.list_park_id,
        placed.list_enterprise_id,
        cast(null as {{ type_name('varchar') }}) as fuel_code,
        false as is_given,
        cast(null as integer) as origin_rank
    from placed
    inner join enterprises
        on
            placed.list_park_id = enterprises.park_id
            and placed.list_enterprise_id = enterprises.enterprise_id
    left join returns
        on
            placed.list_park_id = returns.park_id
            and placed.list_enterprise_id = returns.enterprise_id
            and placed.year = returns.year
    where
        returns.park_id is null
        and coalesce(enterprises.operating_year_from, placed.year) <= placed.year
        and coalesce(enterprises.operating_year_to, placed.year) >= placed.year

),

of_parks as (

    {% for form, columns in park_forms.items() %}
        {% set last_form = loop.last %}
        {% for column in columns %}
            select
                last_years.park_id,
                last_years.year,
                'park_returns_{{ form }}' as dataset,
                '{{ column }}' as column_name,
                max(case when {{ form }}.{{ column }} is not null then 1 else 0 end) = 1
                    as is_given,
                max(
                    case
                        when {{ form }}.{{ column }} is not null
                            then {{ origin_rank(form ~ '.origin') }}
                    end
                ) as origin_rank
            from last_years
            left join {{ form }}
                on last_years.park_id = {{ form }}.park_id and last_years.year = {{ form }}.year
            group by last_years.park_id, last_years.year
            {% if not (loop.last and last_form) %}union all{% endif %}
        {% endfor %}
    {% endfor %}

),

united as (

    select * from of_energy
    union all
    select * from silent
    union all
    select
        park_id,
        year,
        dataset,
        column_name,
        cast(null as {{ type_name('varchar') }}) as carrier_kind,
        cast(null as {{ type_name('varchar') }}) as industry_code,
        cast(null as {{ type_name('varchar') }}) as enterprise_id,
        cast(null as {{ type_name('varchar') }}) as list_park_id,
        cast(null as {{ type_name('varchar') }}) as list_enterprise_id,
        cast(null as {{ type_name('varchar') }}) as fuel_code,
        is_given,
        origin_rank
    from of_parks

),

final as (

    select distinct
        united.park_id,
        united.year,
        united.dataset,
        united.column_name,
        united.carrier_kind,
        united.industry_code,
        united.enterprise_id,
        united.list_park_id,
        united.list_enterprise_id,
        united.fuel_code,
        case
            when not united.is_given then 'missing'
            when {{ origin_of_rank('united.origin_rank') }} = 'reconstructed' then 'estimated'
            else 'have'
        end as status
    from united
    inner join required
        on
            united.dataset = required.dataset
            and united.column_name = required.column_name
            and (
                required.carrier_kind is null
                or united.carrier_kind = required.carrier_kind
            )
            and (
                required.industry_code is null
                or united.industry_code = required.industry_code
            )

)

select * from final
