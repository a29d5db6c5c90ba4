-- Every boundary with all that it lies in, direct or not, by year: four levels of parks within
-- parks. A boundary that would lie in itself is named by the gate and stops here.
{% set levels = 4 %}

with boundaries as (

    select * from {{ ref('park_boundaries') }}
    where parent_park_id is not null

),

years as (

    {{ years_returned() }}

),

links as (

    select distinct
        boundaries.park_id,
        boundaries.parent_park_id,
        years.year
    from boundaries
    inner join years
        on
            (boundaries.year_from is null or boundaries.year_from <= years.year)
            and (boundaries.year_to is null or boundaries.year_to >= years.year)

),

{% for level in range(1, levels + 1) %}
    level_{{ level }} as (

        {% if level == 1 %}
            select
                park_id,
                parent_park_id as ancestor_park_id,
                year
            from links
        {% else %}
            select
                below.park_id,
                links.parent_park_id as ancestor_park_id,
                below.year
            from level_{{ level - 1 }} as below
            inner join links
                on below.ancestor_park_id = links.park_id and below.year = links.year
        {% endif %}

    ),
{% endfor %}

united as (

    {% for level in range(1, levels + 1) %}
        select
            park_id,
            ancestor_park_id,
            year,
            {{ level }} as levels_up
        from level_{{ level }}
        where park_id <> ancestor_park_id
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        park_id,
        ancestor_park_id,
        year,
        min(levels_up) as levels_up
    from united
    group by park_id, ancestor_park_id, year

)

select * from final
