-- The cases a scenario is calculated for, and by how much each moves each uncertain input: the
-- central case moves none; a draw moves all, by a point of a rank-1 lattice (marginals exactly
-- uniform, the same on any engine), shifted by var scenario_seed; a low or high case moves one.
with inputs as (

    select * from {{ ref('scenario_uncertainties') }}

),

settings as (

    select
        {{ threshold('lattice_points') }} as points,
        {{ threshold('interval_low') }} as probability_low,
        {{ threshold('interval_high') }} as probability_high

),

numbers as (

    {{ whole_numbers() | indent }}

),

points as (

    select
        'draw' as case_kind,
        numbers.number as case_number,
        inputs.input,
        inputs.acts_on,
        inputs.low,
        inputs.high,
        {{ fraction_of(
            'numbers.number * inputs.lattice_multiplier / settings.points'
            ~ ' + sqrt(1 + inputs.lattice_dimension) * ' ~ var('scenario_seed')
        ) }} as probability
    from numbers
    cross join settings
    inner join inputs on numbers.number < settings.points

),

one_at_a_time as (

    {% for side in ['low', 'high'] %}
        select
            '{{ side }}' as case_kind,
            cases.lattice_dimension as case_number,
            inputs.input,
            inputs.acts_on,
            inputs.low,
            inputs.high,
            case when cases.input = inputs.input then settings.probability_{{ side }} end
                as probability
        from inputs as cases
        cross join settings
        cross join inputs
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

central as (

    select
        'central' as case_kind,
        0 as case_number,
        input,
        acts_on,
        low,
        high,
        cast(null as double) as probability
    from inputs

),

cases as (

    select * from points
    union all
    select * from one_at_a_time
    union all
    select * from central

),

final as (

    select
        case_kind,
        case_number,
        input,
        acts_on,
        case
            when probability is null then 0
            else {{ triangular('probability', 'low', 'high') }}
        end as shift
    from cases

)

select * from final
