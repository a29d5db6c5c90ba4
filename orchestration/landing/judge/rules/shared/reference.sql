-- The reference tables that the rules read, as they stand in seeds/reference. DuckDB would look for
-- another delimiter in each, which takes as long as reading it.
create temp macro reference(name) as table
    select * from read_csv(
        getvariable('reference') || '/' || name,
        all_varchar = true, header = true, delim = ',', quote = '"', escape = '"'
    );

create temp table regions as from reference('codes/region_codes.csv');
-- What known_labels() of the catalogue lists, in the same order of precedence.
create temp table region_aliases as
with names as (
    select
        unnest([region_code, name_zh, short_name_zh, name_en]) as alias,
        region_code,
        if(year_to = '9999', 2, 3) as tier
    from regions
    union all
    select unnest([former_code, name_zh, name_en]), region_code, 3
    from reference('codes/former_region_names.csv')
    union all
    select alias, region_code, 1 from reference('mappings/region_aliases.csv')
)

select distinct
    alias,
    region_code,
    -- how it is looked for in a text: is_named() of the catalogue
    alias ~ '^[\x{4e00}-\x{9fff}]{2}$' as is_two_signs,
    alias ~ '[\x{4e00}-\x{9fff}]{2,}' as is_chinese
from names
where alias is not null
window
    same_alias as (partition by lower(alias)),
    same_tier as (partition by lower(alias), tier)
qualify
    tier = min(tier) over same_alias
    and min(region_code) over same_tier = max(region_code) over same_tier;
create temp table fuels as
select * replace (is_aggregate = 'true' as is_aggregate) from reference('codes/fuel_codes.csv');
create temp table fuel_group_sums as
select fuel_group, sum_fuel_code
from reference('mappings/fuel_group_labels.csv') where sum_fuel_code <> '';
create temp table indicators as from reference('codes/indicator_codes.csv');
create temp table units as
select * replace (to_unit_factor::double as to_unit_factor)
from reference('units/unit_labels.csv');
create temp table balance_items as
select * replace (
    is_aggregate = 'true' as is_aggregate,
    may_be_negative = 'true' as may_be_negative
)
from reference('codes/balance_item_codes.csv');
create temp table balance_identities as
select * replace (nullif(needs_item, '') as needs_item)
from reference('codes/balance_identity_codes.csv');
create temp table balance_identity_parts as from reference('mappings/balance_identity_parts.csv');
create temp table balance_plants as
select balance_item, product_group
from reference('codes/balance_item_codes.csv') where product_group <> '';
create temp table processes as
select balance_item from reference('mappings/region_balance_terms.csv') where balance_term = 'process';
create temp table process_fuel_groups as
select unnest(['coal', 'oil', 'electricity', 'heat']) as fuel_group;
-- The units that figures of a fuel may be in: `fuel` is that of the fuel itself.
create temp table datasets as
select dataset, string_split(fuel_units, '|') as fuel_units
from reference('catalog/datasets.csv');
-- Words of captions, as patterns: Latin ones whole, Chinese ones wherever they stand.
create temp table caption_words as
select
    lower(word) as word,
    if(word ~ '[a-zA-Z ]+', '\b' || lower(word) || '\b', word) as pattern,
    nullif(dimension, '') as dimension,
    is_modifier = 'true' as is_modifier
from reference('mappings/caption_words.csv');
create temp table period_words as
select pattern, coalesce(first_month = '1' and last_month = '12', false) as is_whole_year
from reference('mappings/period_words.csv');
-- Every industry with all that it is a part of.
create temp table industry_ancestors as
with recursive ancestors as (
    select industry_code, nullif(parent_code, '') as ancestor_code, 1 as distance
    from reference('codes/industry_codes.csv')
    where ancestor_code is not null
    union all
    select ancestors.industry_code, industries.parent_code, ancestors.distance + 1
    from ancestors
    inner join reference('codes/industry_codes.csv') as industries
        on ancestors.ancestor_code = industries.industry_code
    where nullif(industries.parent_code, '') is not null
)

