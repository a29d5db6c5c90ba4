-- What the methods lack, before anything is built: one row per fault, in English and in Chinese,
-- with the file and the row that is wanted.
with fuels as (

    select
        fuel_code,
        fuel_group,
        unit
    from reference_rows('codes/fuel_codes.csv')
    where is_aggregate <> 'true'

),

units as (

    select
        unit_label,
        unit
    from reference_rows('units/unit_labels.csv')

),

-- Who burns a fuel, and so in what.
sector_classes as (

    select distinct sector_class
    from reference_rows('codes/industry_codes.csv')

),

-- A method with no factors of its own for CH4 and N2O takes the shared ones.
gas_factors as (

    select
        null as method,
        fuel_code,
        sector_class
    from reference_rows('factors/ch4_n2o_factors.csv')
    union all
    select
        method,
        fuel_code,
        sector_class
    from methods.method_ch4_n2o_factors

),

-- Every column that holds a code, with the table the code must stand in.
codes as (

    select method, 'fuels.csv' as file, 'fuel_code' as name, fuel_code as code
    from methods.method_fuels
    union all
    select method, 'counting_rules.csv', 'fuel_code', fuel_code
    from methods.method_counting_rules
    union all
    select method, 'counting_rules.csv', 'balance_item', balance_item
    from methods.method_counting_rules
    union all
    select method, 'counting_rules.csv', 'allocation_group', allocation_group
    from methods.method_counting_rules
    union all
    select method, 'park_counting_rules.csv', 'fuel_code', fuel_code
    from methods.method_park_counting_rules
    union all
    select method, 'co2_factors.csv', 'fuel_code', fuel_code
    from methods.method_co2_factors
    union all
    select method, 'co2_factors.csv', 'industry_code', industry_code
    from methods.method_co2_factors
    union all
    select method, 'co2_factors.csv', 'unit', unit
    from methods.method_co2_factors
    union all
    select method, 'ch4_n2o_factors.csv', 'fuel_code', fuel_code
    from methods.method_ch4_n2o_factors
    union all
    select method, 'ch4_n2o_factors.csv', 'sector_class', sector_class
    from methods.method_ch4_n2o_factors

),

known as (

    select 'fuel_code' as name, 'codes/fuel_codes.csv' as file, fuel_code as code
    from reference_rows('codes/fuel_codes.csv')
    union all
    select 'balance_item', 'codes/balance_item_codes.csv', balance_item
    from reference_rows('codes/balance_item_codes.csv')
    union all
    select 'industry_code', 'codes/industry_codes.csv', industry_code
    from reference_rows('codes/industry_codes.csv')
    union all
    select 'sector_class', 'codes/industry_codes.csv', sector_class
    from sector_classes
    union all
    select 'unit', 'units/unit_labels.csv', unit_label
    from units
    union all
    select 'allocation_group', 'mappings/allocation_group_members.csv', allocation_group
    from reference_rows('mappings/allocation_group_members.csv')

),

-- Columns with few values, which stand here.
choices (file, name, value) as (

    values
    ('method.csv', 'industrial_basis', 'industrial_use_above_size'),
    ('method.csv', 'industrial_basis', 'balance_divisions'),
    ('counting_rules.csv', 'account', 'territorial'),
    ('counting_rules.csv', 'account', 'industrial'),
    ('counting_rules.csv', 'account', 'end_use'),
    ('counting_rules.csv', 'account', 'industry_net'),
    ('counting_rules.csv', 'take', 'all'),
    ('counting_rules.csv', 'take', 'inputs_only'),
    ('counting_rules.csv', 'take', 'deduct'),
    ('counting_rules.csv', 'take', 'none'),
    ('counting_rules.csv', 'scope', '1'),
    ('counting_rules.csv', 'scope', '2'),
    ('park_counting_rules.csv', 'flow', 'consumption'),
    ('park_counting_rules.csv', 'flow', 'feedstock'),
    ('park_counting_rules.csv', 'flow', 'transformation_input'),
    ('park_counting_rules.csv', 'flow', 'burnt_input'),
    ('park_counting_rules.csv', 'flow', 'purchase'),
    ('park_counting_rules.csv', 'scope', '1'),
    ('park_counting_rules.csv', 'scope', '2'),
    ('co2_factors.csv', 'origin', 'observed'),
    ('co2_factors.csv', 'origin', 'derived'),
    ('co2_factors.csv', 'origin', 'reconstructed')

),

