"""Two parks of other provinces that return the forms of the account and nothing else.

The forms are printed, filled in and described by the commands of CONTRIBUTING: the workbooks of
NEW1 in Chinese, the texts of NEW2 in English.
"""

from __future__ import annotations

from pathlib import Path

from own_park import fill_in_text, fill_in_workbook, labels, run
from roads import command, with_words

QINGDAO = {
    "parks": [("NEW1", "青岛新园区", "省级", "青岛市", "经济（技术）开发区")],
    "enterprises": [
        ("NEW1", "N-1", "热电公司", "44", "是"),
        ("NEW1", "N-2", "水泥公司", "非金属矿物制品业", "是"),
    ],
    "enterprise_energy": [
        ("NEW1", "N-1", 2023, "原煤", "吨", 100000, 100000, 70000, 30000, "一般烟煤"),
        ("NEW1", "N-2", 2023, "天然气", "万立方米", 500, "", "", "", ""),
    ],
    "energy_exchange": [
        ("NEW1", "N-2", 2023, "电力", "购入", 5000, "万千瓦时", "网电", ""),
        ("NEW1", "N-1", 2023, "电力", "外售", 90000, "兆瓦时", "网电", ""),
        ("NEW1", "N-1", 2023, "热力", "外售", 100000, "吉焦", "", "N-2"),
        ("NEW1", "N-2", 2023, "热力", "购入", 100000, "吉焦", "", "N-1"),
    ],
    "process": [("NEW1", "N-2", 2023, "水泥熟料", "硅酸盐水泥熟料", 100000)],
    "certificates": [
        ("GEC-NEW-1", "零碳园区核算", "NEW1", 2023, 3, 10000, "水泥公司", "2024-01-15")
    ],
}  # fmt: skip
YUNNAN = {
    "parks": [("NEW2", "New park of Yunnan", "Provincial", "530100", "Industrial park")],
    "enterprises": [("NEW2", "N-1", "Silicon works", "32", "yes")],
    "enterprise_energy": [
        ("NEW2", "N-1", 2023, "Coke", "t", 1000, "", "", "", ""),
        ("NEW2", "N-1", 2023, "diesel", "t", 50, "", "", "", ""),
    ],
    "energy_exchange": [
        ("NEW2", "N-1", 2023, "Electricity", "Purchased", 300000, "MWh", "grid", ""),
        ("NEW2", "N-1", 2023, "Electricity", "Purchased", 250000, "MWh", "Direct non-fossil supply",
         ""),
    ],
    "process": [("NEW2", "N-1", 2023, "Industrial silicon", "", 20000)],
    "direct_supply": [("NEW2", "Solar line", 2023, 280000, 550000, 250000)],
}  # fmt: skip
COLUMNS = {
    "parks": "park_id name_zh level region_code park_type",
    "enterprises": "park_id enterprise_id name_zh industry_code is_above_size",
    "enterprise_energy": "park_id enterprise_id year fuel_code unit consumption_quantity"
    " transformation_input_quantity power_input_quantity heat_input_quantity coal_kind",
    "energy_exchange": "park_id enterprise_id year carrier direction quantity unit supply_kind"
    " counterpart",
    "process": "park_id enterprise_id year process_product process_route process_quantity_t",
    "certificates": "certificate_id claim_scheme park_id year month certificate_mwh"
    " certificate_holder retired_on",
    "direct_supply": "park_id supply_project year project_generation_mwh project_load_mwh"
    " project_self_used_mwh",
}


def write_all(data: Path) -> None:
    """Both parks, each in a folder of its own below `data`; the blank forms lie elsewhere."""
    forms = data.parents[1] / "new_forms"
    printed = command("Your own park", "template", "park_returns_process")
    run(with_words(printed, {"forms": str(forms)}))
    for form in ("parks", "enterprises", "enterprise_energy"):
        run(["template", f"park_returns_{form}", "--output", str(forms)])
    for place, returned, kind in (("qingdao", QINGDAO, "xlsx"), ("yunnan", YUNNAN, "csv")):
        folder = data / place
        folder.mkdir(parents=True)
        for form, rows in returned.items():
            heading = labels(f"park_returns_{form}")
            names = [heading[column] for column in COLUMNS[form].split()]
            values = [dict(zip(names, row, strict=True)) for row in rows]
            fill_in = fill_in_workbook if kind == "xlsx" else fill_in_text
            blank = forms / f"park_returns_{form}.{kind}"
            fill_in(blank, folder / f"{form}.{kind}", values)
        line = command("Your own park", "describe", "DIR/*.xlsx")
        files = [str(path) for path in sorted(folder.iterdir())]
        at = line.index("DIR/*.xlsx")
        line = with_words(line, {"own_park_2024": f"{place}_2024"})
        run([*line[:at], *files, *line[at + 1 :]])
