{% set leader_places = range(1, 11) %}

-- How unevenly a parent's total lies on its parts.
with region_year as (

    select * from {{ ref('region_year') }}

),

regions as (

    select * from {{ ref('regions') }}

),

region_groups as (

    select * from {{ ref('region_groups') }}

),

parts as (

    {% for measured in ['coal_t', 'co2_t'] %}
        select
            regions.parent_code,
            region_year.region_code,
            coalesce(region_groups.region_group, 'none') as region_group,
            region_year.year,
            region_year.method,
            '{{ measured }}' as measured,
            region_year.{{ measured }} as value,
            region_year.is_complete,
            {{ origin_rank('region_year.origin') }} as origin_rank
        from region_year
        inner join regions on region_year.region_code = regions.region_code
        left join region_groups on region_year.region_code = region_groups.region_code
        where region_year.{{ measured }} > 0 and regions.parent_code is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Added in a fixed order: a rerun gives the same last digit.
shares as (

    select
        *,
        value / sum(value) over (
            partition by parent_code, year, method, measured order by region_code
            rows between unbounded preceding and unbounded following
        ) as share,
        count(*) over (partition by parent_code, year, method, measured) as members,
        value / sum(value) over (
            partition by parent_code, year, method, measured, region_group order by region_code
            rows between unbounded preceding and unbounded following
        ) as share_in_group,
        count(*) over (partition by parent_code, year, method, measured, region_group)
            as group_members,
        row_number() over (
            partition by parent_code, year, method, measured order by value, region_code
        ) as rank_ascending,
        row_number() over (
            partition by parent_code, year, method, measured order by value desc, region_code asc
        ) as rank_descending
    from parts

),

groups as (

    select
        parent_code,
        year,
        method,
        measured,
        region_group,
        max(members) as members,
        max(group_members) as group_members,
        sum(share) as share,
        sum(share_in_group * ln(share_in_group * group_members)) as theil
    from shares
    group by parent_code, year, method, measured, region_group

),

theil_parts as (

    select
        parent_code,
        year,
        method,
        measured,
        sum(share * ln(share * members / group_members)) as theil_between,
        sum(share * theil) as theil_within
    from groups
    group by parent_code, year, method, measured

),

wide as (

    select
        shares.parent_code,
        shares.year,
        shares.method,
        shares.measured,
        max(shares.members) as members,
        max(shares.origin_rank) as origin_rank,
        bool_and(shares.is_complete) as is_complete,
        sum(
            case
                when shares.rank_descending <= {{ threshold('concentration_leaders') }}
                    then shares.share
            end
        ) as cr,
        sum(shares.share * shares.share) as hhi,
        sum((2 * shares.rank_ascending - shares.members - 1) * shares.share)
        / max(shares.members) as gini,
        sum(shares.share * ln(shares.share * shares.members)) as theil,
        {% for place in leader_places %}
            max(case when shares.rank_descending = {{ place }} then shares.region_code end)
                as leader_{{ place }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from shares
    group by shares.parent_code, shares.year, shares.method, shares.measured

),

measured as (

    select
        wide.*,
        (wide.hhi - 1e0 / wide.members) / nullif(1 - 1e0 / wide.members, 0) as hhi_normalised,
        theil_parts.theil_between,
        theil_parts.theil_within,
        cast({{ threshold('concentration_leaders') }} as integer) as leaders_counted
    from wide
    inner join theil_parts
        on
            wide.parent_code = theil_parts.parent_code
            and wide.year = theil_parts.year
            and wide.method = theil_parts.method
            and wide.measured = theil_parts.measured
    -- One part alone is not concentrated on anything.
    where wide.members > 1

),

long as (

    {% for statistic in [
        'cr', 'hhi', 'hhi_normalised', 'gini', 'theil', 'theil_between', 'theil_within'
    ] %}
        select
            parent_code,
            year,
            method,
            {% if statistic == 'cr' %}
                'cr' || cast(leaders_counted as {{ type_name('varchar') }}) as statistic,
            {% else %}
                '{{ statistic }}' as statistic,
            {% endif %}
            measured,
            {{ statistic }} as value,
            members,
            leaders_counted,
            is_complete,
            origin_rank,
            {% for place in leader_places %}
                leader_{{ place }}{% if not loop.last %},{% endif %}
            {% endfor %}
        from measured
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        parent_code as region_code,
        year,
        method,
        statistic,
        measured,
        value,
        -- The largest of them, largest first.
        leader_1
        {% for place in leader_places if place > 1 %}
            || case
                when leaders_counted >= {{ place }} and leader_{{ place }} is not null
                    then '|' || leader_{{ place }}
                else ''
            end
        {% endfor %} as leaders,
        members,
        is_complete,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from long

)

select * from final
order by region_code, year, method, statistic, measured
