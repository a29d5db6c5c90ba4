{#
  The edges of bands of a seed as numbers that computed values are compared with: a value is in a
  band where it is above `lower_edge` and not above `upper_edge`. What equals a bound but for the
  last digits is the bound, and falls where the row says that the bound belongs.
#}
{% macro edged_bands(bands) -%}
    select
        *,
        coalesce(
            lower
            + case when is_lower_included then -1 else 1 end
            * {{ threshold('float_closure') }} * lower,
            -1e300
        ) as lower_edge,
        coalesce(
            upper
            + case when is_upper_included then 1 else -1 end
            * {{ threshold('float_closure') }} * upper,
            1e300
        ) as upper_edge
    from {{ bands }}
{%- endmacro %}

{# Plain comparisons, for which an engine looks the band up by its equal columns. #}
{% macro in_band(value, band) -%}
    {{ value }} > {{ band }}.lower_edge and {{ value }} <= {{ band }}.upper_edge
{%- endmacro %}

{# Codes are graded by schemes in force in a year: their rows beside the state of their clause. #}
{% macro schemes_in_force(subject) -%}
    select
        code_schemes.scheme_id,
        code_schemes.region_code,
        code_schemes.boundary,
        code_schemes.clause_id,
        standards.clause_status,
        coalesce(standards.year_from, 0) as year_from,
        coalesce(standards.year_to, 9999) as year_to
    from {{ ref('code_schemes') }} as code_schemes
    inner join {{ ref('standards') }} as standards
        on code_schemes.clause_id = standards.clause_id
    where code_schemes.subject = '{{ subject }}'
{%- endmacro %}

{#
  The codes of `counted`, a table of `keys`, scheme_id, year, province_code, peer_code,
  co2_after_deductions_t, industrial_value_added_10k_cny and refusal: CO2 per value added, benchmark,
  marks, colour, and why the colour is another than before.
#}
{% macro carbon_codes(counted, keys) -%}
{%- set key = keys | join(', ') -%}
{%- set same = [] -%}
{%- for column in keys -%}
    {%- do same.append('one.' ~ column ~ ' = other.' ~ column) -%}
{%- endfor -%}
{%- set same = same | join(' and ') %}
valued as (

    select
        *,
        case
            when refusal is null
                then co2_after_deductions_t / nullif(industrial_value_added_10k_cny, 0)
        end as co2_after_deductions_t_per_industrial_va
    from {{ counted }}

),

code_bands as (

    {{ edged_bands(ref('code_bands')) | indent }}

),

-- Who compares alike: the members of one province and kind, of a year.
summed as (

    select
        scheme_id,
        year,
        coalesce(province_code, '') as province_code,
        coalesce(peer_code, '') as peer_code,
        count(co2_after_deductions_t_per_industrial_va) over members as member_count,
        sum(case when refusal is null then co2_after_deductions_t end) over members as cell_co2_t,
        sum(case when refusal is null then industrial_value_added_10k_cny end) over members
            as cell_10k_cny
    from valued
    window
        members as (
            partition by scheme_id, year, province_code, peer_code
            order by {{ key }}
            rows between unbounded preceding and unbounded following
        )

),

cells as (

    select
        scheme_id,
        year,
        province_code,
        peer_code,
        max(member_count) as member_count,
        max(cell_co2_t) as cell_co2_t,
        max(cell_10k_cny) as cell_10k_cny
    from summed
    group by scheme_id, year, province_code, peer_code

),

-- A row for each group that the members of a cell may be compared with.
candidates as (

    select
        cells.scheme_id,
        cells.year,
        cells.province_code,
        cells.peer_code,
        cells.member_count,
        cells.cell_co2_t,
        cells.cell_10k_cny,
        benchmarks.benchmark_group,
        benchmarks.choice,
        benchmarks.sample_min,
        case
            when benchmarks.benchmark_group in ('peers_in_province', 'all_in_province')
                then cells.province_code
            else ''
        end as group_province_code,
        case
            when benchmarks.benchmark_group in ('peers_in_province', 'peers')
                then cells.peer_code
            else ''
        end as group_peer_code
    from cells
    inner join {{ ref('code_benchmarks') }} as benchmarks
        on cells.scheme_id = benchmarks.scheme_id

),

compared as (

    select
        scheme_id,
        year,
        province_code,
        peer_code,
        benchmark_group,
        choice,
        sample_min,
        sum(member_count) over members as benchmark_count,
        sum(cell_co2_t) over members / nullif(sum(cell_10k_cny) over members, 0)
            as benchmark_co2_t_per_industrial_va
    from candidates
    window
        members as (
            partition by scheme_id, year, benchmark_group, group_province_code, group_peer_code
            order by province_code, peer_code
            rows between unbounded preceding and unbounded following
        )

),

chosen as (

    select
        *,
        row_number() over (
            partition by scheme_id, year, province_code, peer_code
            order by case when benchmark_count >= sample_min then 0 else 1 end, choice
        ) as place,
        first_value(benchmark_count) over (
            partition by scheme_id, year, province_code, peer_code order by choice
            rows between unbounded preceding and unbounded following
        ) as wanted_count,
        min(choice) over (partition by scheme_id, year, province_code, peer_code) as first_choice
    from compared

),

measured as (

    select
        one.*,
        case when other.benchmark_count >= other.sample_min then other.benchmark_group end
            as benchmark_group,
        case
            when other.benchmark_count >= other.sample_min
                then other.benchmark_co2_t_per_industrial_va
        end as benchmark_co2_t_per_industrial_va,
        other.benchmark_count,
        other.wanted_count,
        case
            when other.benchmark_count < other.sample_min then 'none_suffices'
            when other.choice > other.first_choice then 'sample_too_small'
            when other.choice is not null then 'first_choice'
        end as benchmark_reason
    from valued as one
    left join chosen as other
        on
            one.scheme_id = other.scheme_id
            and one.year = other.year
            and coalesce(one.province_code, '') = other.province_code
            and coalesce(one.peer_code, '') = other.peer_code
            and other.place = 1

),

marked as (

    select
        measured.*,
        measured.co2_after_deductions_t_per_industrial_va
        / nullif(measured.benchmark_co2_t_per_industrial_va, 0) as efficiency_ratio,
        levels.grade as level_grade,
        levels.colour as level_colour
    from measured
    left join code_bands as levels
        on
            measured.scheme_id = levels.scheme_id
            and levels.mark = 'level'
            and {{ in_band('measured.co2_after_deductions_t_per_industrial_va', 'levels') }}

),

graded as (

    select
        marked.*,
        efficiencies.grade as efficiency_grade,
        coalesce(marked.level_colour, efficiencies.colour) as colour
    from marked
    left join code_bands as efficiencies
        on
            marked.scheme_id = efficiencies.scheme_id
            and efficiencies.mark = 'efficiency'
            and {{ in_band('marked.efficiency_ratio', 'efficiencies') }}

),

followed as (

    select
        scheme_id,
        {{ key }},
        year,
        colour,
        lag(year) over held as previous_year,
        lag(colour) over held as previous_colour,
        lag(benchmark_group) over held as previous_group,
        lag(level_colour) over held as previous_level_colour,
        co2_after_deductions_t_per_industrial_va
        / nullif(lag(benchmark_co2_t_per_industrial_va) over held, 0) as own_change_alone,
        lag(co2_after_deductions_t_per_industrial_va) over held
        / nullif(benchmark_co2_t_per_industrial_va, 0) as benchmark_change_alone
    from graded
    where colour is not null
    window held as (partition by scheme_id, {{ key }} order by year)

),

-- What the colour would be if only one of the two had moved.
alone as (

    select
        followed.*,
        own_bands.colour as own_colour,
        benchmark_bands.colour as benchmark_colour
    from followed
    left join code_bands as own_bands
        on
            followed.scheme_id = own_bands.scheme_id
            and own_bands.mark = 'efficiency'
            and {{ in_band('followed.own_change_alone', 'own_bands') }}
    left join code_bands as benchmark_bands
        on
            followed.scheme_id = benchmark_bands.scheme_id
            and benchmark_bands.mark = 'efficiency'
            and {{ in_band('followed.benchmark_change_alone', 'benchmark_bands') }}

),

coded as (

    select
        one.*,
        other.previous_year,
        other.previous_colour,
        case
            when other.colour is null then null
            when other.previous_year is null then 'first_year'
            when other.colour = other.previous_colour then 'same'
            when one.level_colour is not null then 'own_intensity'
            when one.benchmark_group <> other.previous_group then 'benchmark_group'
            when
                other.own_colour = other.colour
                and coalesce(other.benchmark_colour, '') <> other.colour
                then 'own_intensity'
            when
                other.benchmark_colour = other.colour
                and coalesce(other.own_colour, '') <> other.colour
                then 'benchmark'
            else 'both'
        end as change_reason
    from graded as one
    left join alone as other
        on one.scheme_id = other.scheme_id and one.year = other.year and {{ same }}

)
{%- endmacro %}
