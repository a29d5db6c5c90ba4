{% set others = ['energy_mix', 'fuel_mix', 'emission_factor'] %}

-- The factors of two years of an entity, all of them and both ends side by side: of neighbours, of
-- its first and last year, and of the standard periods. A fuel that is not burnt at one end has the
-- emission factor (and a sector without energy the mix) of the other end; what is not there at
-- either end is left out. So are the ends whose energy lies on a frozen split, unless var
-- with_frozen_structure asks for them: nobody publishes them, and where a whole country is split by
-- frozen shares they are most of the rows. Ends of two editions or series, or with grid factors of
-- two data years, do not compare: their factors are unknown, with a `refusal`. Without activity the
-- energy itself stands in the place of its intensity.
with factors as (

    select * from {{ ref('int_drivers__factors_derived') }}

),

decomposition_periods as (

    select * from {{ ref('decomposition_periods') }}

),

years as (

    select
        entity,
        method,
        price_basis,
        year,
        max(series_key) as series_key,
        max(grid_factor_year) as grid_factor_year,
        bool_or(is_split_frozen) as is_split_frozen
    from factors
    group by entity, method, price_basis, year

),

numbered as (

    select
        *,
        row_number() over (partition by entity, method, price_basis order by year) as position
    from years

),

spans as (

    {{ compared_years('years', 'decomposition_periods') | indent }}
),

pairs as (

    select
        spans.entity,
        spans.method,
        spans.price_basis,
        spans.year_from,
        spans.year_to,
        last_year.position - first_year.position as steps_between,
        case
            when first_year.series_key <> last_year.series_key then 'two_editions'
            when first_year.grid_factor_year <> last_year.grid_factor_year
                then 'two_grid_factors'
        end as refusal
    from spans
    inner join numbered as first_year
        on
            spans.entity = first_year.entity
            and spans.method = first_year.method
            and spans.price_basis = first_year.price_basis
            and spans.year_from = first_year.year
    inner join numbered as last_year
        on
            spans.entity = last_year.entity
            and spans.method = last_year.method
            and spans.price_basis = last_year.price_basis
            and spans.year_to = last_year.year
    where
        spans.year_from < spans.year_to
        and (
            {{ var('with_frozen_structure') }}
            or not (first_year.is_split_frozen or last_year.is_split_frozen)
        )

),

-- The ends are matched while a category is one row.
joined as (

    select
        starts.entity_type,
        starts.entity,
        starts.region_code,
        starts.identity,
        starts.method,
        starts.price_basis,
        pairs.year_from,
        pairs.year_to,
        pairs.steps_between,
        pairs.refusal,
        starts.category,
        starts.has_structure and ends.has_structure as has_structure,
        starts.activity_10k_cny as activity_start_10k_cny,
        ends.activity_10k_cny as activity_end_10k_cny,
        {% for factor in ['structure', 'energy_intensity'] + others %}
            coalesce(starts.{{ factor }}_value, ends.{{ factor }}_value) as {{ factor }}_start,
            coalesce(ends.{{ factor }}_value, starts.{{ factor }}_value) as {{ factor }}_end,
        {% endfor %}
        starts.is_split_frozen or ends.is_split_frozen as is_split_frozen,
        greatest(starts.origin_rank, ends.origin_rank) as origin_rank
    from pairs
    inner join factors as starts
        on
            pairs.entity = starts.entity
            and pairs.method = starts.method
            and pairs.price_basis = starts.price_basis
            and pairs.year_from = starts.year
    inner join factors as ends
        on
            pairs.entity = ends.entity
            and pairs.method = ends.method
            and pairs.price_basis = ends.price_basis
            and pairs.year_to = ends.year
            and starts.category = ends.category

),

final as (

    select
        entity_type,
        entity,
        region_code,
        identity,
        method,
        price_basis,
        year_from,
        year_to,
        steps_between = 1 as is_step,
        steps_between,
        category,
        activity_start_10k_cny is not null as has_activity,
        has_structure,
        {% for end in ['start', 'end'] %}
            case when refusal is null then activity_{{ end }}_10k_cny end
                as activity_{{ end }}_10k_cny,
            {% for factor in ['structure', 'energy_intensity'] + others %}
                case when refusal is null then {{ factor }}_{{ end }} end
                    as {{ factor }}_{{ end }},
            {% endfor %}
        {% endfor %}
        refusal,
        is_split_frozen,
        origin_rank
    from joined
    where
        energy_intensity_start is not null
        and (structure_start is not null or not has_structure)
        {% for factor in others %}
            and {{ factor }}_start is not null
        {% endfor %}

)

select * from final
-- What is summed from it adds in this order in every run.
order by entity, method, price_basis, year_from, year_to, category
