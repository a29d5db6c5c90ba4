{#
  A table or a view is one statement in the place of what stands there, and none at all where what
  stands there was made of the same code and the same content (orchestration/keeping
  says how that is known). On DuckDB only: elsewhere there is no work database, and every build is whole.
#}
{% materialization table, adapter='duckdb' %}
    {{ return(build_once('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(build_once('view')) }}
{% endmaterialization %}

{% macro build_once(kind) %}
    {%- set relation = this.incorporate(type=kind) -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks) }}
    {%- set keys = built_keys() -%}
    {%- if existing and existing.type == kind and keys and keys[0] == keys[1] -%}
        {%- do store_raw_result('main', message='KEPT', code='KEPT', rows_affected='0') -%}
    {%- else -%}
        {%- if existing and existing.type != kind -%}
            {%- do drop_relation_if_exists(existing) -%}
        {%- endif -%}
        {%- set is_contracted = config.get('contract').enforced -%}
        {%- if is_contracted -%}{%- do get_assert_columns_equivalent(sql) -%}{%- endif -%}
        {% call statement('main') -%}
            create or replace {{ kind }} {{ relation }} as (
            {{ get_select_subquery(sql) if is_contracted and kind == 'table' else sql }}
            )
        {%- endcall %}
        {%- do persist_docs(relation, model) -%}
        {%- if keys -%}
            {%- call statement('keep') -%}
                {{ keep_built(relation, keys[0], kind) }}
            {%- endcall -%}
        {%- endif -%}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}
{% endmacro %}

{# The key of this node as it would be built now, and that of what stands; none without a plan. #}
{% macro built_keys() %}
    {%- if env_var('GREENPARK_PLANNED', '') -%}
        {%- set found = run_query(
            "select current_key, built_key from work.keys where node = '" ~ model.unique_id ~ "'"
        ) -%}
        {{ return(found.rows[0] if found else none) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}

{#
  What to keep of a node that was built: its key, and what there is to know of its content. A view has
  no content of its own: what it reads is in its key.
#}
{% macro keep_built(relation, key, kind) -%}
    delete from work.built where node = '{{ model.unique_id }}';
    insert into work.built
    select
        '{{ model.unique_id }}',
        '{{ key }}',
        {% if kind == 'view' -%}
        '{{ key }}', null, null
        {%- else -%}
        content, row_count, row_hash from work.content_of('{{ relation.schema }}.{{ relation.identifier }}')
        {%- endif -%}
{%- endmacro %}

{# The same for a seed, as its last hook. #}
{% macro keep_seed() -%}
    {{ return(adapter.dispatch('keep_seed', 'greenpark')()) }}
{%- endmacro %}

{% macro default__keep_seed() -%}{%- endmacro %}

{% macro duckdb__keep_seed() -%}
    {%- set keys = built_keys() if execute -%}
    {%- if keys -%}
        {{ keep_built(this, keys[0], 'table') }};
        {%- set key_column = model.config.meta.read_by -%}
        {#- Of a table that is read a value at a time, each row is a content of its own. -#}
        {%- if key_column -%}
    delete from work.built where starts_with(node, '{{ model.unique_id }}#');
    insert into work.built
    select '{{ model.unique_id }}#' || {{ key_column }}, 'row', md5(value::varchar), null, null
    from {{ this }};
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
