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

last_years as (

    select
        set_id,
        province_code,
        max(year) as year
    from evaluated
    group by set_id, province_code

),

draws as (

    {{ dirichlet_draws(threshold('evaluation_draws')) | indent }}

),

parks as (

    select
        evaluated.set_id,
        evaluated.park_id,
        evaluated.year,
        evaluated.province_code,
        evaluated.structure,
    {% for slot in slots %}
        max(case when indicators.slot = {{ loop.index }} then evaluated.scaled_value end)
            as z_{{ loop.index }}
        {{- ',' if not loop.last }}
    {% endfor %}
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

scored as (

    select
        parks.set_id,
        parks.park_id,
        parks.year,
        parks.province_code,
        parks.structure,
        draws.draw,
        (
            {% for slot in slots %}
                {{ '+ ' if not loop.first }}case
                    when parks.z_{{ loop.index }} is null then 0
                    else draws.w_{{ loop.index }} * parks.z_{{ loop.index }}
                end
            {% endfor %}
        ) / nullif(
            {% for slot in slots %}
                {{ '+ ' if not loop.first }}case
                    when parks.z_{{ loop.index }} is null then 0 else draws.w_{{ loop.index }}
                end
            {% endfor %}, 0
        ) as score
    from parks
    cross join draws

),

ranked as (

    select
        set_id,
        park_id,
        year,
        rank() over (
            partition by set_id, province_code, structure, draw
            order by {{ tie_value('score', 'score') }} desc
        ) as score_rank,
        count(*) over (partition by set_id, province_code, structure, draw) as peer_count
    from scored

),

placed as (

    select
        set_id,
        park_id,
        year,
        cast({{ quartile('score_rank', 'peer_count') }} as integer) as quartile
    from ranked

),

counted as (

    select
        set_id,
        park_id,
        year,
        quartile,
        count(*) as drawn
    from placed
    group by set_id, park_id, year, quartile

),

final as (

    select
        set_id,
        park_id,
        year,
        quartile,
        drawn / nullif(
            cast(sum(drawn) over (partition by set_id, park_id, year) as double), 0
        ) as draw_share,
        cast(sum(drawn) over (partition by set_id, park_id, year) as integer) as draw_count
    from counted

)

select * from final
order by set_id, park_id, year, quartile
