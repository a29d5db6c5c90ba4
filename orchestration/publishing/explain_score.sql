-- From a score to the landed cells it is made of. `explain_score('zero_carbon_gap', 'P01', 2020)`: the
-- parts of the score, each with its clause, and beside each part the cells; a part that nobody returned
-- anything for is one row without a cell. Which cells a part takes is in reference.score_inputs.
-- Subject: a park, an enterprise as park/enterprise, or a region, by its code. With `peers := true` also
-- the cells of those that it is compared with, which a ratio, a place or a weight rests on too.
create macro explain_score(kind, subject, in_year, peers := false) as table
with chosen as (

    select max(method) as default_method from reference.methods where is_default

),

parts as (

    select
        'zero_carbon_gap' as score_kind,
        method as score_variant,
        gap_item as score_part,
        park_id as subject_id,
        year,
        cast(null as integer) as other_year,
        method as account_method,
        item_value as part_value,
        gap_result as part_result,
        clause_id,
        clause_status
    from all_levels.zero_carbon_gap
    where kind = 'zero_carbon_gap' and park_id = subject and year = in_year
    union all
    select
        'path', path_id, 'path', park_id, year, base_year, method, path_co2_t_per_tce,
        coalesce(bound_status, path_fault), clause_id, clause_status
    from all_levels.park_paths
    where kind = 'path' and park_id = subject and year = in_year
    union all
    select
        'path_measure', method, path_measure_id, park_id, base_year, cast(null as integer), method,
        cut_co2_t, measure_basis, clause_id, clause_status
    from all_levels.park_path_measures
    where kind = 'path_measure' and park_id = subject and base_year = in_year
    union all
    -- Of a budget: what was given, the part of the parent that it was shared out by, what was spent.
    select
        'carbon_budget', budgets.budget_level, made.score_part, budgets.node_id, budgets.year,
        budgets.base_year, (select default_method from chosen), made.part_value,
        made.part_result, budgets.clause_id, budgets.clause_status
    from all_levels.carbon_budgets as budgets
    cross join lateral (
        values
            ('budget', budgets.budget_t, budgets.budget_basis),
            ('share_base', budgets.share_base_co2_t, budgets.allocation_status),
            ('spent', budgets.spent_t, budgets.budget_status),
            ('carried', budgets.carried_t, cast(null as varchar))
    ) as made (score_part, part_value, part_result)
    where kind = 'carbon_budget' and budgets.node_id = subject and budgets.year = in_year
    union all
    select
        'park_carbon_code', codes.scheme_id, made.score_part, codes.park_id, codes.year,
        codes.previous_year, codes.default_method, made.part_value, made.part_result,
        codes.clause_id, codes.clause_status
    from all_levels.park_carbon_codes as codes
    cross join lateral (
        values
            ('efficiency', codes.efficiency_ratio, coalesce(codes.colour, codes.refusal)),
            ('neutrality', codes.neutrality_rate, cast(null as varchar))
    ) as made (score_part, part_value, part_result)
    where kind = 'park_carbon_code' and codes.park_id = subject and codes.year = in_year
    union all
    select
        'enterprise_carbon_code', scheme_id, 'efficiency', park_id || '/' || enterprise_id, year,
        previous_year, default_method, efficiency_ratio, coalesce(colour, refusal), clause_id,
        clause_status
    from all_levels.enterprise_carbon_codes
    where
        kind = 'enterprise_carbon_code'
        and park_id = split_part(subject, '/', 1)
        and enterprise_id = split_part(subject, '/', 2)
        and year = in_year
    union all
    select
        'evaluation', evaluated.set_id || '/' || evaluated.weighting, evaluated.indicator,
        evaluated.park_id, evaluated.year, cast(null as integer),
        (select default_method from chosen), evaluated.value,
        coalesce(evaluated.reference_answer, evaluated.refusal), evaluated.clause_id,
        evaluated.clause_status
    from all_levels.park_evaluation_indicators as evaluated
    where
        kind = 'evaluation' and evaluated.park_id = subject and evaluated.year = in_year
    union all
    select
        'assessment', assessment_class, cast(assessment_item as varchar), region_code, year,
        cast(null as integer), default_method, gap_rate, coalesce(reason, item_result), clause_id,
        clause_status
    from all_levels.carbon_assessment_items
    where kind = 'assessment' and region_code = subject and year = in_year
    union all
    select
        'assessment_account', account_id, 'intensity', region_code, year, cast(null as integer),
        cast(null as varchar), assessed_co2_t_per_gdp, refusal, clause_id, clause_status
    from all_levels.assessment_account
    where kind = 'assessment_account' and region_code = subject and year = in_year
    union all
    select
        'resource_intensity', cast(null as varchar), resource, park_id, year, cast(null as integer),
        default_method, share_of_best, refusal, clause_id, clause_status
    from all_levels.resource_intensity
    where kind = 'resource_intensity' and park_id = subject and year = in_year
    union all
    select
        'frontier', cast(null as varchar), resource, park_id, year, cast(null as integer),
        default_method, quantity, refusal, clause_id, clause_status
    from all_levels.resource_intensity
    where
        kind = 'frontier' and park_id = subject and year = in_year
        and resource in ('land', 'water', 'energy', 'carbon')
    union all
    select
        'coupling', coupled.coupling_set, held.resource, coupled.park_id, coupled.year,
        cast(null as integer), held.default_method, held.share_of_best,
        coalesce(coupled.coupling_state, coupled.refusal), coupled.clause_id,
        coupled.clause_status
    from all_levels.park_coupling as coupled
    inner join all_levels.resource_intensity as held
        on coupled.park_id = held.park_id and coupled.year = held.year
    inner join (
        select distinct score_variant, score_part
        from reference.score_inputs
        where score_kind = 'coupling'
    ) as members
        on coupled.coupling_set = members.score_variant and held.resource = members.score_part
    where kind = 'coupling' and coupled.park_id = subject and coupled.year = in_year
    union all
    select
        'synergy', pairs.boundary, pairs.pollutant, pairs.park_id, pairs.year_to, pairs.year_from,
        (select default_method from chosen), pairs.cross_elasticity,
        coalesce(pairs.synergy_state, pairs.refusal), pairs.clause_id, pairs.clause_status
    from all_levels.pollution_carbon_synergy as pairs
    where kind = 'synergy' and pairs.park_id = subject and pairs.year_to = in_year
    union all
    select
        'management', cast(null as varchar), criteria.criterion, criteria.park_id, criteria.year,
        criteria.year - 1, (select default_method from chosen), criteria.value,
        criteria.condition, criteria.clause_id, criteria.clause_status
    from all_levels.park_management_criteria as criteria
    where kind = 'management' and criteria.park_id = subject and criteria.year = in_year
    union all
    select
        'ets_position', price_id, 'shortfall', park_id || '/' || enterprise_id, year,
        cast(null as integer), (select default_method from chosen), shortfall_t,
        coalesce(refusal, emission_basis), clause_id, clause_status
    from all_levels.ets_positions
    where
        kind = 'ets_position'
        and park_id = split_part(subject, '/', 1)
        and enterprise_id = split_part(subject, '/', 2)
        and year = in_year

),