chosen as (

    select method, 'method.csv' as file, 'industrial_basis' as name, industrial_basis as value
    from methods.method_descriptions
    union all
    select method, 'counting_rules.csv', 'account', account from methods.method_counting_rules
    union all
    select method, 'counting_rules.csv', 'take', take from methods.method_counting_rules
    union all
    select method, 'counting_rules.csv', 'scope', scope from methods.method_counting_rules
    union all
    select method, 'park_counting_rules.csv', 'flow', flow from methods.method_park_counting_rules
    union all
    select method, 'park_counting_rules.csv', 'scope', scope
    from methods.method_park_counting_rules
    union all
    select method, 'co2_factors.csv', 'origin', origin from methods.method_co2_factors

),

-- Cells that may not be blank, whatever else stands in the row.
blanks as (

    select method, 'method.csv' as file, 'name_zh' as name, name_zh as value
    from methods.method_descriptions
    union all
    select method, 'method.csv', 'name_en', name_en from methods.method_descriptions
    union all
    select method, 'method.csv', 'source_id', source_id from methods.method_descriptions
    union all
    select method, 'fuels.csv', 'fuel_code', fuel_code from methods.method_fuels
    union all
    select method, 'fuels.csv', 'is_counted', is_counted::varchar from methods.method_fuels
    union all
    select method, 'fuels.csv', 'is_coal', is_coal::varchar from methods.method_fuels
    union all
    select method, 'fuels.csv', 'reason (' || fuel_code || ')', reason
    from methods.method_fuels
    where not is_counted
    union all
    select method, 'counting_rules.csv', 'balance_item', balance_item
    from methods.method_counting_rules
    union all
    select method, 'counting_rules.csv', 'weight (' || balance_item || ')', weight::varchar
    from methods.method_counting_rules
    union all
    select
        method,
        'counting_rules.csv',
        'allocation_group (' || balance_item || ')',
        allocation_group
    from methods.method_counting_rules
    where take = 'deduct'
    union all
    select method, 'park_counting_rules.csv', 'weight (' || flow || ')', weight::varchar
    from methods.method_park_counting_rules
    union all
    select method, 'park_counting_rules.csv', 'is_from_outside', is_from_outside::varchar
    from methods.method_park_counting_rules
    union all
    select method, 'co2_factors.csv', 'fuel_code', fuel_code from methods.method_co2_factors
    union all
    select method, 'co2_factors.csv', 'co2_t_per_unit (' || fuel_code || ')', co2_t_per_unit::varchar
    from methods.method_co2_factors
    union all
    select method, 'co2_factors.csv', 'year_from (' || fuel_code || ')', year_from::varchar
    from methods.method_co2_factors
    union all
    select method, 'co2_factors.csv', 'unit (' || fuel_code || ')', unit
    from methods.method_co2_factors
    union all
    select method, 'co2_factors.csv', 'source_id (' || fuel_code || ')', source_id
    from methods.method_co2_factors
    union all
    select method, 'grid_rules.csv', 'factor_year', factor_year::varchar
    from methods.method_grid_rules
    union all
    select method, 'grid_rules.csv', 'year_from', year_from::varchar
    from methods.method_grid_rules

),

repeated as (

    select method, 'method.csv' as file, '' as row_key
    from methods.method_descriptions
    union all
    select method, 'fuels.csv', fuel_code from methods.method_fuels
    union all
    select method, 'counting_rules.csv', concat_ws(', ', account, balance_item, fuel_code)
    from methods.method_counting_rules
    union all
    select method, 'park_counting_rules.csv', concat_ws(', ', flow, scope, fuel_code)
    from methods.method_park_counting_rules
    union all
    select method, 'co2_factors.csv', concat_ws(', ', fuel_code, industry_code, year_from)
    from methods.method_co2_factors
    union all
    select method, 'grid_rules.csv', year_from::varchar from methods.method_grid_rules
    union all
    select method, 'ch4_n2o_factors.csv', concat_ws(', ', fuel_code, sector_class)
    from methods.method_ch4_n2o_factors

),

