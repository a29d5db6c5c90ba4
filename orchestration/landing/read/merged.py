"""Which merged range a cell lies in, without looking through all of them for each cell."""

from __future__ import annotations

from bisect import bisect_right, insort
from heapq import heappop, heappush

Range = tuple[int, int, int, int]  # first row, first column, last row, last column


class MergedRanges:
    """The merged ranges of a sheet, asked row after row.

    Only those over the row that is asked are held, by their columns: a sheet whose every row is
    merged is read in the time that its ranges take to sort. Of two that lie over each other, which
    no workbook may have, the one that begins higher, or is told first, counts.
    """

    def __init__(self, ranges: list[Range]) -> None:
        self._ranges = sorted(ranges, key=lambda place: place[0])
        self._begin()

    def _begin(self) -> None:
        self._row = 0
        self._next = 0
        self._over: list[tuple[int, int, int]] = []  # first and last column, first row
        self._ends: list[tuple[int, tuple[int, int, int]]] = []

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """The first cell of the range that a cell lies in; the cell itself if it lies in none."""
        if row != self._row:
            self._go_to(row)
        at = bisect_right(self._over, (column, _LAST, _LAST))
        if at:
            left, right, top = self._over[at - 1]
            if column <= right:
                return top, left
        return row, column

    def _go_to(self, row: int) -> None:
        if row < self._row:
            self._begin()
        self._row = row
        self._leave(row)
        while self._next < len(self._ranges) and self._ranges[self._next][0] <= row:
            top, left, bottom, right = self._ranges[self._next]
            self._next += 1
            self._leave(top)
            if bottom < row:
                continue
            at = bisect_right(self._over, (left, _LAST, _LAST))
            is_free = at == 0 or self._over[at - 1][1] < left
            if is_free and (at == len(self._over) or right < self._over[at][0]):
                insort(self._over, (left, right, top))
                heappush(self._ends, (bottom, (left, right, top)))

    def _leave(self, row: int) -> None:
        """Forget the ranges that end above a row."""
        while self._ends and self._ends[0][0] < row:
            _, place = heappop(self._ends)
            del self._over[bisect_right(self._over, place) - 1]


_LAST = 1 << 62
