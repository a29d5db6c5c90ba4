-- Every indicator of a set for every park of a year, held or not: its value against the reference
-- of its clause, and what it adds to the score of the park among the parks of its type.
with sets as (

    select * from {{ ref('evaluation_sets') }}

),

indicators as (

    select * from {{ ref('evaluation_indicators') }}

),

standards as (

    select * from {{ ref('standards') }}

),

indicator_values as (

    select * from {{ ref('park_evaluation_values') }}

),

park_year as (

    select * from {{ ref('park_year') }}

),

park_types as (

    select * from {{ ref('park_types') }}

),

regions as (

    select * from {{ ref('regions') }}

),

parks as (

    select * from {{ ref('parks') }}

),

-- A park of no known type is compared with the others of none.
entities as (

    select
        park_year.park_id,
        park_year.year,
        park_year.origin,
        regions.province_code,
        park_types.structure
    from park_year
    inner join parks on park_year.park_id = parks.park_id
    inner join regions on parks.region_code = regions.region_code
    left join park_types
        on park_year.park_id = park_types.park_id and park_year.year = park_types.year

),

asked as (

    select
        sets.set_id,
        sets.coverage_min,
        sets.peers_min,
        entities.park_id,
        entities.year,
        entities.province_code,
        entities.structure,
        indicators.indicator,
        indicators.dimension,
        indicators.preference,
        indicators.table_weight,
        indicators.reference_value,
        indicators.clause_id,
        indicator_values.value,
        -- What is missing is missing in the return of the park.
        coalesce(indicator_values.origin, entities.origin) as origin
    from entities
    cross join sets
    inner join indicators on sets.set_id = indicators.set_id
    left join indicator_values
        on
            entities.park_id = indicator_values.park_id
            and entities.year = indicator_values.year
            and indicators.indicator = indicator_values.indicator

),

weights_held as (

    select
        set_id,
        park_id,
        year,
        {{ exact_sum('case when value is null then 0 else table_weight end') }}
        / nullif({{ exact_sum('table_weight') }}, 0) as coverage
    from asked
    group by set_id, park_id, year

),

covered as (

    select
        asked.*,
        weights_held.coverage
    from asked
    inner join weights_held
        on
            asked.set_id = weights_held.set_id
            and asked.park_id = weights_held.park_id
            and asked.year = weights_held.year

),

parks_covered as (

    select distinct
        set_id,
        year,
        province_code,
        structure,
        park_id
    from covered
    where coverage >= coverage_min

),

peers as (

    select
        set_id,
        year,
        province_code,
        structure,
        count(*) as peer_count,
        row_number() over (
            order by set_id, year, province_code, coalesce(structure, '')
        ) as group_number
    from parks_covered
    group by set_id, year, province_code, structure

),

placed as (

    select
        covered.*,
        peers.peer_count,
        case
            when covered.coverage < covered.coverage_min then 'coverage_too_low'
            when peers.peer_count < covered.peers_min then 'too_few_peers'
        end as refusal,
        peers.group_number
    from covered
    left join peers
        on
            covered.set_id = peers.set_id
            and covered.year = peers.year
            and covered.province_code = peers.province_code
            and coalesce(covered.structure, '') = coalesce(peers.structure, '')

),

compared as (

    select
        group_number as group_id,
        park_id as entity,
        indicator,
        preference,
        table_weight,
        value
    from placed
    where refusal is null and value is not null

),

evaluated as (

    select * from ({{ evaluate('compared') }}) as evaluation

),

weightings as (

    select listed.weighting
    from (values ('entropy'), ('table'), ('equal')) as listed (weighting)

),

final as (

    select
        placed.set_id,
        weightings.weighting,
        placed.park_id,
        placed.year,
        placed.province_code,
        placed.structure,
        placed.indicator,
        placed.dimension,
        placed.preference,
        placed.value,
        placed.reference_value,
        case
            when placed.value is null or placed.reference_value is null then 'not_known'
            when
                {{ is_below(
                    'placed.preference * placed.value',
                    'placed.preference * placed.reference_value',
                    'placed.reference_value'
                ) }}
                then 'no'
            else 'yes'
        end as reference_answer,
        evaluated.scaled_value,
        evaluated.indicator_weight,
        evaluated.own_weight,
        evaluated.weighted_value,
        evaluated.gap_contribution,
        evaluated.best_entity as best_park_id,
        evaluated.score,
        evaluated.topsis_score,
        placed.coverage,
        cast(placed.peer_count as integer) as peer_count,
        placed.refusal,
        placed.clause_id,
        standards.clause_status,
        placed.origin
    from placed
    cross join weightings
    inner join standards on placed.clause_id = standards.clause_id
    left join evaluated
        on
            placed.group_number = evaluated.group_id
            and weightings.weighting = evaluated.weighting
            and placed.park_id = evaluated.entity
            and placed.indicator = evaluated.indicator

)

select * from final
order by set_id, weighting, park_id, year, indicator
