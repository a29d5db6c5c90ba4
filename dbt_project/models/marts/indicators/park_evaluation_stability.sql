-- In which quarter of the places a park lies by weights drawn at random: of the last year of each
-- province, for the sets that ask for it. Indicators are columns here, so that parks times draws is
-- all there is.
{% set slots = draw_primes().split(', ') %}

with evaluated as (

    select * from {{ ref('park_evaluation_indicators') }}
    where weighting = 'equal' and scaled_value is not null

),

indicators as (

    select * from {{ ref('evaluation_indicators') }}

),

sets as (

    select * from {{ ref('evaluation_sets') }}
    where is_drawn

),

standards as (

    select * from {{ ref('standards') }}

),

last_years as (

    select
        set_id,
        province_code,
        max(year) as year
    from evaluated
    group by set_id, province_code

),

drawn as (

    {{ dirichlet_draws(threshold('evaluation_draws')) | indent }}

),

-- The weights make one, so what is equal but for the last digits is of that size.
settings as (

    select
        {{ threshold('evaluation_draws') }} as draw_count,
        {{ tie_step('1') }} as tie_step

),

draws as (

    select
        drawn.*,
        settings.draw_count,
        settings.tie_step
    from drawn
    cross join settings

),

-- What a park lacks has no value and no weight.
parks as (

    select
        evaluated.set_id,
        evaluated.park_id,
        evaluated.year,
        {% for slot in slots %}
            max(
                case when indicators.slot = {{ loop.index }} then evaluated.scaled_value else 0 end
            ) as z_{{ loop.index }},
            max(case when indicators.slot = {{ loop.index }} then 1e0 else 0e0 end)
                as held_{{ loop.index }},
        {% endfor %}
        count(*) over (
            partition by evaluated.set_id, evaluated.province_code, evaluated.structure
        ) as peer_count,
        dense_rank() over (
            order by evaluated.set_id, evaluated.province_code, evaluated.structure
        ) as group_number,
        row_number() over (order by evaluated.set_id, evaluated.park_id) as park_number
    from evaluated
    inner join sets on evaluated.set_id = sets.set_id
    inner join last_years
        on
            evaluated.set_id = last_years.set_id
            and evaluated.province_code = last_years.province_code
            and evaluated.year = last_years.year
    inner join indicators
        on
            evaluated.set_id = indicators.set_id
            and evaluated.indicator = indicators.indicator
    group by
        evaluated.set_id,
        evaluated.park_id,
        evaluated.year,
        evaluated.province_code,
        evaluated.structure

),

-- Whole numbers alone from here on: a place is sought for each park and draw.
scored as (

    select
        parks.park_number,
        parks.peer_count,
        cast(
            parks.group_number * draws.draw_count + draws.draw as {{ type_name('bigint') }}
        ) as cell,
        cast(round(
            (
                {% for slot in slots %}
                    {{ '+ ' if not loop.first }}draws.w_{{ loop.index }} * parks.z_{{ loop.index }}
                {% endfor %}
            ) / nullif(
                {% for slot in slots %}
                    {{ '+ ' if not loop.first }}draws.w_{{ loop.index }}
                    * parks.held_{{ loop.index }}
                {% endfor %}, 0
            ) / draws.tie_step
        ) as {{ type_name('bigint') }}) as tied_score
    from parks
    cross join draws

),

ranked as (

    select
        park_number,
        peer_count,
        rank() over (partition by cell order by tied_score desc nulls last) as score_rank
    from scored

),

places as (

    select
        park_number,
        peer_count,
        score_rank,
        count(*) as drawn
    from ranked
    group by park_number, peer_count, score_rank

),

counted as (

    select
        parks.set_id,
        parks.park_id,
        parks.year,
        cast({{ quartile('places.score_rank', 'places.peer_count') }} as integer) as quartile,
        sum(places.drawn) as drawn
    from places
    inner join parks on places.park_number = parks.park_number
    group by
        parks.set_id,
        parks.park_id,
        parks.year,
        {{ quartile('places.score_rank', 'places.peer_count') }}

),

final as (

    select
        counted.set_id,
        counted.park_id,
        counted.year,
        counted.quartile,
        counted.drawn / nullif(
            cast(sum(counted.drawn) over of_park as double), 0
        ) as draw_share,
        cast(sum(counted.drawn) over of_park as integer) as draw_count,
        standards.clause_id,
        standards.clause_status
    from counted
    inner join sets on counted.set_id = sets.set_id
    inner join standards on sets.clause_id = standards.clause_id
    window of_park as (partition by counted.set_id, counted.park_id, counted.year)

)

select * from final
order by set_id, park_id, year, quartile
