"""What a reader of the site may trust, checked on the pages as they lie in the folder.

Each check gives the faults of one page; the tests expect none on the site, and some on a page that
was tampered with. Pages run no script, so what lies in the file is what a browser shows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree, html

Query = Callable[[str], tuple[list[str], list[tuple[Any, ...]]]]
# What a unit is in that of the warehouse; written by hand, not taken from the site.
FACTORS = {
    "吨": 1, "t": 1, "万吨": 10**4, "kt": 10**3, "Mt": 10**6,
    "吨标准煤": 1, "tce": 1, "万吨标准煤": 10**4, "ktce": 10**3, "Mtce": 10**6,
    "万元": 1, "10⁴ CNY": 1, "亿元": 10**4, "10⁸ CNY": 10**4, "10⁹ CNY": 10**5,
    "吨/万元": 1, "t/10⁴ CNY": 1, "吨标准煤/万元": 1, "tce/10⁴ CNY": 1,
    "万元/吨": 1, "10⁴ CNY/t": 1, "吨/吨标准煤": 1, "t/tce": 1, "公顷": 1, "ha": 1,
    "兆瓦时": 1, "MWh": 1, "亿千瓦时": 10**5, "TWh": 10**6, "吉焦": 1, "GJ": 1,
    "吨/吉焦": 1, "t/GJ": 1, "吨/兆瓦时": 1, "t/MWh": 1,
    "吨碳/吉焦": 1, "t C/GJ": 1, "吉焦/单位": 1, "GJ/unit": 1, "吨/单位": 1, "t/unit": 1, "": 1,
    "个行业": 1, "industries": 1,
}  # fmt: skip
# The units that the warehouse itself has for columns that must show one.
WITH_UNIT = re.compile(r"_(?:t|tce|10k_cny|mwh|ha|gj)$|_t_per_|_tce_per_")
BARE_CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
BAR = re.compile(r"M\S+ \S+ ?l(\S+) 0l0 (\S+)l")
LINKS = ("href", "src")
LINEAGE = "lineage.html"


def pages(folder: Path) -> list[Path]:
    """Every page of a site but that of lineage, which is dbt's: test_lineage.py opens it."""
    return sorted(path for path in folder.rglob("*.html") if path.name != LINEAGE)


def parsed(path: Path) -> Any:
    return html.fromstring(path.read_bytes())


def links(folder: Path, path: Path, page: Any) -> list[str]:
    """Links that lead nowhere, or out of the folder."""
    faults = []
    for element in page.iter("a", "link", "script", "img", "iframe"):
        for name in LINKS:
            target = element.get(name, "")
            if target.startswith(("data:", "#")) or not target:
                continue
            place = (path.parent / target.partition("#")[0]).resolve()
            if "//" in target or not place.is_relative_to(folder) or not place.is_file():
                faults.append(f"{path.name}: {target}")
    faults += [f"{path.name}: a script" for _ in page.iter("script")]
    return faults


def sections(page: Any) -> Iterator[tuple[Any, str]]:
    """Each section that has rows, with the SQL it says it is made of."""
    for section in page.xpath("//section[.//pre[@class='sql']][.//a[@download]]"):
        (sql,) = section.xpath(".//div[@class='sources']//pre[@class='sql']")
        yield section, sql.text_content()