-- Who the score compares the subject with; of a budget, those that it is shared out from.
places as (

    select
        parks.park_id,
        regions.province_code
    from all_levels.parks as parks
    left join reference.regions as regions on parks.region_code = regions.region_code
    where peers

),

compared as (

    select others.park_id as subject_id
    from all_levels.park_carbon_codes as own
    inner join places as own_place on own.park_id = own_place.park_id
    inner join all_levels.park_carbon_codes as others
        on own.scheme_id = others.scheme_id and own.year = others.year
    inner join places as other_place on others.park_id = other_place.park_id
    where
        kind in ('park_carbon_code', 'management')
        and own.park_id = subject
        and own.year = in_year
        and (own.benchmark_group not like 'peers%' or own.structure = others.structure)
        and (
            own.benchmark_group not like '%in_province'
            or own_place.province_code = other_place.province_code
        )
    union
    select others.park_id || '/' || others.enterprise_id
    from all_levels.enterprise_carbon_codes as own
    inner join all_levels.enterprise_carbon_codes as others
        on
            own.scheme_id = others.scheme_id
            and own.year = others.year
            and own.industry_code = others.industry_code
    where
        peers
        and kind = 'enterprise_carbon_code'
        and own.park_id = split_part(subject, '/', 1)
        and own.enterprise_id = split_part(subject, '/', 2)
        and own.year = in_year
    union
    select others.park_id
    from all_levels.resource_intensity as own
    inner join all_levels.resource_intensity as others
        on
            own.year = others.year
            and own.resource = others.resource
            and own.structure = others.structure
            and own.province_code = others.province_code
    where
        peers
        and kind in ('evaluation', 'resource_intensity', 'frontier', 'coupling')
        and own.park_id = subject
        and own.year = in_year

),

