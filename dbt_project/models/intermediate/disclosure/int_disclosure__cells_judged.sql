-- Which cells of the table park x industry, and which totals of parks, would give an enterprise
-- away. A total that is published less the industries that are published is the sum of those that
-- are not, so this sum is held to the same rules: the smallest industries join it until it passes.
-- For one table with one total that is all that differences can give.
--
-- What is suppressed in one year is in all: the years beside it, or its share of the total there,
-- would give a guess of it. So an industry of a park is published in every year or in none, and
-- one set of industries has to pass in each year.
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

lasting as (

    select
        *,
        bool_or(is_sensitive) over (
            partition by park_id, indicator, industry_code
        ) as is_ever_sensitive
    from judged

),

-- What is sensitive first, then what is smallest in its largest year.
placed as (

    select
        park_id,
        industry_code,
        cast(row_number() over (
            partition by park_id
            order by
                is_ever_sensitive desc,
                {{ tie_value('absolute_value', 'absolute_value') }} asc,
                industry_code asc
        ) as integer) as place,
        cast(sum(case when is_ever_sensitive then 1 else 0 end) over (
            partition by park_id
        ) as integer) as sensitive_count
    from (
        select
            park_id,
            industry_code,
            bool_or(is_sensitive) as is_ever_sensitive,
            max(absolute_value) as absolute_value
        from judged
        where industry_code is not null
        group by park_id, industry_code
    ) as industries

),

totals as (

    select
        park_id,
        year,
        is_ever_sensitive as is_total_suppressed
    from lasting
    where industry_code is null and indicator = 'energy_tce'

),

-- Every place in every year: an industry that was not there in a year adds nothing.
running as (

    select
        placed.park_id,
        totals.year,
        placed.place,
        placed.sensitive_count,
        totals.is_total_suppressed,
        judged.contributor_count,
        judged.absolute_value,
        judged.largest_contribution,
        judged.second_contribution,
        max(judged.largest_contribution) over (
            partition by placed.park_id, totals.year order by placed.place
            rows between unbounded preceding and 1 preceding
        ) as largest_before
    from placed
    inner join totals on placed.park_id = totals.park_id
    left join judged
        on
            placed.park_id = judged.park_id
            and totals.year = judged.year
            and placed.industry_code = judged.industry_code

),

-- The two largest of all up to a place: a new largest makes the old one the second.
summed as (

    select
        park_id,
        year,
        place,
        sensitive_count,
        is_total_suppressed,
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

-- Whether what is left of the totals may be known when the industries up to a place are not
-- published. Where a total is not published there is nothing to subtract from, and where none of
-- the industries was there in a year nothing is left.
passed as (

    select
        park_id,
        place,
        max(sensitive_count) as sensitive_count,
        bool_and(
            is_total_suppressed
            or union_count is null
            or not {{ is_sensitive('union_count', 'union_value', 'union_largest', 'union_second') }}
        ) as is_safe
    from summed
    group by park_id, place

),

needed as (

    select
        park_id,
        min(place) as last_place
    from passed
    where sensitive_count > 0 and place >= sensitive_count and is_safe
    group by park_id

),

final as (

    select
        lasting.park_id,
        lasting.year,
        lasting.indicator,
        lasting.industry_code,
        lasting.contributor_count,
        lasting.cell_value,
        lasting.absolute_value,
        lasting.largest_contribution,
        lasting.second_contribution,
        lasting.is_sensitive,
        case
            when lasting.is_sensitive then 'primary'
            when lasting.is_ever_sensitive then 'other_year'
            when placed.place <= needed.last_place then 'complementary'
            else 'none'
        end as suppression
    from lasting
    left join placed
        on
            lasting.park_id = placed.park_id
            and lasting.industry_code = placed.industry_code
    left join needed on lasting.park_id = needed.park_id

)

select * from final
