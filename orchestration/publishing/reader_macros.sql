-- What a reader of the file may call by a short name: `select convert(1, '万吨标准煤', 'TJ')`. Named by
-- schema and table alone; where the file is attached under another name, `use` it first.

-- A value in another unit of the same quantity; energy, standard coal and electricity (at its heat)
-- convert into each other. A unit is its label, or its code as columns have it (10k_cny). NULL stays
-- NULL; a unit that no table has, or another quantity, is an error.
create macro convert(value, from_unit, to_unit) as (
    select
        case
            when found.unit_of_from is null then error('no such unit: ' || from_unit)
            when found.unit_of_to is null then error('no such unit: ' || to_unit)
            when found.unit_of_from = found.unit_of_to
                then value * found.factor_of_from / found.factor_of_to
            when found.gj_of_from is null or found.gj_of_to is null
                then error(from_unit || ' and ' || to_unit || ' are units of different quantities')
            else value * found.gj_of_from / found.gj_of_to
        end
    from (
        select
            max(case when unit_label = from_unit then unit end) as unit_of_from,
            max(case when unit_label = to_unit then unit end) as unit_of_to,
            max(case when unit_label = from_unit then to_unit_factor end) as factor_of_from,
            max(case when unit_label = to_unit then to_unit_factor end) as factor_of_to,
            max(case when unit_label = from_unit then gj_per_unit end) as gj_of_from,
            max(case when unit_label = to_unit then gj_per_unit end) as gj_of_to
        from (
            select unit_label, unit, to_unit_factor, gj_per_unit from reference.units
            union all
            select unit, unit, 1, max(gj_per_unit / to_unit_factor) from reference.units
            where unit not in (select unit_label from reference.units)
            group by unit
        )
    ) as found
);

-- t of CO2 of a quantity of a fuel burnt, in the unit of reference.fuels, by the factor that a
-- method has for any industry in that year. Fuel: its code, or its name in either language. Without
-- such a factor it is an error: power and heat have factors of grids, some methods of industries only.
create macro co2(fuel, quantity, method_name, in_year) as (
    case
        when fuel is null or quantity is null then null
        when not exists (
            select 1 from reference.fuels as fuels
            where fuel in (fuels.fuel_code, fuels.name_zh, fuels.name_en)
        )
            then error('no such fuel: ' || fuel)
        else coalesce(
            quantity * (
                -- A factor may be per 10^4 m3 where the fuel is counted in m3.
                select max(factors.co2_t_per_unit / units.to_unit_factor)
                from reference.fuels as fuels
                inner join reference.emission_factors as factors
                    on fuels.fuel_code = factors.fuel_code
                inner join reference.units as units
                    on factors.unit = units.unit_label and fuels.unit = units.unit
                where
                    fuel in (fuels.fuel_code, fuels.name_zh, fuels.name_en)
                    and factors.method = method_name
                    and factors.industry_code is null
                    and in_year between factors.year_from and factors.year_to
            ),
            error(
                'method ' || method_name || ' has no factor of ' || fuel || ' for any industry in '
                || in_year || '; see reference.factors'
            )
        )
    end
);

-- CO2 per energy of a park, by the account of a method in its own view over the energy of the same
-- park at the equivalent value. Of anything else it is an error that says why: energy of another
-- boundary or convention, another view, an account without a net.
create macro co2_per_energy(
    park, in_year, method_name, convention := 'coal_equivalent', energy_of := null, view := null
) as (
    select
        case
            when park is null or in_year is null or method_name is null then null
            when found.ratio is not null and park is not distinct from coalesce(energy_of, park)
                and convention = 'coal_equivalent' and coalesce(view, found.own_view) = found.own_view
                then found.ratio
            else error(
                'no CO2 per energy of park ' || park || ' in ' || in_year || ' by ' || method_name || ': '
                || case
                    when found.own_view is null
                        then 'it has no such account; see all_levels.park_carbon_account (无此账户)'
                    when park is distinct from coalesce(energy_of, park)
                        then 'boundary_differs: CO2 is of ' || park || ', energy of ' || energy_of
                            || '; take both of one boundary (碳排放与能耗口径不同)'
                    when convention <> 'coal_equivalent'
                        then 'convention_differs: the bounds are of energy with electricity at its '
                            || 'equivalent value (coal_equivalent), not ' || convention
                            || ' (折标方式不同，应为等价值)'
                    when coalesce(view, found.own_view) <> found.own_view
                        then 'another_view: the method takes electricity by ' || found.own_view
                            || ', not ' || view || ' (不是该方法的电力视角)'
                    else found.refusal || '; see quality.account_faults (' || found.refusal_zh || ')'
                end
            )
        end
    from (
        select
            max(accounts.electricity_view) as own_view,
            max(accounts.core_co2_t_per_tce) as ratio,
            max(coalesce(accounts.refusal, accounts.ratio_refusal)) as refusal,
            max(words.label_zh) as refusal_zh
        from all_levels.park_carbon_account as accounts
        left join reference.codes as words
            on
                words.column_name = 'refusal'
                and words.code = coalesce(accounts.refusal, accounts.ratio_refusal)
        where
            accounts.park_id = park and accounts.year = in_year and accounts.method = method_name
            and accounts.is_own_view
    ) as found
);

-- Two parks side by side, of the plain tables or of the model; `is_model` marks which.
create macro compare_parks(a, b) as table
select
    compared.*,
    exists (select 1 from model.park_points as points where points.park_id = a) as is_model,
    exists (select 1 from model.park_points as points where points.park_id = b) as other_is_model
from indicators.compare_parks(a, b, points := 'all_levels.park_points') as compared
order by compared.method, compared.sort;

-- From a CO2 number to the cells it was printed in and the factor with its source. Subject: a region
-- or a park by its code; of its fuels and industries those that are named.
create macro explain_value(
    subject, in_year, method_name, fuel := null, industry := null, enterprise := null
) as table
select *
from quality.explain as explained
where
    subject = coalesce(explained.park_id, explained.region_code)
    and explained.year = in_year
    and explained.method = method_name
    and (fuel is null or explained.fuel_code = fuel)
    and (industry is null or explained.industry_code = industry)
    and (enterprise is null or explained.enterprise_id = enterprise)
order by abs(explained.co2_t) desc, explained.file_name, explained.row_number, explained.column_number;