-- The parents of a budget: it is what they have that was shared out.
parents as (

    select
        own.parent_id as first_id,
        above.parent_id as second_id,
        top.parent_id as third_id
    from all_levels.carbon_budgets as own
    left join all_levels.carbon_budgets as above
        on own.parent_id = above.node_id and own.year = above.year
    left join all_levels.carbon_budgets as top
        on above.parent_id = top.node_id and above.year = top.year
    where kind = 'carbon_budget' and own.node_id = subject and own.year = in_year

),

subjects as materialized (

    select
        subject_id,
        split_part(subject_id, '/', 1) as park_or_region,
        nullif(split_part(subject_id, '/', 2), '') as only_enterprise,
        bool_and(is_peer) as is_peer
    from (
        select subject as subject_id, false as is_peer
        union all
        select subject_id, true from compared where subject_id <> subject
        union all
        select unnest([first_id, second_id, third_id]), true from parents
    ) as listed
    where subject_id is not null
    group by subject_id

),

-- What a method shows as a memo, or has no entry for, is no input of what is made of its account.
counted as (

    select method, list(entry) as entries
    from reference.park_method_entries
    where is_counted
    group by method

),

asked_inputs as materialized (

    select
        parts.*,
        inputs.cell_kind,
        inputs.dataset,
        inputs.column_name as only_column,
        inputs.element as only_element,
        inputs.input_year_role as year_role
    from parts
    left join counted on parts.account_method = counted.method
    left join reference.score_inputs as inputs
        on
            parts.score_kind = inputs.score_kind
            and (inputs.score_part is null or parts.score_part = inputs.score_part)
            and (inputs.score_variant is null or parts.score_variant = inputs.score_variant)
            and (
                inputs.counted_entries is null
                or list_has_any(string_split(inputs.counted_entries, ' '), counted.entries)
            )

),

form_cells as (

    {% for form in forms %}
    select
        '{{ form.dataset }}' as dataset,
        {{ form.subject }} as park_or_region,
        {{ form.enterprise }} as enterprise_id,
        {{ form.year }} as year,
        [{{ form.elements | join(', ') }}] as elements,
        _file_name as file_name,
        _sheet_name as sheet_name,
        _row_number as row_number,
        {% if form.values %}
        cast(null as bigint) as column_number,
        cell_column as column_name,
        cell_text as value_text,
        {% else %}
        _column_number as column_number,
        _column_name as column_name,
        value_text,
        {% endif %}
        _source_id as source_id,
        _origin as origin
    from (
        {{ 'unpivot' if form.values }} (
            select *
            from raw.{{ form.dataset }}
            where {{ form.subject }} in (select park_or_region from subjects)
            -- The newest edition of a row counts.
            qualify _vintage = max(_vintage) over (partition by {{ form.keys | join(', ') }})
        )
        {% if form.values %}
        on {{ form.values | join(', ') }}
        into name cell_column value cell_text
        {% endif %}
    )
    {% if not loop.last %}union all{% endif %}
    {% else %}
    -- A file without landed cells leads as far as the parts of the score.
    select
        cast(null as varchar) as dataset,
        cast(null as varchar) as park_or_region,
        cast(null as varchar) as enterprise_id,
        cast(null as integer) as year,
        cast(null as varchar[]) as elements,
        cast(null as varchar) as file_name,
        cast(null as varchar) as sheet_name,
        cast(null as bigint) as row_number,
        cast(null as bigint) as column_number,
        cast(null as varchar) as column_name,
        cast(null as varchar) as value_text,
        cast(null as varchar) as source_id,
        cast(null as varchar) as origin
    where false
    {% endfor %}

),

