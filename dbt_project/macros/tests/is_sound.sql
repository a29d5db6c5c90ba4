{#
  All that is declared of one table, in one check: a row for each thing that does not hold, with the
  column, the rule and how many rows fail.

  key, also_unique: columns, or lists of columns, that no two rows share
  given: columns that are never null
  values: column to the values it may have; null is none
  known: column to the table that holds its codes, as ref(...) if the column has the same name there,
    else {to, field}
  printed_number: the value of a printed cell; it is there where a number was printed, and only there
  rows_of, rows_of_known_vintages: the tables it has as many rows as, counted together

  A column that `catalog/column_bounds.csv` has bounds of lies within them.
#}
{% test is_sound(
    model, key=none, also_unique=[], given=[], values={}, known={}, printed_number=none, rows_of=[],
    rows_of_known_vintages=false
) %}
{%- set bounds = bounds_of_columns(ref('column_bounds')) -%}
{{ soundness_query(
    model, key, also_unique, given, values, known, printed_number, rows_of, rows_of_known_vintages,
    bounded_columns(model, bounds)
) }}
{% endtest %}

{% macro soundness_query(
    model, key=none, also_unique=[], given=[], values={}, known={}, printed_number=none, rows_of=[],
    rows_of_known_vintages=false, bounds=[]
) %}
{%- set keys = ([key] if key else []) + also_unique -%}
{#- What one pass over the rows can tell: column, rule, condition of failing. -#}
{%- set conditions = [] -%}
{%- for column in given -%}
    {%- do conditions.append([column, 'is_given', column ~ ' is null']) -%}
{%- endfor -%}
{%- for column, allowed in values.items() -%}
    {%- set list = "'" ~ allowed | join("', '") ~ "'" -%}
    {%- set text = 'cast(' ~ column ~ ' as ' ~ type_name('varchar') ~ ')' -%}
    {%- do conditions.append([column, 'value_is_allowed', text ~ ' not in (' ~ list ~ ')']) -%}
{%- endfor -%}
{%- if printed_number -%}
    {%- set lost = "value_status in ('reported', 'zero') and " ~ printed_number ~ " is null" -%}
    {%- set made_up = "value_status in ('not_available', 'suppressed') and " ~ printed_number
        ~ " is not null" -%}
    {%- set no_zero = "value_status = 'zero' and " ~ printed_number ~ " <> 0" -%}
    {%- do conditions.append([
        printed_number, 'printed_number_is_kept', lost ~ ' or ' ~ made_up ~ ' or ' ~ no_zero
    ]) -%}
{%- endif -%}
{%- for column, lower, upper in bounds -%}
    {%- if lower is not none -%}
        {%- do conditions.append([column, 'is_at_least_' ~ lower, column ~ ' < ' ~ lower]) -%}
    {%- endif -%}
    {%- if upper is not none -%}
        {%- do conditions.append([column, 'is_at_most_' ~ upper, column ~ ' > ' ~ upper]) -%}
    {%- endif -%}
{%- endfor -%}
{%- set parts = [] -%}
{%- for column, rule, _ in conditions -%}
    {%- do parts.append(
        "select '" ~ column ~ "' as column_name, '" ~ rule ~ "' as rule, failing_" ~ loop.index
        ~ " as failing_rows from counted"
    ) -%}
{%- endfor -%}
{%- for columns in keys -%}
    {%- set names = columns | join(', ') -%}
    {%- do parts.append(
        "select '" ~ names ~ "' as column_name, 'is_unique' as rule, count(*) as failing_rows from ("
        ~ "select 1 as repeated from " ~ model
        ~ (" where " ~ names ~ " is not null" if columns | length == 1 else "")
        ~ " group by " ~ names ~ " having count(*) > 1) as copies"
    ) -%}
{%- endfor -%}
{%- for column, table in known.items() -%}
    {#- A relation is a mapping too, but has no field. -#}
    {%- set target = table.to if table.field is defined else table -%}
    {%- set field = table.field if table.field is defined else column -%}
    {%- do parts.append(
        "select '" ~ column ~ "' as column_name, 'is_known' as rule, count(*) as failing_rows from "
        ~ model ~ " as judged left join (select distinct " ~ field ~ " as code from " ~ target
        ~ ") as known on judged." ~ column ~ " = known.code where judged." ~ column
        ~ " is not null and known.code is null"
    ) -%}
{%- endfor -%}
{%- if rows_of -%}
    {%- set counts = ["(select count(*) from " ~ model ~ ")"] -%}
    {%- for relation in rows_of -%}
        {%- do counts.append(
            "(select count(*) from " ~ relation
            ~ (" where " ~ is_known_vintage('vintage') if rows_of_known_vintages else "") ~ ")"
        ) -%}
    {%- endfor -%}
    {%- do parts.append(
        "select '*' as column_name, 'row_count_is_kept' as rule, abs(" ~ counts | join(' - ')
        ~ ") as failing_rows"
    ) -%}
{%- endif -%}

with {% if conditions -%}
counted as (

    select
        {% for _, _, condition in conditions %}
        sum(case when {{ condition }} then 1 else 0 end) as failing_{{ loop.index }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ model }}

),

{% endif -%}
failures as (

    {{ parts | join('\n    union all\n    ') }}

)

select * from failures where failing_rows > 0
{% endmacro %}

{#
  The queries of many of these checks at once, said as one JSON object by their ids: what dbt does for
  each node costs more than most of the queries (orchestration/transform/checks.py runs them).
#}
{% macro say_soundness_queries(unique_ids) %}
    {%- set queries = {} -%}
    {%- set bounds = bounds_of_columns(relation_of(graph.nodes['seed.greenpark.column_bounds'])) -%}
    {%- for unique_id in unique_ids -%}
        {%- set arguments = {} -%}
        {%- for name, value in graph.nodes[unique_id].test_metadata.kwargs.items() -%}
            {%- if name in ['known', 'rows_of'] -%}
                {%- do arguments.update({name: relations_in(value)}) -%}
            {%- elif name not in ['model', 'column_name'] -%}
                {%- do arguments.update({name: value}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set attached = graph.nodes[graph.nodes[unique_id].attached_node] -%}
        {%- set judged = relation_of(attached) -%}
        {%- do arguments.update({'bounds': bounds_among(attached.columns, bounds)}) -%}
        {%- do queries.update({unique_id: soundness_query(judged, **arguments)}) -%}
    {%- endfor -%}
    {%- do log('soundness ' ~ tojson(queries)) -%}
{% endmacro %}

{# The bounds of columns, by name: the lower and the upper, each with its last digits let off. #}
{% macro bounds_of_columns(relation) %}
    {%- set found = {} -%}
    {%- if execute -%}
        {%- set rows = run_query(
            "select column_name, lower_bound - closure as lower_bound, upper_bound + closure as "
            ~ "upper_bound from " ~ relation
        ) -%}
        {%- for row in rows.rows -%}
            {%- do found.update({row[0]: [row[1], row[2]]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}

{% macro bounds_among(columns, bounds) %}
    {%- set found = [] -%}
    {%- for name in columns if name in bounds -%}
        {%- do found.append([name, bounds[name][0], bounds[name][1]]) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}

{# The bounds of the columns that a table has. #}
{% macro bounded_columns(model, bounds) %}
    {%- set names = [] -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(model) -%}
            {%- do names.append(column.name) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(bounds_among(names, bounds)) }}
{% endmacro %}

{% macro relation_of(node) -%}
    {{ return(api.Relation.create(
        database=node.database, schema=node.schema, identifier=node.alias or node.identifier
    )) }}
{%- endmacro %}

{# An argument of a check with relations in the place of each ref('...') and source('...', '...'). #}
{% macro relations_in(value) %}
    {%- if value is mapping -%}
        {%- set found = {} -%}
        {%- for name, part in value.items() -%}
            {%- do found.update({name: part if name == 'field' else relations_in(part)}) -%}
        {%- endfor -%}
        {{ return(found) }}
    {%- elif value is string -%}
        {%- set names = modules.re.findall("'([a-z0-9_]+)'", value) -%}
        {%- set nodes = graph.sources if value.startswith('source') else graph.nodes -%}
        {%- for node in nodes.values()
            if node.name == names[-1] and node.resource_type in ['source', 'seed', 'model'] -%}
            {{ return(relation_of(node)) }}
        {%- endfor -%}
    {%- else -%}
        {%- set found = [] -%}
        {%- for part in value -%}{%- do found.append(relations_in(part)) -%}{%- endfor -%}
        {{ return(found) }}
    {%- endif -%}
{% endmacro %}
