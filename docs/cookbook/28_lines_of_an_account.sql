-- What is such an account made of?
-- 该账户由哪些项组成？
select entry_name_en, round(sum(co2e_t) / 1e4, 2) + 0 as co2e_10k_t
from bi.park_account_lines_with_model
where park_id = 'P01' and year = 2020
group by entry_name_en
order by entry_name_en;