-- What the rules may ask a factor for: a rule that names no fuel takes what the method counts, and
-- of parks only what is burnt.
asked as (

    select
        rules.method,
        rules.scope,
        fuels.fuel_code
    from methods.method_counting_rules as rules
    inner join methods.method_fuels as method_fuels on rules.method = method_fuels.method
    inner join fuels on method_fuels.fuel_code = fuels.fuel_code
    where
        rules.take <> 'none'
        and (
            rules.fuel_code = fuels.fuel_code
            or (
                rules.fuel_code is null
                and method_fuels.is_counted
                and not exists (
                    select 1
                    from methods.method_counting_rules as own
                    where
                        own.method = rules.method
                        and own.account = rules.account
                        and own.balance_item = rules.balance_item
                        and own.fuel_code = fuels.fuel_code
                )
            )
        )
    union
    select
        rules.method,
        rules.scope,
        fuels.fuel_code
    from methods.method_park_counting_rules as rules
    cross join fuels
    left join methods.method_fuels as method_fuels
        on rules.method = method_fuels.method and fuels.fuel_code = method_fuels.fuel_code
    where
        rules.fuel_code = fuels.fuel_code
        or (
            rules.fuel_code is null
            and method_fuels.is_counted
            and fuels.fuel_group not in ('electricity', 'heat')
        )

),

-- A factor of the grid is per MWh: it serves electricity bought that is counted in MWh.
unserved as (

    select
        asked.method,
        asked.scope,
        asked.fuel_code,
        asked.scope = '2' and fuels.fuel_group = 'electricity' and fuels.unit = 'mwh'
            as takes_grid_factor
    from asked
    inner join fuels on asked.fuel_code = fuels.fuel_code
    where not exists (
        select 1
        from methods.method_co2_factors as factors
        where
            factors.method = asked.method
            and factors.fuel_code = asked.fuel_code
    )

),

grid_years as (

    select distinct year
    from reference_rows('factors/grid_factors.csv')
    where kind = 'average'

),

tce as (

    select fuel_code
    from reference_rows('factors/tce_factors.csv')
    where tce_set = getvariable('tce_set_in_force')

),