energy_cells as (

    select
        raw_table,
        park_id as park_or_region,
        enterprise_id,
        year,
        [fuel_code, flow] as elements,
        file_name,
        sheet_name,
        row_number,
        cast(null as bigint) as column_number,
        column_name,
        value_text,
        source_id,
        origin
    from quality.return_lineage
    where park_id in (select park_or_region from subjects)
    union all
    select
        raw_table,
        region_code,
        null,
        year,
        [fuel_code, coalesce(balance_item, industry_code)],
        file_name,
        sheet_name,
        row_number,
        column_number,
        column_name,
        value_text,
        source_id,
        origin
    from quality.energy_lineage
    where region_code in (select park_or_region from subjects)

),

-- The subject alone by its code, which an engine takes down to the tables; others by a join.
explained as (

    select *
    from quality.explain as own
    where coalesce(own.park_id, own.region_code) = split_part(subject, '/', 1)
    union all
    select *
    from quality.explain as others
    where
        coalesce(others.park_id, others.region_code) in (
            select park_or_region from subjects
            where park_or_region <> split_part(subject, '/', 1)
        )

),

account_cells as (

    select
        raw_table,
        coalesce(park_id, region_code) as park_or_region,
        enterprise_id,
        year,
        method,
        [fuel_code, scope, narrowest_boundary] as elements,
        file_name,
        sheet_name,
        row_number,
        column_number,
        column_name,
        value_text,
        weight,
        co2_t,
        factor_id,
        activity_source_id as source_id,
        origin
    from explained
    where
        (park_id is not null or account = 'territorial')
        and method in (select account_method from asked_inputs)

),

cells as (

    select
        'form' as cell_kind, dataset, null as method, park_or_region, enterprise_id, year, elements,
        'raw.' || dataset as raw_table, file_name, sheet_name, row_number, column_number,
        column_name, value_text, cast(null as double) as weight, cast(null as double) as co2_t,
        null as factor_id, source_id, origin
    from form_cells
    union all
    select
        'energy', null, null, park_or_region, enterprise_id, year, elements, raw_table, file_name,
        sheet_name, row_number, column_number, column_name, value_text, null, null, null,
        source_id, origin
    from energy_cells
    union all
    select
        'account', null, method, park_or_region, enterprise_id, year, elements, raw_table,
        file_name, sheet_name, row_number, column_number, column_name, value_text, weight, co2_t,
        factor_id, source_id, origin
    from account_cells

),

placed as (

    select
        subjects.subject_id as input_subject,
        subjects.is_peer,
        cells.*
    from cells
    inner join subjects
        on
            cells.park_or_region = subjects.park_or_region
            and (subjects.only_enterprise is null or cells.enterprise_id = subjects.only_enterprise)

)

select
    asked.score_kind,
    asked.score_variant,
    asked.score_part,
    asked.subject_id as subject,
    asked.year,
    asked.part_value,
    asked.part_result,
    asked.clause_id,
    asked.clause_status,
    asked.cell_kind,
    placed.input_subject,
    placed.is_peer,
    placed.enterprise_id,
    placed.year as input_year,
    placed.raw_table,
    placed.file_name,
    placed.sheet_name,
    placed.row_number,
    placed.column_number,
    placed.column_name,
    placed.value_text,
    array_to_string(list_filter(placed.elements, lambda x: x is not null), '/') as element,
    placed.weight,
    placed.co2_t,
    placed.factor_id,
    placed.source_id,
    placed.origin
from asked_inputs as asked
left join placed
    on
        asked.cell_kind = placed.cell_kind
        and (asked.dataset is null or asked.dataset = placed.dataset)
        and (asked.only_column is null or asked.only_column = placed.column_name)
        and (
            asked.only_element is null
            or list_contains(
                placed.elements,
                case asked.only_element
                    when '=part' then asked.score_part
                    when '=variant' then asked.score_variant
                    else asked.only_element
                end
            )
        )
        and (placed.method is null or placed.method = asked.account_method)
        and case asked.year_role
            when 'own' then placed.year = asked.year
            when 'other' then placed.year = asked.other_year
            when 'earlier' then placed.year < asked.year
            else true
        end
-- An input that nobody returned is left out, but where the part has no other.
qualify
    placed.file_name is not null
    or (
        count(placed.file_name) over (partition by asked.score_variant, asked.score_part) = 0
        and row_number() over (
            partition by asked.score_variant, asked.score_part order by asked.cell_kind
        ) = 1
    )
order by
    asked.score_variant, asked.score_part, placed.is_peer, placed.input_subject, placed.year,
    placed.raw_table, placed.file_name, placed.row_number, placed.column_name, placed.column_number;
