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
        drawn.draw,
        {{ array_value('drawn.w_', slots | length) }} as weights,
        settings.draw_count,
        settings.tie_step
    from drawn
    cross join settings

),

-- What a park lacks has no value and no weight.
parks_by_slot as (

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

parks as (

    select
        set_id,
        park_id,
        year,
        group_number,
        park_number,
        {{ array_value('z_', slots | length) }} as scaled_values,
        {{ array_value('held_', slots | length) }} as values_held
    from parks_by_slot

),

-- Whole numbers alone from here on: a quarter is sought for each park and draw.
scored as (

    select
        parks.park_number,
        cast(
            parks.group_number * draws.draw_count + draws.draw as {{ type_name('bigint') }}
        ) as cell,
        cast(round(
            {{ array_inner_product('draws.weights', 'parks.scaled_values', slots | length) }}
            / nullif(
                {{ array_inner_product('draws.weights', 'parks.values_held', slots | length) }}, 0
            ) / draws.tie_step
        ) as {{ type_name('bigint') }}) as tied_score
    from parks
    cross join draws

),

-- A place is in the first k quarters where its score is not below the one that k quarters of the
-- group reach: three scores for each cell, and no sorting of them all.
cut as (

    select
        cell,
        {{ quantile_disc('tied_score', ['25e-2', '5e-1', '75e-2']) }} as quarter_scores
    from scored
    group by cell

),

cuts as (

    select
        cell,
        {{ list_extract('quarter_scores', 1) }} as score_1,
        {{ list_extract('quarter_scores', 2) }} as score_2,
        {{ list_extract('quarter_scores', 3) }} as score_3
    from cut

),

placed as (

    select
        scored.park_number,
        case
            when scored.tied_score >= cuts.score_1 then 1
            when scored.tied_score >= cuts.score_2 then 2
            when scored.tied_score >= cuts.score_3 then 3
            else 4
        end as quartile
    from scored
    inner join cuts on scored.cell = cuts.cell

),

places as (

    select
        park_number,
        quartile,
        count(*) as drawn
    from placed
    group by park_number, quartile

),

counted as (

    select
        parks.set_id,
        parks.park_id,
        parks.year,
        places.quartile,
        places.drawn
    from places
    inner join parks on places.park_number = parks.park_number

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
