-- CO2 of each province: lowest and highest by method, and by the default one, in the last year that most have
with accounts as (
    select * from indicators.province_year_by_method
    union all by name
    select * from model.province_year_by_method
),

years as (
    select region_code, year, count(*) as methods
    from accounts
    where co2_t is not null
    group by region_code, year
    qualify row_number() over (partition by region_code order by methods desc, year desc) = 1
)

select
    a.region_code as province_code, a.year, count(*) as methods, min(a.co2_t) as lowest_co2_t,
    max(a.co2_t) as highest_co2_t, max(m.method) as method,
    max(a.co2_t) filter (where m.method is not null) as co2_t
from accounts as a
inner join years as y on a.region_code = y.region_code and a.year = y.year
left join reference.methods as m on a.method = m.method and m.is_default
where a.co2_t is not null
group by a.region_code, a.year
order by a.region_code
