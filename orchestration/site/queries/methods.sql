-- the methods and what each rests on
select method, name_zh, name_en, description_zh, description_en, is_default, source_id
from reference.methods
order by is_default desc, method