def _shown(text: str, unit: str) -> tuple[Decimal, Decimal]:
    """What a text says in the unit of the warehouse, and half of its last digit."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-").replace(",", "")
    factor = Decimal(1) / 100 if plain.endswith("%") else Decimal(FACTORS[unit])
    number = Decimal(plain.rstrip("%"))
    step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return number * factor, step * factor / 2


def numbers(path: Path, page: Any, query: Query, folder: Path) -> list[str]:
    """Figures that are not those of their SQL, or that their text does not round."""
    faults: list[str] = []
    for section, sql in sections(page):
        where = f"{path.name}#{section.get('id')}"
        names, rows = query(sql)
        (link,) = section.xpath(".//a[@download]")
        with (path.parent / link.get("href")).resolve().open(encoding="utf-8", newline="") as file:
            head, *lines = csv.reader(file)
        if [name for name in names if name != "is_model"] != head or len(lines) != len(rows):
            faults.append(f"{where}: the CSV holds other rows than the SQL")
        units = [head.findtext("small") or "" for head in section.xpath(".//thead//th")]
        body = section.xpath(".//tbody/tr")
        if body and len(body) != len(rows):
            faults.append(f"{where}: {len(body)} rows shown of {len(rows)}")
        cards = section.xpath(".//div[@class='cards']/dl")
        said = section.xpath("./p[@class='said']")
        for lines_of, is_table in ((body, True), (cards, False), (said, False)):
            for element, row in zip(lines_of, rows, strict=False):
                cells = element.xpath("./td") if is_table else element.xpath(".//dd | .//b")
                for place, cell in enumerate(cells):
                    own = cell.findtext("small") or ""
                    unit = own or (units[place] if is_table else "")
                    values = dict(zip(names, row, strict=True))
                    faults += _cell(where, cell, values, unit)
    return faults


def _cell(where: str, cell: Any, values: dict[str, Any], unit: str) -> list[str]:
    column, value = cell.get("data-col"), cell.get("data-value")
    if value is None:
        return []
    text = cell.text_content().removesuffix(unit)
    if values[column] is None or float(value) != float(values[column]):
        return [f"{where}: {column} is {value}, SQL gives {values[column]}"]
    if WITH_UNIT.search(column) and not unit:
        return [f"{where}: {column} has no unit"]
    said, half = _shown(text, unit)
    if abs(said - Decimal(value)) > half * Decimal("1.000001"):
        return [f"{where}: {column} shows {text} {unit} for {value}"]
    return []


def bars(path: Path, page: Any) -> list[str]:
    """Bars whose length is not proportional to their value, or whose value is in no cell."""
    faults = []
    cells = {float(cell.get("data-value")) for cell in page.xpath("//tbody//td[@data-value]")}
    for section in page.xpath("//section[.//div[contains(@class, 'chart')]]"):
        where = f"{path.name}#{section.get('id')}"
        # Of a chart of levels and effects the bars hang, but each is as high as its value.
        faults += _intervals(where, section, cells)
        for chart in section.xpath(".//figure/div[contains(@class, 'chart')]/div/svg"):
            kind = chart.getparent().getparent().get("class").split()[1]
            marks = [m for m in chart.xpath(".//path[@data-value]")]
            values = [float(mark.get("data-value")) for mark in marks]
            faults += [f"{where}: a mark of {v} in no cell" for v in values if v not in cells]
            if kind not in ("bar", "hbar", "pair", "waterfall"):
                continue
            ratios = []
            for mark, value in zip(marks, values, strict=True):
                found = BAR.match(mark.get("d"))
                across, up = (abs(float(found[k])) for k in (1, 2)) if found else (0.0, 0.0)
                length = across if kind == "hbar" else up
                if abs(value) and length > 8:  # a tenth of a pixel is how exact a path is
                    ratios.append(length / abs(value))
            if ratios and max(ratios) / min(ratios) > 1.03:
                faults.append(f"{where}: bars of {min(ratios):.6g} to {max(ratios):.6g} a unit")
    return faults


def _intervals(where: str, section: Any, cells: set[float]) -> Iterator[str]:
    """Ends of intervals that are in no cell, or that the bars beside them contradict."""
    for chart in section.xpath(".//figure//svg[.//path[@data-low]]"):
        units = [
            (float(found[1]) / value, mark.get("d"))
            for mark in chart.xpath(".//path[@data-value]")
            for value, found in [(float(mark.get("data-value")), BAR.match(mark.get("d")))]
            if found and abs(float(found[1])) > 8
        ]
        for line in chart.xpath(".//path[@data-low]"):
            low, high = (float(line.get(f"data-{end}")) for end in ("low", "high"))
            if not {low, high} <= cells:
                yield f"{where}: an interval of {low} to {high} in no cells"
            ends = [float(x) for x in re.findall(r"M(\S+) ", line.get("d"))]
            length = abs(ends[-1] - ends[0])
            if length > 8 and any(abs(length / (high - low) / u - 1) > 0.05 for u, _ in units):
                yield f"{where}: an interval of {low} to {high} is {length} px"


def words(path: Path, page: Any) -> list[str]:
    """Codes that are shown as codes, in cells or in charts; Chinese words on an English page.

    An English word may well be its code (t, increased); a Chinese one never is.
    """
    is_chinese = page.get("lang") == "zh-CN"
    faults = [
        f"{path.name}: {cell.get('data-col')} {cell.get('data-code')}"
        for cell in page.xpath("//*[@data-code]")
        for said in [cell.text_content().strip()]
        if (said == cell.get("data-code") if is_chinese else re.search("[\u4e00-\u9fff]", said))
    ]
    for text in page.xpath("//figure//svg//text | //h1 | //h2 | //th | //figcaption"):
        said = etree.tostring(text, method="text", encoding="unicode").strip()
        if BARE_CODE.fullmatch(said):
            faults.append(f"{path.name}: {said}")
    return faults
