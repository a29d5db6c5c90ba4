"""Propose how to read labels down and across: which are what, the unit, the marks."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, pairwise
from typing import Any

from pydantic import ValidationError

from orchestration.errors import GreenparkError
from orchestration.landing.map.captions import part_of_year, unexplained
from orchestration.landing.map.catalogue import CONCEPTS_ZH
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.labels import (
    BLANKS,
    YEAR,
    clean_label,
    han_half,
    is_named,
    split_unit,
)
from orchestration.landing.map.tables import read_cells
from orchestration.landing.map.vocabulary import Vocabulary
from orchestration.landing.read.files import FileContent, RawFile
from orchestration.landing.read.formats import GAPS, WHITESPACE
from orchestration.landing.read.sidecar import (
    END_MARKS,
    SUB_ITEM_MARKS,
    Layout,
    Sidecar,
    shipped_sidecars,
)
from orchestration.proposing import anatomy
from orchestration.proposing.anatomy import MARK_MEANINGS, MARKS, UNIT_LINE, Block, Grid
from orchestration.proposing.proposal import (
    NO_NUMBER,
    Answers,
    Candidate,
    Missing,
    Note,
    Proposal,
    Unknown,
    codes_of,
    find_totals,
    nearest,
)
from orchestration.proposing.quantity_pairs import columns_of_pairs, find_pairs
from orchestration.proposing.unread import find_unread

PREVIEW_CELLS = 12
PLACES_SHOWN = 3
UNSAID = "?"  # stands in a proposal for what is listed as missing
COUNTED_CELLS = 200_000
SUMMED_CELLS = 5_000  # looked at for totals that add up
FITTING = 0.3  # share of known labels from which a row or column is taken to hold a concept
HEADINGS = {
    "year": r"年\s*份|年\s*度|year",
    "region": r"地\s*区|省|城\s*市|region|area|cit(y|ies)",
    "fuel": r"品\s*种|燃\s*料|fuel",
    "item": r"行\s*业|项\s*目|sector|item",
    "indicator": r"指\s*标|indicator",
}
# What most labels of a concept end with.
SHAPES = {"region": r"[省市区县州盟旗][①-⑳*\d]?$", "item": r"业$"}
# The key of the layout that says which sign inputs of transformation are printed with.
TRANSFORMATION_INPUTS = "transformation_inputs"
SPACED = re.compile(r"^[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+(\.\d+)?$")
FOOTNOTES = "①②③④⑤⑥⑦⑧⑨⑩*†‡¹²³"


class MatrixProposer:
    """The making of a proposal for labels down and across."""

    def __init__(
        self,
        proposal: Proposal,
        grids: list[Grid],
        base: dict[str, Any],
        vocabulary: Vocabulary,
        answers: Answers,
        unit: str,
    ) -> None:
        self.proposal = proposal
        self.grids = grids
        self.base = base
        self.vocabulary = vocabulary
        self.answers = answers
        self.unit = unit
        self.concepts = proposal.dataset.concepts
        self.is_unit_used = False
        self.years_valued: set[str] = set()  # with a value that the layout reads
        self.constants: dict[str, Any] = {}  # of the first part, which the others may inherit

    def propose(self) -> None:
        parts = self._parts()
        if not parts:
            raise GreenparkError(
                f"{self.proposal.path.name}: no table found: no rows of labels and numbers",
                "name the sheet of the table with --sheet, or describe it by hand (CONTRIBUTING.md)"
                if len(self.grids) > 1
                else "check the file, or describe it by hand (CONTRIBUTING.md)",
            )
        layout = {"kind": "matrix", **self.base, **parts[0]}
        for part in parts[1:]:
            # What a continuation does not have must not come down to it from the first part.
            for key, nothing in (("columns", {}), ("ignore_columns", []), ("value_columns", [])):
                if key in layout and key not in part:
                    part[key] = nothing
            part = {key: value for key, value in part.items() if layout.get(key) != value}
            layout.setdefault("blocks", []).append(part)
        self._common(layout)
        self.proposal.layout = layout
        self._try_out()
        self._check_unit()
        if self.answers.leave_out and self.proposal.unknown:
            years = self.years_valued
            self._leave_out()
            self._try_out()
            if gone := sorted(years - self.years_valued):
                self._note(
                    f"nothing is left of {', '.join(gone)}",
                    f"{'、'.join(gone)} 已无任何数值",
                )

    def _blocks(self, grid: Grid) -> list[Block]:
        return anatomy.find_blocks(grid, self.vocabulary.is_unit, self._is_label)

    def _is_label(self, text: str) -> bool:
        return any(self._knows(concept, [text]) for concept in self.concepts if concept != "year")

    def _check_unit(self) -> None:
        """Raise where `--unit` says another unit than the file prints everywhere."""
        said = self.vocabulary.unit_meaning(self.answers.unit or "")
        printed = {cell.unit.label: cell.unit for cell in self.proposal.preview}
        differing = [
            label
            for label, unit in printed.items()
            if (unit.code, unit.factor) != (said.code, said.factor)
        ]
        if self.answers.unit and not self.is_unit_used and differing:
            raise GreenparkError(
                f"--unit {self.answers.unit}: the file prints {', '.join(differing)}",
                "leave out --unit, or correct the unit in the file",
            )

    def _note(self, en: str, zh: str) -> None:
        self.proposal.notes.append(Note(en, zh))

    # --- parts -----------------------------------------------------------------------------------

    def _parts(self) -> list[dict[str, Any]]:
        """A layout for each table that fits the dataset, in the order of the file."""
        main = self._main()
        default = anatomy.main_sheet([grid.sheet for grid in self.grids])
        parts: list[tuple[float, dict[str, Any], Grid]] = []
        ignored = []
        for grid in self.grids:
            sheet = grid.sheet
            blocks = self._blocks(grid)
            if sheet.name != main and (sheet.size or self.answers.sheet or sheet.is_hidden):
                has_numbers = bool(blocks)
                if sheet.is_hidden and has_numbers:
                    self._note(
                        f"sheet {sheet.name} is hidden and holds numbers: it is quarantined unless "
                        "ignore_sheets names it",
                        f"工作表 {sheet.name} 是隐藏的且有数：除非写入 ignore_sheets，否则会被隔离",
                    )
                elif not sheet.size and any(map(any, grid.rows)):
                    ignored.append(sheet.name)
                continue
            before = (list(self.proposal.missing), list(self.proposal.assumed), self.constants)
            floors = [1, *(block.last + 1 for block in blocks)]
            found = [
                part
                for block in blocks
                for sides in [self._sides(grid, block)]
                for side in sides
                if (part := self._part(grid, side, floors[blocks.index(block)], len(sides) > 1))
            ]
            if sheet.name == main or max((share for share, _ in found), default=0) >= FITTING:
                parts += [(share, part, grid) for share, part in found]
            elif any(map(any, grid.rows)):
                self.proposal.missing, self.proposal.assumed, self.constants = before
                ignored.append(sheet.name)
                if blocks:
                    self._note(
                        f"sheet {sheet.name} holds a table with no known heading: left out",
                        f"工作表 {sheet.name} 的表头无一可识别：不读",
                    )
        if ignored:
            self.base["ignore_sheets"] = ignored
        sheets = {grid.sheet.name for _, _, grid in parts}
        for _, part, grid in parts:
            if len(sheets) > 1 or (grid.sheet.name and grid.sheet.name != default):
                part["sheet"] = grid.sheet.name
        return [part for _, part, _ in parts]

    def _main(self) -> str:
        """The sheet to read: the one named, else the first that has a known table; no cover."""
        if self.answers.sheet:
            return self.answers.sheet
        default = anatomy.main_sheet([grid.sheet for grid in self.grids])
        visible = [grid for grid in self.grids if not grid.sheet.is_hidden]
        if any(grid.sheet.size for grid in visible):
            return default
        ranks = {grid.sheet.name: self._known_share(grid) for grid in visible}
        best = max(ranks.values(), default=0.0)
        fitting = FITTING if best >= FITTING else best
        return next((name for name, rank in ranks.items() if rank >= fitting > 0), default)

    def _known_share(self, grid: Grid) -> float:
        """How many of the labels down a sheet are known; next to nothing for an unknown table."""
        blocks = self._blocks(grid)
        rates = (
            max(self._rates(self._column_texts(grid, block, column)).values(), default=0.0)
            for block in blocks
            for column in block.labels
        )
        return max(rates, default=0.0) + (0.01 if blocks else 0.0)

    def _sides(self, grid: Grid, block: Block) -> list[Block]:
        """A block, or the blocks of it that stand side by side, each with labels of its own."""
        starts = [c for c in block.labels if any(v < c for v in block.values)]
        starts = [c for c in starts if any(v > c for v in block.values)]
        own = self._rates(self._column_texts(grid, block, block.labels[0])) if block.labels else {}
        concept = max(own, key=own.__getitem__, default="")
        starts = [
            c
            for c in starts
            if concept
            and self._rates(self._column_texts(grid, block, c)).get(concept, 0) >= FITTING
        ]
        edges = [1, *starts, grid.width + 1]
        return [
            Block(
                block.header,
                block.first,
                block.last,
                *(
                    [c for c in columns if left <= c < right]
                    for columns in (block.labels, block.years, block.units, block.values)
                ),
            )
            for left, right in pairwise(edges)
        ]

    def _part(
        self, grid: Grid, block: Block, floor: int, is_side: bool
    ) -> tuple[float, dict[str, Any]] | None:
        """The layout of one block and the share of its headings that are known."""
        columns = self._set_headings(grid, block)
        if columns is None and not self._stands_over(grid, block):
            return None
        part: dict[str, Any] = {}
        if columns is not None:
            part["header_rows"] = columns[0]
        else:
            if not block.header:
                self._note(
                    f"row {block.first}: no heading above this table",
                    f"第{block.first}行：此表上方没有表头",
                )
                return None
            part["header_rows"] = list(block.header)
        rows_end = block.first - 1
        places = self._place_concepts(grid, block, columns[1] if columns else None)
        row_labels = {c: k for c, k in places.items() if isinstance(c, int) and c > 0}
        across = {-c: k for c, k in places.items() if isinstance(c, int) and c < 0}
        if not row_labels:
            return None
        units, unit_rows = self._units(grid, block, row_labels)
        header = [row for row in part["header_rows"] if row not in unit_rows]
        part["header_rows"] = header or part["header_rows"]
        if max([*part["header_rows"], *unit_rows]) != rows_end:
            part["first_data_row"] = block.first
        row_labels |= self._deeper_columns(grid, block, row_labels)
        part["row_labels"] = dict(sorted(row_labels.items()))
        if columns is not None:
            concept = places.get("across")
            part["columns"] = {
                column: {"labels": {concept: label} if concept else {}}
                | ({"unit": unit} if unit else {})
                for column, (label, unit) in columns[1].items()
                if column in block.values
            }
            if all("unit" in column for column in part["columns"].values()):
                units = {}
        elif len(across) > 1:
            part["column_labels"] = across
        elif places.get("across") or across:
            part["column_labels"] = places.get("across") or next(iter(across.values()))
        else:
            part["columns"] = {column: {} for column in block.values}
        if "column_labels" in part and self._needs_fill(grid, part["header_rows"], block):
            part["fill_header"] = True
        if columns is None:
            read = {*block.values, *row_labels, units.get("unit_column")}
            others = [c for c in range(1, grid.width + 1) if c not in read]
            others = [c for c in others if self._is_filled(grid, block, c)]
            if is_side or self.base.get("delimiter") == WHITESPACE:
                part["value_columns"] = block.values
            elif others and "column_labels" in part:
                part["ignore_columns"] = others
        pairs = find_pairs(grid, block, self.vocabulary)
        units = {} if pairs else units
        own = units.pop("columns", {})
        if own:
            part["columns"] = part.get("columns", {}) | own
        part |= units
        if self._is_filled_down(grid, block, row_labels):
            part["fill_row_labels"] = True
        given = {*row_labels.values(), *self._across(part)}
        unlabelled = [] if self._across(part) or pairs else block.values
        headings = [text for c in unlabelled for text in self._heading(grid, block, c)]
        constants = self._constants(grid, block, floor, given, headings)
        if constants:
            part["constants"] = constants
            self.constants = constants | self.constants
        if pairs:
            part["columns"] = columns_of_pairs(
                pairs, constants.get("fuel", ""), self.proposal.captions, self.vocabulary
            )
        known = self._heading_share(grid, block, part)
        return known, part

    def _stands_over(self, grid: Grid, block: Block) -> bool:
        """Of text parted by single blanks: has the heading as many words as the rows have?

        Else a word more in it would put every figure below the heading of its neighbour.
        """
        if self.base.get("delimiter") != WHITESPACE or not block.header:
            return True
        widths = Counter(len(grid.rows[row - 1]) for row in range(block.first, block.last + 1))
        if len(grid.rows[block.header[-1] - 1]) == widths.most_common(1)[0][0]:
            return True
        self._note(
            f"row {block.first}: heading and rows have not the same number of words; part the "
            "columns with tabs or two blanks",
            f"第{block.first}行：表头与各行的词数不同；请用制表符或两个空格分列",
        )
        return False

    def _deeper_columns(
        self, grid: Grid, block: Block, row_labels: dict[int, str]
    ) -> dict[int, str]:
        """Columns that hold the labels of rows where the column of their concept is blank."""
        deeper = {}
        for column in block.labels:
            for other, concept in row_labels.items():
                filled = [
                    (
                        bool(grid.at(row, column).strip(BLANKS)),
                        bool(grid.at(row, other).strip(BLANKS)),
                    )
                    for row in range(block.first, block.last + 1)
                ]
                one = sum(a != b for a, b in filled)
                is_blank_there = any(a and not b for a, b in filled)
                if column not in row_labels and is_blank_there and one >= 0.9 * len(filled):
                    deeper[column] = concept
        return deeper

    def _across(self, part: dict[str, Any]) -> set[str]:
        labels = part.get("column_labels")
        found = set(labels.values()) if isinstance(labels, dict) else {labels} - {None}
        for column in part.get("columns", {}).values():
            found |= set(column.get("labels", {}))
        return found

    def _is_filled(self, grid: Grid, block: Block, column: int) -> bool:
        rows = (*block.header, *range(block.first, block.last + 1))
        return any(grid.merged(row, column).strip(BLANKS) for row in rows)

    def _heading(self, grid: Grid, block: Block, column: int) -> list[str]:
        texts = [grid.merged(row, column).strip(BLANKS) for row in block.header]
        return [text for text in dict.fromkeys(texts) if text]

    def _heading_share(self, grid: Grid, block: Block, part: dict[str, Any]) -> float:
        labels = part.get("column_labels")
        if not isinstance(labels, str) or labels == "year":
            return 1.0
        known = [self._knows(labels, self._heading(grid, block, column)) for column in block.values]
        return sum(known) / max(len(known), 1)

    # --- which labels are what -------------------------------------------------------------------

    def _place_concepts(
        self, grid: Grid, block: Block, set_columns: dict[int, tuple[str, str]] | None
    ) -> dict[Any, str]:
        """Concept by place: a column number, a header row as its negative, or `across`."""
        scores: list[tuple[float, str, Any]] = []
        for column in block.labels:
            texts = self._column_texts(grid, block, column)
            heading = " ".join(self._heading(grid, block, column))
            for concept, share in self._rates(texts).items():
                hint = 0.2 if re.search(HEADINGS[concept], heading, re.I) else 0
                shape = SHAPES.get(concept)
                if shape and sum(bool(re.search(shape, t)) for t in texts) > 0.6 * len(texts):
                    hint += 0.35
                scores.append((share + hint, concept, column))
        for column in block.years:
            if "year" in self.concepts:
                scores.append((1.5, "year", column))
        if set_columns is None:
            for row in block.header:
                texts = [
                    text
                    for column in block.values
                    if (text := grid.merged(row, column).strip(BLANKS))
                ]
                for concept, share in self._rates(texts).items():
                    scores.append((share - 0.01, concept, -row))
            across = [self._heading(grid, block, column) for column in block.values]
        else:
            across = [[set_columns[c][0]] for c in block.values if c in set_columns]
        if not self._has_two_levels(scores):
            for concept in self.concepts:
                known = [self._knows(concept, texts) for texts in across if texts]
                scores.append((sum(known) / len(known) if known else 0.0, concept, "across"))
        places: dict[Any, str] = {}
        for share, concept, place in sorted(scores, key=lambda s: (-s[0], str(s[2]))):
            if share < FITTING or concept in places.values() or place in places:
                continue
            rows = [p for p in places if isinstance(p, int) and p < 0]
            if (place == "across" and rows) or (
                isinstance(place, int) and place < 0 and "across" in places
            ):
                continue
            places[place] = concept
        self._place_the_rest(grid, block, places)
        if "across" in places and set_columns is None:
            self._part_levels(grid, block, places)
        rows = sorted(-p for p in places if isinstance(p, int) and p < 0)
        if len(rows) == 1:
            places["across"] = places.pop(-rows[0])
        return places

    def _part_levels(self, grid: Grid, block: Block, places: dict[Any, str]) -> None:
        """Where one label stands over several columns, the heading above it tells them apart."""
        concept = places["across"]
        found = [
            self.vocabulary.find(concept, self._heading(grid, block, column), {})
            for column in block.values
        ]
        left = [c for c in self.concepts if c not in places.values()]
        if len(set(found)) == len(found) or not left:
            return
        rows = {
            row: [grid.merged(row, column).strip(BLANKS) for column in block.values]
            for row in block.header
        }
        lowest = max(rows, key=lambda row: sum(self._knows(concept, [t]) for t in rows[row] if t))
        upper = [row for row in rows if row < lowest and len({t for t in rows[row] if t}) > 1]
        if upper:
            rates = self._rates([text for text in rows[upper[0]] if text])
            places[-upper[0]] = max(left, key=lambda c: (rates.get(c, 0), c in ("item", "fuel")))
            places[-lowest] = places.pop("across")

    def _has_two_levels(self, scores: list[tuple[float, str, Any]]) -> bool:
        """Do two rows of the heading each hold a concept that no column of labels holds better?"""
        best: dict[str, tuple[float, Any]] = {}
        for share, concept, place in scores:
            if share > best.get(concept, (0.0, 0))[0]:
                best[concept] = (share, place)
        return len({place for share, place in best.values() if place < 0 and share >= FITTING}) > 1

    def _place_the_rest(self, grid: Grid, block: Block, places: dict[Any, str]) -> None:
        """Labels hardly known still are labels: what they must be, by their heading or by turn."""
        left = [c for c in self.concepts if c not in places.values() and c != "year"]
        free = [c for c in block.labels if c not in places]
        has_rows = any(isinstance(place, int) and place > 0 for place in places)
        if free and left and not has_rows:
            heading = " ".join(self._heading(grid, block, free[0]))
            hinted = [c for c in left if re.search(HEADINGS[c], heading, re.I)]
            rates = self._rates(self._column_texts(grid, block, free[0]))
            order = ("region", "fuel", "item", "indicator")
            best = max(left, key=lambda c: (c in hinted, rates.get(c, 0), order.index(c)))
            places[free[0]] = best
            left.remove(best)
        across = "across" in places or any(isinstance(p, int) and p < 0 for p in places)
        stated = {c for c in left if self.answers.constants.get(c)}
        left = [c for c in left if c not in stated and c in ("fuel", "item", "indicator")]
        if not across and len(block.values) > 1 and left:
            usual = self._sibling(lambda layout: str(layout.column_labels))
            places["across"] = usual if usual in left else left[-1]

    def _column_texts(self, grid: Grid, block: Block, column: int) -> list[str]:
        last = min(block.last, block.first + anatomy.SAMPLED_ROWS)
        texts = (grid.at(row, column).strip(BLANKS) for row in range(block.first, last + 1))
        return [text for text in dict.fromkeys(texts) if text]

    def _rates(self, texts: list[str]) -> dict[str, float]:
        """The share of labels known, by concept."""
        if not texts:
            return {}
        rates = {
            concept: sum(self._knows(concept, [text]) for text in texts) / len(texts)
            for concept in self.concepts
        }
        if "year" in rates and all(anatomy.DATE.fullmatch(text.strip(BLANKS)) for text in texts):
            rates["year"] = 1.0  # days across are a matter of time; the year is to be said
        return rates

    def _knows(self, concept: str, texts: list[str]) -> bool:
        if self.vocabulary.knows(concept, self.vocabulary.find(concept, texts, {})):
            return True
        bare = [self._bare(text) for text in texts]
        return bare != texts and self.vocabulary.knows(
            concept, self.vocabulary.find(concept, bare, {})
        )

    def _bare(self, text: str) -> str:
        """A label without the marks of footnotes and sub-items."""
        plain = text.strip(BLANKS).strip(FOOTNOTES)
        for mark in SUB_ITEM_MARKS:
            if plain.lower().startswith(mark.lower()) and len(plain) > len(mark):
                return plain[len(mark) :].strip(BLANKS + ":：")
        return plain

    def _needs_fill(self, grid: Grid, header: list[int], block: Block) -> bool:
        """Are upper headings printed once for several columns, without being merged?"""
        for row in header[:-1]:
            printed = [c for c in block.values if grid.merged(row, c).strip(BLANKS)]
            lowest = [c for c in block.values if grid.merged(header[-1], c).strip(BLANKS)]
            if printed and len(lowest) >= 2 * len(printed) and printed[0] == block.values[0]:
                return not any(top <= row <= bottom for top, _, bottom, _ in grid.sheet.merged)
        return False

    def _is_filled_down(self, grid: Grid, block: Block, row_labels: dict[int, str]) -> bool:
        """Is a label printed once for several rows that have values?"""
        if len(row_labels) < 2:
            return False
        for column, concept in row_labels.items():
            if list(row_labels.values()).count(concept) > 1:
                continue  # labels by depth leave blanks of their own
            blank = [
                row
                for row in range(block.first, block.last + 1)
                if not grid.merged(row, column).strip(BLANKS)
                and any(grid.at(row, value).strip(BLANKS) for value in block.values)
            ]
            if blank and grid.at(block.first, column).strip(BLANKS):
                return True
        return False

    def _set_headings(
        self, grid: Grid, block: Block
    ) -> tuple[list[int], dict[int, tuple[str, str]]] | None:
        """Headings of a text set with blanks, which stand in its lines but not in its columns.

        The words above the first row, a word in brackets taken with the one before it, are the
        headings if they are as many as the columns.
        """
        if self.base.get("delimiter") not in (WHITESPACE, GAPS) or block.header:
            return None
        lines = []
        for row in range(block.first - 1, 0, -1):
            words = [text.strip(BLANKS) for text in grid.rows[row - 1] if text.strip(BLANKS)]
            if not words and lines:
                break
            if words:
                lines.insert(0, (row, words))
        words = []
        for _, line in lines:
            for word in line:
                if word.startswith(("(", "（")) and words:
                    words[-1] += word
                else:
                    words.append(word)
        columns = sorted([*block.labels, *block.years, *block.units, *block.values])
        if len(words) != len(columns):
            return None
        headings = {}
        for column, word in zip(columns, words, strict=True):
            label, unit = split_unit(clean_label(word))
            known = self.vocabulary.find_unit(unit) if unit else ""
            headings[column] = (label if known else clean_label(word), known)
        return [row for row, _ in lines], headings

    # --- units and constants ---------------------------------------------------------------------

    def _units(
        self, grid: Grid, block: Block, row_labels: dict[int, str]
    ) -> tuple[dict[str, Any], list[int]]:
        """Where the unit stands, as keys of the layout; and the header rows that are a unit row."""
        knows = self.vocabulary.knows_unit
        keys: dict[str, Any] = {}
        unit_rows: list[int] = []
        for row in reversed(block.header[1:]):
            texts = [grid.at(row, column).strip(BLANKS) for column in block.values]
            if sum(map(self.vocabulary.is_unit, texts)) >= 0.6 * len(texts):
                keys["unit_row"], unit_rows = row, [row]
                break
        columns = [c for c in block.units if c < block.values[0]] or block.units
        if not keys and columns:
            keys["unit_column"] = columns[0]
        if not keys:
            column = next(iter(row_labels))
            texts = self._column_texts(grid, block, column)
            inside = [t for t in texts if (u := split_unit(clean_label(t))[1]) and knows(u)]
            if len(inside) > 0.3 * len(texts):
                keys["unit_in"] = "row_label"
        if not keys:
            inside_columns = {
                column: unit
                for column in block.values
                if (unit := self._unit_in(self._heading(grid, block, column)))
            }
            if len(inside_columns) >= 0.6 * len(block.values):
                keys["unit_in"] = "column_label"
            elif inside_columns:
                keys["columns"] = {c: {"unit": unit} for c, unit in inside_columns.items()}
        if keys.get("unit_row") or keys.get("unit_column"):
            return keys, unit_rows
        caption = self._unit_caption(grid, block)
        if isinstance(caption, list) and not {"unit_in"} & set(keys):
            keys["unit_cell"] = caption
        elif caption:
            text = grid.at(*caption) if isinstance(caption, list) else caption
            keys["unit"] = self.vocabulary.find_unit(text)
        elif self.answers.unit:
            keys["unit"], self.is_unit_used = self.answers.unit, True
        elif "unit_in" not in keys:
            keys["unit"] = UNSAID
            unit = self._sibling(lambda layout: layout.unit)
            self._miss("unit", "--unit", unit, "as in the other files of this dataset")
        return keys, unit_rows

    def _unit_in(self, heading: list[str]) -> str:
        """The unit that a heading gives in brackets, in a line or after a comma."""
        whole = clean_label(" ".join(heading))
        texts = [clean_label(text) for text in heading]
        tries = re.findall(r"\(([^()]+)\)", whole)
        tries += [split_unit(text)[1] for text in (*texts, whole)]
        return next((u for t in tries if t and (u := self._known_unit(t))), "")

    def _known_unit(self, text: str) -> str:
        return self.vocabulary.find_unit(text) if self.vocabulary.knows_unit(text) else ""

    def _unit_caption(self, grid: Grid, block: Block) -> list[int] | str:
        """The place of the unit above the heading, or the unit itself where it is in a title."""
        top = min(block.header, default=block.first)
        lines = range(top - 1, max(top - 8, 0), -1)
        for row in lines:
            for column in grid.printed(row):
                text = grid.at(row, column).strip(BLANKS)
                if UNIT_LINE.search(text) and self.vocabulary.knows_unit(text):
                    return [row, column]
        for row in lines:
            for column in grid.printed(row):
                text = grid.at(row, column)
                for part in re.findall(r"[(（]([^()（）]+)[)）]", text):
                    for piece in (part, *re.split(r"[,，;；、]", part)):
                        if unit := self._known_unit(piece.strip()):
                            return unit
        if self.unit and self.vocabulary.knows_unit(self.unit):
            return self.vocabulary.find_unit(self.unit)
        return ""

    def _constants(
        self, grid: Grid, block: Block, floor: int, given: set[str], headings: list[str]
    ) -> dict[str, Any]:
        """What holds for the whole block: said by the user, the captions or the dataset.

        `headings` are those over values that are no labels: they say what the values are.
        """
        top = min(block.header, default=block.first)
        lines = [
            grid.at(row, column).strip(BLANKS)
            for row in range(max(top - 12, floor), top)
            for column in grid.printed(row)
        ]
        if not self.proposal.captions:
            self.proposal.captions = lines
        lines = [*lines, *headings]
        constants: dict[str, Any] = {}
        for concept in self.concepts:
            if concept in given:
                continue
            said = self.answers.constants.get(concept)
            if said:
                constants[concept] = said
            elif concept == "year":
                years = self._years_in([*lines, grid.sheet.name])
                if len(years) == 1:
                    constants["year"] = int(years[0])
                elif "year" in self.constants and not any(map(part_of_year, lines)):
                    constants["year"] = self.constants["year"]
                elif any(map(part_of_year, [*lines, grid.sheet.name])):
                    self._miss("year", "--set year=", "", "")
                else:
                    near = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", self.proposal.path.stem)
                    why = "the file name; it may be the edition's" if near else ""
                    self._miss("year", "--set year=", near[0] if near else "", why)
            else:
                self._other_constant(concept, lines, constants)
        return constants

    def _years_in(self, lines: list[str]) -> list[str]:
        """The years that captions name; none where they name a part of one."""
        periods = [period for line in lines if (period := part_of_year(line))]
        if periods:
            self._note(
                f"{periods[0]} is a part of a year: it does not land as the year",
                f"{periods[0]} 是一年的一部分，不作为全年数入库",
            )
            return []
        dated = re.findall(r"(?<!\d)((?:19|20)\d\d)\s*年(?!鉴)", " ".join(lines))
        bracketed = re.findall(r"[(（]\s*((?:19|20)\d\d)\s*[)）]", " ".join(lines))
        alone = [line for line in lines if YEAR.fullmatch(clean_label(line))]
        return list(dict.fromkeys(dated or bracketed or [line[:4] for line in alone]))

    def _other_constant(self, concept: str, lines: list[str], constants: dict[str, Any]) -> None:
        strange = self._unexplained(lines) if concept != "region" else ""
        if strange:
            self._note(
                f"the caption says {strange}, which no table knows: {concept} is not taken from "
                "the dataset",
                f"标题中的“{strange}”不在对照表中，{CONCEPTS_ZH[concept]}不据数据集推定",
            )
            self._miss(concept, f"--set {concept}=", "", "")
            return
        named = self._named_in(concept, " ".join(lines))
        if named or concept in self.constants:
            constants[concept] = named or self.constants[concept]
            return
        sibling = self._sibling(lambda layout: layout.constants.get(concept))
        label = self._named_in(concept, self.proposal.dataset.label_zh)
        known = sibling if sibling and concept != "region" else label
        if known:
            constants[concept] = known
            by, by_zh = ("other files", "其他文件") if known == sibling else ("name", "名称")
            self.proposal.assumed.append(
                Note(
                    f"{concept}: {known} (by the dataset's {by})",
                    f"{CONCEPTS_ZH[concept]}：{known}（据数据集的{by_zh}）",
                )
            )
        else:
            near = (sibling or "") if concept != "region" else ""  # another region's is no hint
            why = "as in the other files of this dataset" if near else ""
            self._miss(concept, f"--set {concept}=", near, why)

    def _unexplained(self, lines: list[str]) -> str:
        """The words of captions that are neither known names nor say nothing of a quantity."""
        names = [
            alias
            for concept in self.concepts
            for folded, alias in self.vocabulary.aliases[concept].items()
        ]
        folded = [name for concept in self.concepts for name in self.vocabulary.aliases[concept]]
        return unexplained(lines, [*names, *folded])

    def _named_in(self, concept: str, text: str) -> str:
        """The one known label of a concept that a text names; '' if none or several."""
        whole = clean_label(text)
        names = [
            alias
            for folded, alias in self.vocabulary.aliases[concept].items()
            if re.search(r"[\u4e00-\u9fff]", folded) and is_named(folded, whole)
        ]
        names = [n for n in names if not any(n != o and n in o for o in names)]
        codes = {self._code(concept, name) for name in names}
        return max(names, key=len) if len(codes) == 1 else ""

    def _code(self, concept: str, alias: str) -> str:
        known = self.vocabulary.meanings[concept].get(alias)
        return (known and known.code) or alias

    def _sibling(self, value: Any) -> Any:
        """What all shipped files of the dataset say alike, this file left out."""
        found = set()
        for path, sidecar in shipped_sidecars():
            if path.stem == self.proposal.path.stem:
                continue
            if sidecar.dataset == self.proposal.dataset.name:
                found.add(value(sidecar.layout))
        return found.pop() if len(found) == 1 else None

    def _miss(self, name: str, option: str, suggestion: Any, why: str) -> None:
        if all(entry.name != name for entry in self.proposal.missing):
            text = "" if suggestion is None else str(suggestion)
            self.proposal.missing.append(Missing(name, option, text, why if text else ""))

    # --- marks and the trial ---------------------------------------------------------------------

    def _common(self, layout: dict[str, Any]) -> None:
        """The keys that hold for all parts: marks, footnotes, the end, the user's own words."""
        marks: Counter[str] = Counter()
        footnotes: set[str] = set()
        labels: Counter[str] = Counter()
        for grid in self.grids:
            for block in self._blocks(grid):
                for row in range(block.first, block.last + 1):
                    for column in block.values:
                        text = grid.at(row, column).strip(BLANKS)
                        if text in MARKS or not text:
                            marks[text] += 1
                        elif SPACED.search(text):
                            layout["thousands"] = " "
                        elif text[-1] in FOOTNOTES and text[:-1].strip(BLANKS):
                            footnotes.add(text[-1])
                for column in block.labels:
                    labels.update(self._column_texts(grid, block, column))
        sub_items = Counter(
            mark
            for text in labels
            for mark in SUB_ITEM_MARKS
            if text.lower().startswith(mark.lower()) and len(text) > len(mark)
        )
        self.proposal.sub_items = dict(sub_items)
        bare = Counter(self._bare(text) for text in labels)
        for text in labels:
            for mark in (sign for sign in text if sign in FOOTNOTES):
                # 甲市① beside 甲市 is another region, not a footnote to the same.
                if bare[self._bare(text)] == 1:
                    footnotes.add(mark)
        self.proposal.marks = {mark or "blank": number for mark, number in marks.items()}
        meanings = {"": "not_available"}
        for mark in sorted(marks):
            if mark:
                meanings[mark] = MARK_MEANINGS.get(mark, "not_available")
                if mark not in MARK_MEANINGS:
                    self._note(
                        f"{mark} is read as not_available; if it is nothing, --mark '{mark}=zero'",
                        f"{mark} 读作数据不详；若表示零，用 --mark '{mark}=zero'",
                    )
        layout["missing_marks"] = meanings | self.answers.marks
        if footnotes:
            layout["footnote_marks"] = sorted(footnotes)
        if self.answers.constants.get(TRANSFORMATION_INPUTS):
            layout[TRANSFORMATION_INPUTS] = self.answers.constants[TRANSFORMATION_INPUTS]
        self._end(layout)
        if self.answers.labels:
            self._own_words(layout)

    def _end(self, layout: dict[str, Any]) -> None:
        """Say where the table ends if what stands below does not say it."""
        main = self._main()
        grid = next(grid for grid in self.grids if grid.sheet.name == main)
        blocks = self._blocks(grid)
        if len(grid.rows) == anatomy.SAMPLED_ROWS or layout.get("blocks"):
            return
        below = []
        for row in range(blocks[-1].last + 1, len(grid.rows) + 1):
            texts = [text.strip(BLANKS) for text in grid.rows[row - 1] if text.strip(BLANKS)]
            known = (self._knows(c, [text]) for text in texts[:2] for c in self.concepts)
            if texts and not any(known):
                below.append(texts[0])
        if below and not below[0].startswith(END_MARKS):
            layout["last_data_row"] = blocks[-1].last

    def _own_words(self, layout: dict[str, Any]) -> None:
        words: dict[str, dict[str, str]] = {}
        for printed, meant in self.answers.labels.items():
            fitting = [c for c in self.concepts if self.vocabulary.knows(c, meant)]
            if not fitting:
                raise GreenparkError(
                    f"--label {printed}={meant}: {meant} stands in no alias table",
                    "name a label or code that does, or add a row to the table",
                )
            for concept in fitting:
                words.setdefault(concept, {})[printed] = meant
        layout["labels"] = words

    def _try_out(self) -> None:
        """Read the file by the proposed layout, as the landing would, and count what is known."""
        proposal = self.proposal
        proposal.unknown, proposal.preview, proposal.years, proposal.faults = [], [], [], {}
        read_places: set[tuple[str, int, int]] = set()
        proposal.cells = proposal.matched = proposal.labels = proposal.labels_known = 0
        layout = dict(proposal.layout)
        constants = {c: UNSAID for c in self.concepts if any(m.name == c for m in proposal.missing)}
        if constants:
            layout["constants"] = constants | layout.get("constants", {})
        try:
            read = Layout.model_validate(layout)
        except ValidationError as error:
            raise GreenparkError(
                f"{proposal.path.name}: not to be described: {error.errors()[0]['msg']}",
                "describe it by hand (CONTRIBUTING.md)",
            ) from error
        sidecar = Sidecar.model_construct(
            dataset=proposal.dataset.name, encoding=proposal.encoding, layout=read
        )
        content = FileContent(RawFile(proposal.path, proposal.path.name, 0), "", 0, sidecar)
        unknown: Counter[tuple[str, str]] = Counter()
        places: dict[tuple[str, str], dict[str, None]] = {}
        years: set[str] = set()
        valued: set[str] = set()
        across = set().union(*(self._across(part.model_dump()) for part in read.parts()))
        known: list[Cell] = []
        for cell in islice(read_cells(content, self.vocabulary), COUNTED_CELLS):
            proposal.cells += 1
            if cell.is_sign_unstated:
                self._miss(TRANSFORMATION_INPUTS, f"--set {TRANSFORMATION_INPUTS}=", None, "")
                continue
            read_places.add((cell.sheet_name, cell.row_number, cell.column_number))
            fault = cell.fault
            if not fault and not cell.value_status and not self._is_number(cell.number_text):
                fault = NO_NUMBER
            if fault:
                faulty = f"row {cell.row_number}"
                faulty += f" column {cell.column_number}" if cell.column_number else ""
                proposal.faults.setdefault(fault, []).append(faulty)
            if cell.fault:
                continue
            is_known = True
            proposal.labels += len(cell.labels.keys() - read.constants.keys())
            for concept, label in cell.labels.items():
                if label == UNSAID:
                    continue
                if concept == "year" and label:
                    years.add(label[:4])
                    valued |= {label[:4]} if cell.value_text.strip(BLANKS) else set()
                is_named = self.vocabulary.knows(concept, label)
                proposal.labels_known += is_named and concept not in read.constants
                if not is_named:
                    is_known = False
                    is_across = concept in across
                    place = (
                        f"column {cell.column_number}" if is_across else f"row {cell.row_number}"
                    )
                    places.setdefault((concept, label), {})[place] = None
                    unknown[concept, label] += 1
            if cell.unit_label != UNSAID and not self.vocabulary.knows_unit(cell.unit_label):
                is_known = False
                places.setdefault(("unit", cell.unit_label), {})[f"column {cell.column_number}"] = (
                    None
                )
                unknown["unit", cell.unit_label] += 1
            proposal.matched += is_known
            if is_known and len(known) < SUMMED_CELLS:
                known.append(cell)
            if len(proposal.preview) < PREVIEW_CELLS:
                proposal.preview.append(cell)
        proposal.is_counted_whole = proposal.cells < COUNTED_CELLS
        proposal.unread = find_unread(self.grids, self._main(), read, read_places)
        proposal.years, self.years_valued = sorted(years), valued
        proposal.unknown = [
            Unknown(
                concept,
                label,
                number,
                self._nearest(concept, label),
                ", ".join(islice(places[concept, label], PLACES_SHOWN)),
            )
            for (concept, label), number in unknown.most_common()
        ]

        totals = [] if proposal.layout.get("totals") else find_totals(known, self.concepts)
        if totals:
            proposal.layout["totals"] = totals

    @staticmethod
    def _is_number(text: str) -> bool:
        return bool(anatomy.NUMBER.fullmatch(text)) and text[-1:].isdigit()

    def _nearest(self, concept: str, label: str) -> list[Candidate]:
        if concept == "year" or not label:
            return []
        if concept == "unit":
            return nearest(label, {unit: unit for unit in self.vocabulary.units.values()})
        return nearest(han_half(label) or label, codes_of(concept))

    def _leave_out(self) -> None:
        """Leave out what is in no table: rows by their label, columns by their number."""
        layout = self.proposal.layout
        parts = [layout, *layout.get("blocks", [])]
        columns: set[tuple[int, int]] = set()
        for part in list(parts):
            gone = self._unknown_columns(part)
            if not gone:
                continue
            columns |= {(parts.index(part), column) for column in gone}
            block = self._block_of(part)
            if block and set(block.values) <= gone:
                self._leave_out_part(part, block)
                continue
            if part.get("value_columns") or layout.get("value_columns"):
                kept = [
                    c
                    for c in part.get("value_columns", layout.get("value_columns"))
                    if c not in gone
                ]
                part["value_columns"] = kept
            else:
                own = part.get("ignore_columns", layout.get("ignore_columns", []))
                part["ignore_columns"] = sorted({*own, *gone})
            if part.get("columns"):
                part["columns"] = {c: v for c, v in part["columns"].items() if c not in gone}
        rows = {
            entry.printed
            for entry in self.proposal.unknown
            if entry.concept in self.concepts and entry.where.startswith("row ")
        }
        if rows:
            layout["skip_labels"] = sorted({*layout.get("skip_labels", []), *rows})

    def _block_of(self, part: dict[str, Any]) -> Block | None:
        grid = self._grid_of(part)
        blocks = self._blocks(grid)
        header = part.get("header_rows", self.proposal.layout["header_rows"])
        return next((b for b in blocks if set(header) <= set(b.header)), None)

    def _grid_of(self, part: dict[str, Any]) -> Grid:
        main = self._main()
        name = part.get("sheet", self.proposal.layout.get("sheet", main))
        return next(grid for grid in self.grids if grid.sheet.name == name)

    def _leave_out_part(self, part: dict[str, Any], block: Block) -> None:
        """Take a continuation of which nothing is known out of the layout, and say so in it."""
        layout = self.proposal.layout
        if part is layout:
            raise GreenparkError(
                f"{self.proposal.path.name}: with what is unknown left out, nothing is left",
                "name another dataset with --as, or say what a label means with --label",
            )
        layout["blocks"] = [other for other in layout["blocks"] if other is not part]
        if not layout["blocks"]:
            del layout["blocks"]
        grid = self._grid_of(part)
        if grid is not self._grid_of(layout):
            layout.setdefault("ignore_sheets", []).append(grid.sheet.name)
        else:
            layout.setdefault("skip_rows", []).append([min(block.header), block.last])

    def _unknown_columns(self, part: dict[str, Any]) -> set[int]:
        """The value columns of a part whose headings are in no table."""
        unknown = {(entry.concept, entry.printed) for entry in self.proposal.unknown}
        whole = {k: v for k, v in self.proposal.layout.items() if k != "blocks"}
        read = Layout.model_validate(
            {**whole, **part, "unit": UNSAID, "constants": {}}
            | dict.fromkeys(("unit_row", "unit_column", "unit_cell", "unit_in"))
        )
        grid = self._grid_of(part)
        gone = set()
        for concept in self._across(read.model_dump()):
            for column in range(1, grid.width + 1):
                own = read.columns.get(column)
                printed = (
                    [own.labels[concept]]
                    if own and concept in own.labels
                    else [grid.merged(row, column).strip(BLANKS) for row in read.header_rows]
                )
                printed = [text for text in dict.fromkeys(printed) if text]
                label = self.vocabulary.find(concept, printed, {})
                bare = self.vocabulary.find(concept, [self._bare(t) for t in printed], {})
                is_unknown = {(concept, label), (concept, bare)} & unknown
                if is_unknown and column not in read.row_labels:
                    gone.add(column)
        return gone
