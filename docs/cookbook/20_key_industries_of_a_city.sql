-- What are the key industries of a city, in the model?
-- 模型中某市的重点产业有哪些？
select codes.label_zh as industry, round(co2_share, 2) as co2_share, rank
from model.city_key_industries as industries
inner join reference.codes as codes
    on
        codes.column_name = 'industry_code'
        and codes.code = industries.industry_code
where region_code = '320500' and year = 2020 and method = 'report_2023' and key_status = 'key'
order by rank;
