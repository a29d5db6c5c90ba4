{#
  What the models of the reconciliation can read, from dbt's own graph: one row for each of
  `readers`, and for each model that one of them reads, with each staging model and each seed it
  descends from. A staging model that is reached must be one of `staged`, of which the caller reads
  the rows; else the build stops. A table of values behind a select; empty while dbt only parses.
#}
{% macro lineage_reach(readers, staged) -%}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- set starts = [] -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name in readers -%}
            {%- for unique_id in [node.unique_id] + node.depends_on.nodes -%}
                {%- if unique_id not in starts -%}{%- do starts.append(unique_id) -%}{%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- for start in starts | sort if start in graph.nodes -%}
            {%- set found = [start] -%}
            {#- A list that grows while it is walked: every ancestor is met once. -#}
            {%- for unique_id in found if unique_id in graph.nodes -%}
                {%- set node = graph.nodes[unique_id] -%}
                {%- for parent in node.depends_on.nodes | default([]) if parent not in found -%}
                    {%- do found.append(parent) -%}
                {%- endfor -%}
                {%- set kind = 'seed' if node.resource_type == 'seed'
                    else 'staging' if node.fqn[1] == 'staging' -%}
                {%- if kind == 'staging' and node.name not in staged -%}
                    {%- do exceptions.raise_compiler_error(
                        'the reconciliation reaches ' ~ node.name ~ ' by ' ~ graph.nodes[start].name
                        ~ ': add it to `staged` of quality.reconciliation_inputs'
                    ) -%}
                {%- endif -%}
                {%- if kind -%}
                    {%- do rows.append((graph.nodes[start].name, kind, node.name)) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if rows %}
    select
        reader,
        input_kind,
        input_name
    from (
        values
        {% for row in rows | sort -%}
            ('{{ row[0] }}', '{{ row[1] }}', '{{ row[2] }}'){{ ',' if not loop.last }}
        {% endfor %}
    ) as reached (reader, input_kind, input_name)
    {%- else %}
    select
        cast(null as {{ type_name('varchar') }}) as reader,
        cast(null as {{ type_name('varchar') }}) as input_kind,
        cast(null as {{ type_name('varchar') }}) as input_name
    where false
    {%- endif -%}
{%- endmacro %}