from ancestors;
create temp table tce_per_unit as
select fuel_code, tce_per_unit::double as tce_per_unit
from reference('factors/tce_factors.csv')
where tce_set = getvariable('tce_set');
-- How alike two labels are. Jaro-Winkler compares bytes, three to a Chinese sign, so with those it
-- is the share of signs in common that counts first. The label itself breaks ties.
create temp macro likeness(a, b) as (
    case
        when regexp_full_match(a, '[ -~]*') then 0
        else 2.0 * len(list_intersect(string_split(a, ''), string_split(b, '')))
            / (length(a) + length(b))
    end,
    -- it compares bytes: 万t would be nearer to 万顿 than 万吨
    not regexp_matches(a || b, '[ -~]'),
    jaro_winkler_similarity(a, b),
    b
);
-- Constants: a subquery in a condition keeps it from the scan, where a text is judged once for all
-- rows that have it.
set variable thresholds = (
    select map_from_entries(list((threshold_id, value::double)))
    from reference('thresholds/thresholds.csv')
);
create temp macro threshold(id) as getvariable('thresholds')[id];
-- What a table may print. Of such numbers a ratio is never 0 or infinite, which has no logarithm.
create temp macro is_figure(number) as
coalesce(number = 0 or abs(number) between 1e-30 and 1e30, false);
-- Of two tables that disagree the newer one is suspect, and so is one that two others contradict;
-- a table is cleared by any other that sides with it.
create temp macro is_suspect(is_newer, peers) as is_newer or peers >= 2;
-- What a label that nobody knows may have been meant for, by concept.
create temp table aliases as
select 'region' as concept, alias from region_aliases
union all select 'item', alias from reference('mappings/balance_item_aliases.csv')
union all select 'item', alias from reference('mappings/industry_aliases.csv')
union all select 'fuel', alias from reference('mappings/fuel_aliases.csv')
union all select 'indicator', alias from reference('mappings/indicator_aliases.csv')
union all select 'unit', unit_label from units;
create temp macro nearest_known(asked, label) as (
    select array_to_string(max_by(alias, likeness(label, alias), 3), ', ')
    from aliases
    where concept = asked
);
-- What a code that nobody knows may have been meant for: by the names of the codes, not their
-- letters. Of a list that a person can take in at a glance, all, with their Chinese names or not.
create temp macro nearest_code(asked, label, is_chinese) as (
    with named as (
        select
            code,
            coalesce(' (' || min(name) filter (
                name <> code and regexp_full_match(name, '[ -~]*') <> is_chinese
            ) || ')', '') as word
        from code_names
        where code_list = asked
        group by code
    )
    select
        case
            when count(distinct code_names.code) <= 4
                then string_agg(
                    distinct code_names.code || named.word, ', ' order by code_names.code || named.word
                )
            else
                max_by(
                    code_names.code || coalesce(' (' || nullif(name, code_names.code) || ')', ''),
                    likeness(label, name)
                ) filter (
                    regexp_full_match(label, '[ -~]*')
                    or len(list_intersect(string_split(label, ''), string_split(name, ''))) > 0
                )
        end
    from code_names
    inner join named on code_names.code = named.code
    where code_list = asked
);
-- What a Chinese message calls the column of a list, as its file prints it, and a fuel.
create temp table headings (load_id varchar, column_name varchar, heading varchar);
-- The columns asked for have names that no argument has: an argument would be taken for them.
create temp macro heading_zh(of_load, name) as (
    select heading
    from (select load_id as heading_load_id, column_name as heading_name, heading from headings)
    where heading_load_id = of_load and heading_name = name
);
create temp macro fuel_zh(code) as coalesce((
    select known_name from (select fuel_code as known_code, name_zh as known_name from fuels)
    where known_code = code
), code);
-- Where a cell stands in its file.
create temp macro place_en(sheet_name, row_number, column_number) as
    concat_ws(' ', nullif(sheet_name, ''), 'row', row_number, 'column', column_number);
create temp macro place_zh(sheet_name, row_number, column_number) as
    concat(sheet_name, '第', row_number, '行第', column_number, '列');
