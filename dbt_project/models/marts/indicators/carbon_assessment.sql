-- The grade by the printed rule, as far as what is known decides it: a single control missed fails
-- whatever the others are; excellent and passed need every item.
with items as (

    select * from {{ ref('carbon_assessment_items') }}

),

rule as (

    select * from {{ ref('standards') }}
    where clause_id = 'assessment_grade'

),

counted as (

    select
        region_code,
        year,
        default_method,
        is_in_force,
        {% for class, name in [('control', 'controls'), ('supporting', 'supporting')] %}
            {% for result in ['met', 'missed'] %}
                count(
                    case
                        when assessment_class = '{{ class }}' and item_result = '{{ result }}'
                            then 1
                    end
                ) as {{ name }}_{{ result }},
            {% endfor %}
        {% endfor %}
        count(case when item_result = 'no_basis' then 1 end) as items_without_basis,
        max({{ origin_rank('origin') }}) as origin_rank
    from items
    group by region_code, year, default_method, is_in_force

),

final as (

    select
        counted.region_code,
        counted.year,
        counted.default_method,
        cast(counted.controls_met as integer) as controls_met,
        cast(counted.controls_missed as integer) as controls_missed,
        cast(counted.supporting_met as integer) as supporting_met,
        cast(counted.supporting_missed as integer) as supporting_missed,
        cast(counted.items_without_basis as integer) as items_without_basis,
        case
            when
                counted.controls_missed >= {{ threshold('assessment_controls_missed') }}
                or counted.supporting_missed >= {{ threshold('assessment_supporting_missed') }}
                then 'failed'
            when counted.items_without_basis > 0 then 'no_basis'
            when counted.controls_missed + counted.supporting_missed = 0 then 'excellent'
            else 'passed'
        end as assessment_grade,
        counted.is_in_force,
        rule.clause_id,
        rule.clause_status,
        {{ origin_of_rank('counted.origin_rank') }} as origin
    from counted
    cross join rule

)

select * from final
order by region_code, year