faults as (

    -- A row that is wanted.
    select
        folder || '/fuels.csv lacks a row for fuel ' || fuels.fuel_code
        || ': every method says of every fuel whether it counts it, or why not' as english,
        folder || '/fuels.csv 缺少能源品种 ' || fuels.fuel_code
        || ' 的一行：每种方法须说明每个品种是否计入及理由' as chinese
    from method_folders
    cross join fuels
    where not exists (
        select 1
        from methods.method_fuels as method_fuels
        where
            method_fuels.method = method_folders.method
            and method_fuels.fuel_code = fuels.fuel_code
    )
    union all
    select
        folder || '/co2_factors.csv lacks a row for fuel ' || unserved.fuel_code
        || case unserved.scope
            when '1' then ', which the method counts'
            else ', which the method counts as bought'
        end,
        folder || '/co2_factors.csv 缺少能源品种 ' || unserved.fuel_code
        || case unserved.scope when '1' then ' 的一行，该方法计入此品种'
            else ' 的一行，该方法计入此外购品种' end
    from unserved
    inner join method_folders using (method)
    where not unserved.takes_grid_factor
    union all
    select
        folder || '/grid_rules.csv lacks a row: fuel ' || unserved.fuel_code
        || ' is counted as bought and takes the factor of the grid',
        folder || '/grid_rules.csv 缺少一行：品种 ' || unserved.fuel_code
        || ' 按外购计入，采用电网排放因子'
    from unserved
    inner join method_folders using (method)
    where
        unserved.takes_grid_factor
        and not exists (
            select 1
            from methods.method_grid_rules as grid_rules
            where grid_rules.method = unserved.method
        )
    union all
    select distinct
        getvariable('reference_name') || '/factors/grid_factors.csv lacks rows for year '
        || grid_rules.factor_year || ', which ' || folder || '/grid_rules.csv takes',
        getvariable('reference_name') || '/factors/grid_factors.csv 缺少 '
        || grid_rules.factor_year || ' 年的行，' || folder || '/grid_rules.csv 引用了该年'
    from methods.method_grid_rules as grid_rules
    inner join method_folders using (method)
    where grid_rules.factor_year::varchar not in (select year from grid_years)
    union all
    select
        getvariable('reference_name') || '/factors/ch4_n2o_factors.csv or ' || folder
        || '/ch4_n2o_factors.csv lacks a row for fuel ' || asked.fuel_code || ', '
        || sector_classes.sector_class,
        getvariable('reference_name') || '/factors/ch4_n2o_factors.csv 或 ' || folder
        || '/ch4_n2o_factors.csv 缺少能源品种 ' || asked.fuel_code || '、'
        || sector_classes.sector_class || ' 的一行'
    from asked
    inner join method_folders using (method)
    cross join sector_classes
    where
        asked.scope = '1'
        and not exists (
            select 1
            from gas_factors
            where
                gas_factors.fuel_code = asked.fuel_code
                and gas_factors.sector_class = sector_classes.sector_class
                and coalesce(gas_factors.method, asked.method) = asked.method
        )
    union all
    select distinct
        getvariable('reference_name') || '/factors/tce_factors.csv lacks a row for fuel '
        || asked.fuel_code || ' in set ' || getvariable('tce_set_in_force'),
        getvariable('reference_name') || '/factors/tce_factors.csv 缺少能源品种 '
        || asked.fuel_code || ' 在 ' || getvariable('tce_set_in_force') || ' 中的一行'
    from asked
    where asked.fuel_code not in (select fuel_code from tce)
    -- A row that does not fit.
    union all
    select distinct
        folder || '/' || codes.file || ': ' || codes.name || ' ' || codes.code
        || ' stands in no row of ' || getvariable('reference_name') || '/' || tables.file,
        folder || '/' || codes.file || '：' || codes.name || ' ' || codes.code || ' 不在 '
        || getvariable('reference_name') || '/' || tables.file || ' 中'
    from codes
    inner join method_folders using (method)
    inner join (select distinct name, file from known) as tables using (name)
    left join known on codes.name = known.name and codes.code = known.code
    where codes.code is not null and known.code is null
    union all
    select distinct
        folder || '/' || chosen.file || ': ' || chosen.name || ' is '
        || coalesce(chosen.value, 'blank') || ', not one of ' || known_choices.listed,
        folder || '/' || chosen.file || '：' || chosen.name || ' 为 '
        || coalesce(chosen.value, '空') || '，应为其中之一：' || known_choices.listed
    from chosen
    inner join method_folders using (method)
    inner join (
        select file, name, list(value) as values_known, string_agg(value, ', ') as listed
        from choices group by file, name
    ) as known_choices using (file, name)
    where not coalesce(list_contains(known_choices.values_known, chosen.value), false)
    union all
    select distinct
        folder || '/' || blanks.file || ': ' || blanks.name || ' is blank',
        folder || '/' || blanks.file || '：' || blanks.name || ' 为空'
    from blanks
    inner join method_folders using (method)
    where blanks.value is null
    union all
    select
        folder || '/' || repeated.file || ' has ' || count(*) || ' rows '
        || case when row_key <> '' then 'for ' || row_key else 'where one belongs' end,
        folder || '/' || repeated.file || ' 有 ' || count(*) || ' 行重复 ' || row_key
    from repeated
    inner join method_folders using (method)
    group by folder, repeated.file, row_key
    having count(*) > 1
    union all
    select
        folder || '/' || table_file || ' has no row',
        folder || '/' || table_file || ' 没有数据行'
    from method_folders
    cross join (values ('method.csv'), ('counting_rules.csv')) as wanted (table_file)
    where
        not exists (
            select 1
            from repeated
            where
                repeated.method = method_folders.method
                and repeated.file = wanted.table_file
        )
    union all
    select distinct
        folder || '/co2_factors.csv: fuel ' || factors.fuel_code || ' is counted in '
        || fuels.unit || ' and its factor is per ' || factors.unit,
        folder || '/co2_factors.csv：品种 ' || factors.fuel_code || ' 以 ' || fuels.unit
        || ' 计量，而因子按 ' || factors.unit || ' 给出'
    from methods.method_co2_factors as factors
    inner join method_folders using (method)
    inner join fuels on factors.fuel_code = fuels.fuel_code
    inner join units on factors.unit = units.unit_label
    where units.unit <> fuels.unit

)

select
    english,
    chinese
from faults
order by english
