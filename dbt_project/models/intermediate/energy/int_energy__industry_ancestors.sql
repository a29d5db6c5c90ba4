-- Every industry with all that it is a part of, direct or not: the tree of industries is six
-- levels high.
{% set levels = 5 %}

with industries as (

    select * from {{ ref('industries') }}

),

{% for level in range(1, levels + 1) %}
    level_{{ level }} as (

        {% if level == 1 %}
            select
                industry_code,
                parent_code as ancestor_code
            from industries
            where parent_code is not null
        {% else %}
            select
                below.industry_code,
                industries.parent_code as ancestor_code
            from level_{{ level - 1 }} as below
            inner join industries on below.ancestor_code = industries.industry_code
            where industries.parent_code is not null
        {% endif %}

    ),
{% endfor %}

final as (

    {% for level in range(1, levels + 1) %}
        select
            industry_code,
            ancestor_code,
            {{ level }} as distance
        from level_{{ level }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
