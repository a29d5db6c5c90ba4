-- What the reports lack, before anything is built: one row per fault, in English and in Chinese,
-- with the file and the row that is wrong.
with regions as (

    select region_code
    from read_csv(getvariable('regions'), all_varchar = true)

),

-- Every column that names a figure of the same report.
named as (

    select report_id, 'metrics.csv' as file, 'figure_id' as name, figure_id as code
    from reports.report_metrics
    union all
    select report_id, 'metrics.csv', 'input_figure_id', input_figure_id
    from reports.report_metrics
    union all
    select report_id, 'explanations.csv', 'figure_id', figure_id
    from reports.report_explanations
    union all
    select report_id, 'identities.csv', 'figure_id', figure_id
    from reports.report_identities
    union all
    select report_id, 'identities.csv', 'term_figure_id', term_figure_id
    from reports.report_identities
    union all
    select report_id, 'quotations.csv', 'figure_id', figure_id
    from reports.report_quotations

),

unknown as (

    select
        named.report_id,
        named.file,
        named.name,
        named.code,
        'a figure of figures.csv' as wanted_en,
        'figures.csv 中的数字' as wanted_zh
    from named
    left join report_figures
        on named.report_id = report_figures.report_id and named.code = report_figures.figure_id
    where named.code is not null and report_figures.figure_id is null
    union all
    select
        report_id,
        'report.csv',
        'region_code',
        region_code,
        'a region of codes/region_codes.csv',
        'codes/region_codes.csv 中的地区'
    from reports.report_descriptions
    where region_code is null or region_code not in (select regions.region_code from regions)
    union all
    select distinct
        descriptions.report_id,
        'report.csv',
        'source_id',
        descriptions.source_id,
        'that of figures.yml',
        'figures.yml 中的 source_id'
    from reports.report_descriptions as descriptions
    inner join report_figures on descriptions.report_id = report_figures.report_id
    where descriptions.source_id is distinct from report_figures.source_id
    union all
    select
        methods_named.report_id,
        methods_named.file,
        'method',
        methods_named.method,
        'a method with a folder',
        '有文件夹的方法'
    from (
        select report_id, 'report.csv' as file, coalesce(method, '') as method
        from reports.report_descriptions
        union all
        select report_id, 'metrics.csv', method
        from reports.report_metrics
        union all
        select report_id, 'lists.csv', method
        from reports.report_lists
    ) as methods_named
    where
        methods_named.method <> 'none'
        and methods_named.method not in (
            select method_descriptions.method from methods.method_descriptions
        )
    union all
    select
        report_id,
        'metrics.csv',
        'operator',
        coalesce(operator, ''),
        'one of value, member, minimum, change_rate, decline_rate, annual_decline_rate, '
        || 'years_above, text',
        'value、member、minimum、change_rate、decline_rate、annual_decline_rate、years_above、text 之一'
    from reports.report_metrics
    where
        coalesce(operator, '') not in (
            'value', 'member', 'minimum', 'change_rate', 'decline_rate', 'annual_decline_rate',
            'years_above', 'text'
        )
    union all
    select
        report_id,
        'words.csv',
        'code_list',
        coalesce(code_list, ''),
        'one of indicator, entity',
        'indicator、entity 之一'
    from reports.report_words
    where coalesce(code_list, '') not in ('indicator', 'entity')
    union all
    select
        report_id,
        'words.csv',
        'label_en',
        coalesce(label_en, ''),
        'what "' || coalesce(words, '') || '" is called in English',
        '“' || coalesce(words, '') || '”的英文名称'
    from reports.report_words
    where words is null or label_en is null

),

repeated as (

    select report_id, 'metrics.csv' as file, 'figure_id ' || figure_id as key
    from reports.report_metrics
    group by report_id, figure_id
    having count(*) > 1
    union all
    select report_id, 'explanations.csv', 'figure_id ' || figure_id
    from reports.report_explanations
    group by report_id, figure_id
    having count(*) > 1
    union all
    select report_id, 'gaps.csv', 'figure_prefix ' || figure_prefix
    from reports.report_gaps
    group by report_id, figure_prefix
    having count(*) > 1
    union all
    select report_id, 'lists.csv', 'list_id ' || list_id
    from reports.report_lists
    group by report_id, list_id
    having count(*) > 1
    union all
    select report_id, 'words.csv', code_list || ' ' || words
    from reports.report_words
    group by report_id, code_list, words
    having count(*) > 1
    union all
    select report_id, 'report.csv', 'the report'
    from reports.report_descriptions
    group by report_id
    having count(*) <> 1

),

faults as (

    select distinct
        report_id,
        file,
        name || ' ' || coalesce(code, '') || ' is not ' || wanted_en as fault_en,
        name || ' ' || coalesce(code, '') || ' 不是' || wanted_zh as fault_zh
    from unknown
    union all
    select report_id, file, key || ' has two rows', key || ' 有两行'
    from repeated

)

select
    files.file_name || ': ' || faults.fault_en,
    files.file_name || '：' || faults.fault_zh
from faults
inner join reports.report_files as files
    on faults.report_id = files.report_id and faults.file = files.file
order by all
