"""Files of other provinces as they come in: whole, mistyped, contradictory, or without a word.

What of them is refused stands in `REFUSED`, so that a test of all that was refused knows it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from decimal import Decimal
from pathlib import Path

import yaml

from orchestration.settings import PROJECT_ROOT

BALANCES = PROJECT_ROOT / "seeds" / "raw" / "energy_yearbook"
WHOLE, MISTYPED, TO_MEND, WRONG_UNIT = "340000", "420000", "430000", "440000"
REFUSED = {
    ("fujian_2020.csv", "total_mismatch"): 1260,
    ("hubei_2020.csv", "label_unknown"): 20,
    ("hunan_2018.csv", "label_unknown"): 20,
    ("nobody_knows.csv", "sidecar_missing"): 2,
    ("guangdong_2020.csv", "unit_unknown"): 63,
}
MARKS = {
    "原煤": ("12.5", "reported", 125000.0),
    "焦炭": ("7", "reported", 70000.0),
    "原油": ("-", "zero", 0.0),
    "汽油": ("…", "below_unit", None),
    "柴油": ("", "not_available", None),
    "燃料油": ("*", "suppressed", None),
    "液化石油气": ("3.5e", "imputed", 35000.0),
}


def write_with_sidecar(folder: Path, name: str, text: str, sidecar: dict) -> None:
    """Write a raw file and the sidecar that describes it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / f"{name}.yml").write_text(
        yaml.safe_dump(sidecar | {"sha256": digest}, allow_unicode=True), encoding="utf-8"
    )


def balance(year: int) -> tuple[str, dict]:
    """The shipped balance of a year: its text and its sidecar."""
    text = (BALANCES / f"energy_balance_320000_{year}.csv").read_text(encoding="utf-8")
    sidecar = (BALANCES / f"energy_balance_320000_{year}.yml").read_text(encoding="utf-8")
    return text, yaml.safe_load(sidecar)


def sized(text: str, factor: str) -> str:
    """A balance with every figure times a factor: no two provinces have the same figures."""
    rows = list(csv.reader(text.splitlines()))
    for row in rows[2:]:
        row[1:] = [f"{Decimal(cell) * Decimal(factor):f}" if cell else "" for cell in row[1:]]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def as_province(sidecar: dict, region: str) -> dict:
    layout = sidecar["layout"] | {"constants": sidecar["layout"]["constants"] | {"region": region}}
    return sidecar | {"layout": layout, "title_zh": f"能源平衡表 {region}"}


def write_all(data: Path) -> None:
    """A province that is whole, two of which a part is refused, two files that nobody can land."""
    text, sidecar = balance(2020)
    write_with_sidecar(data, "anhui_2020", sized(text, "0.5"), as_province(sidecar, "安徽"))
    typing_error = sized(text, "0.6").replace("\nCoking,", "\nCokeing,")
    write_with_sidecar(data, "hubei_2020", typing_error, as_province(sidecar, "湖北省"))
    wrong_unit = sized(text, "0.7").replace("亿千瓦时", "亿千瓦日")
    write_with_sidecar(data, "guangdong_2020", wrong_unit, as_province(sidecar, WRONG_UNIT))
    lines = sized(text, "0.8").splitlines()
    total = next(n for n, line in enumerate(lines) if line.startswith("Total Final Consumption"))
    label, raw_coal, rest = lines[total].split(",", 2)
    lines[total] = f"{label},{float(raw_coal) * 2},{rest}"
    broken_total = "\n".join(lines) + "\n"
    write_with_sidecar(data, "fujian_2020", broken_total, as_province(sidecar, "Fujian"))
    (data / "nobody_knows.csv").write_text("a,b\n1,2\n", encoding="utf-8")


def write_to_mend(data: Path, is_mended: bool = False) -> None:
    """A province with a label mistyped, or mended; beside it a table with every kind of mark."""
    text, sidecar = balance(2018)
    text = sized(text, "0.6")
    if not is_mended:
        text = text.replace("\nUrban,", "\nUrbam,")
    write_with_sidecar(data, "hunan_2018", text, as_province(sidecar, "湖南省"))
    shipped = PROJECT_ROOT / "seeds/raw/jiangsu_yearbook/industrial_fuel_use_2018.yml"
    marks = yaml.safe_load(shipped.read_text("utf-8"))
    marks["layout"]["constants"]["region"] = TO_MEND
    marks["layout"]["missing_marks"] = {
        "": "not_available",
        "-": "zero",
        "…": "below_unit",
        "*": "suppressed",
    }
    marks["layout"]["value_marks"] = {"e": "imputed"}
    lines = [f"{fuel},万吨,{mark}" for fuel, (mark, _, _) in MARKS.items()]
    write_with_sidecar(
        data, "marks", "\n".join(["能源品种,单位,2016", *lines, ""]), marks | {"encoding": "utf-8"}
    )
