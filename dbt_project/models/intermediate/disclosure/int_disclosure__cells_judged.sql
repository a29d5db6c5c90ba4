-- Which cells of the table park x industry, and which totals of parks, would give an enterprise
-- away. A total that is published less the industries that are published is the sum of those that
-- are not, so this sum is held to the same rules: the smallest industries join it until it passes.
-- For one table with one total that is all that differences can give.
{% set totals = ['energy_tce', 'co2_t'] %}

with contributions as (

    select * from {{ ref('int_disclosure__contributions_united') }}

),

long as (

    {% for indicator in totals %}
        select
            park_id,
            year,
            '{{ indicator }}' as indicator,
            cast(null as {{ type_name('varchar') }}) as industry_code,
            enterprise_id,
            sum({{ indicator }}) as contribution
        from contributions
        group by park_id, year, enterprise_id
        union all
    {% endfor %}
    select
        park_id,
        year,
        'energy_tce' as indicator,
        industry_code,
        enterprise_id,
        sum(energy_tce) as contribution
    from contributions
    group by park_id, year, industry_code, enterprise_id

),

cells as (

    {{ contributions_ranked(
        'long', ['park_id', 'year', 'indicator', 'industry_code'], 'contribution'
    ) }}

),

judged as (

    select
        *,
        {{ is_sensitive(
            'contributor_count', 'absolute_value', 'largest_contribution', 'second_contribution'
        ) }} as is_sensitive
    from cells

),

-- What is sensitive first, then the smallest.
placed as (

    select
        industries.*,
        totals.is_sensitive as is_total_sensitive,
        cast(sum(case when industries.is_sensitive then 1 else 0 end) over (
            partition by industries.park_id, industries.year
        ) as integer) as sensitive_count,
        cast(row_number() over (
            partition by industries.park_id, industries.year
            order by
                industries.is_sensitive desc,
                {{ tie_value('industries.absolute_value', 'industries.absolute_value') }} asc,
                industries.industry_code asc
        ) as integer) as place
    from judged as industries
    inner join judged as totals
        on
            industries.park_id = totals.park_id
            and industries.year = totals.year
            and industries.indicator = totals.indicator
            and totals.industry_code is null
    where industries.industry_code is not null

),

running as (

    select
        *,
        max(largest_contribution) over (
            partition by park_id, year order by place
            rows between unbounded preceding and 1 preceding
        ) as largest_before
    from placed

),

-- The two largest of all up to a place: a new largest makes the old one the second.
summed as (

    select
        park_id,
        year,
        place,
        sensitive_count,
        is_total_sensitive,
        sum(contributor_count) over (
            partition by park_id, year order by place
            rows between unbounded preceding and current row
        ) as union_count,
        sum(absolute_value) over (
            partition by park_id, year order by place
            rows between unbounded preceding and current row
        ) as union_value,
        max(largest_contribution) over (
            partition by park_id, year order by place
            rows between unbounded preceding and current row
        ) as union_largest,
        max(
            case
                when largest_before is null then second_contribution
                else greatest(second_contribution, least(largest_contribution, largest_before))
            end
        ) over (
            partition by park_id, year order by place
            rows between unbounded preceding and current row
        ) as union_second
    from running

),

-- Where the total is not published there is nothing to subtract from.
needed as (

    select
        park_id,
        year,
        min(place) as last_place
    from summed
    where
        sensitive_count > 0
        and place >= sensitive_count
        and (
            is_total_sensitive
            or not {{ is_sensitive('union_count', 'union_value', 'union_largest', 'union_second') }}
        )
    group by park_id, year

),

final as (

    select
        judged.park_id,
        judged.year,
        judged.indicator,
        judged.industry_code,
        judged.contributor_count,
        judged.cell_value,
        judged.absolute_value,
        judged.largest_contribution,
        judged.second_contribution,
        judged.is_sensitive,
        case
            when judged.is_sensitive then 'primary'
            when placed.place <= needed.last_place then 'complementary'
            else 'none'
        end as suppression
    from judged
    left join placed
        on
            judged.park_id = placed.park_id
            and judged.year = placed.year
            and judged.industry_code = placed.industry_code
    left join needed
        on judged.park_id = needed.park_id and judged.year = needed.year

)

select * from final
