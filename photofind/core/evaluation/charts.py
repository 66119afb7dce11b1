"""A benchmark table as a chart: one line or heap of points for each series, readable without colours too.

Colours are those of Okabe and Ito ("Color universal design", 2008), which people with any colour vision tell apart;
series also differ by their markers. matplotlib is imported when a chart is drawn, and without pyplot, which would keep
figures for ever and look for a screen.
"""

from __future__ import annotations

import io
import math
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from photofind.core.asked_files import FileKind, nowhere, write_asked
from photofind.core.errors import QueryError
from photofind.core.evaluation.tables.result import BenchTable, ChartSpec, Column
from photofind.core.evaluation.writing import Forms, check_target
from photofind.core.paths import drawing_cache
from photofind.core.private_files import make_private_folder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MAKER = "photofind bench"
_METADATA: dict[str, dict[str, str | None]] = {".png": {"Software": _MAKER}, ".svg": {"Creator": _MAKER, "Date": None}}
_PNG_BEGIN = re.compile(rb"\x89PNG\r\n\x1a\n(?:(?!IDAT).)*?tEXtSoftware\0%s" % _MAKER.encode(), re.DOTALL)
_SVG_CREATOR = re.compile(rb"<dc:creator>\s*<cc:Agent>\s*<dc:title>%s</dc:title>" % _MAKER.encode())
FORMS: Final[Forms] = {
    ".png": FileKind("a chart", lambda content: _PNG_BEGIN.match(content) is not None),
    ".svg": FileKind("a chart", lambda content: _SVG_CREATOR.search(content) is not None),
}
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8A7E00")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
_DOTS_PER_INCH = 150
_INCHES = (9.0, 5.6)
_MOST_IN_A_COLUMN = 18

Point = tuple[float, float, str]
"""(x, y, label)."""


def check_chart(path: Path, is_ours: Callable[[str], bool] = nowhere) -> None:
    """Raise QueryError or StorageError when no chart could, or may, be written to a path; see :func:`check_target`."""
    check_target(path, FORMS, is_ours)


def draw(table: BenchTable, path: Path, is_ours: Callable[[str], bool] = nowhere) -> None:
    """Draw the chart of a table as PNG, 150 dots an inch, or as SVG; the file appears whole or not at all.

    Raises
    ------
    QueryError
        When the suffix is another, or the table has nothing to draw.
    StorageError
        When it cannot be written.
    """
    check_chart(path, is_ours)
    _keep_to_ourselves()
    import matplotlib as mpl

    suffix = path.suffix.lower()
    with mpl.rc_context({"svg.hashsalt": "photofind", "svg.fonttype": "none"}):  # the same chart, the same file
        figure = figure_of(table)
        stream = io.BytesIO()
        form, metadata = suffix.lstrip("."), _METADATA[suffix]
        figure.savefig(stream, format=form, dpi=_DOTS_PER_INCH, metadata=metadata, bbox_inches="tight")
    write_asked(path, [stream.getvalue()])


def _keep_to_ourselves() -> None:
    """Let matplotlib write beside nothing but what is photofind's; it reads this variable when it is imported.

    Or else a chart would leave folders of its own in the user's home, open to all where the mask allows that.
    """
    if "MPLCONFIGDIR" in os.environ or "matplotlib" in sys.modules:
        return
    folder = drawing_cache()
    with suppress(OSError):  # then it takes a temporary folder, and says so in the log
        make_private_folder(folder)
        os.environ["MPLCONFIGDIR"] = str(folder)


def figure_of(table: BenchTable) -> Figure:
    """Return the chart as a figure of matplotlib; raises QueryError when the table has nothing to draw."""
    from matplotlib.figure import Figure

    spec = table.chart
    series = _series(table, spec) if spec is not None else {}
    if spec is None or not series:
        raise QueryError(f"The table {table.name} has no measured points that a chart could show.")
    figure = Figure(figsize=_INCHES, facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    for number, (name, points) in enumerate(series.items()):
        _draw_series(axes, number, name, points)
    _dress(axes, table, spec, len(series))
    return figure


def _series(table: BenchTable, spec: ChartSpec) -> dict[str, list[Point]]:
    """Return the points of each series in the order of the rows; rows without a value have none."""
    series: dict[str, list[Point]] = {}
    for row in table.rows:
        x, y = row.get(spec.x), row.get(spec.y)
        if not isinstance(x, Real) or not isinstance(y, Real) or not math.isfinite(x) or not math.isfinite(y):
            continue
        x, y = float(x), float(y)
        if (spec.log_x and x <= 0) or (spec.log_y and y <= 0):
            continue
        name = _words(row.get(spec.series)) if spec.series else ""
        label = row.get(spec.label) if spec.label else None
        series.setdefault(name, []).append((x, y, _words(label)))
    return series


def _words(value: object) -> str:
    """Return a value for a label, on one line and without what matplotlib would take for a formula."""
    return "" if value is None else " ".join(str(value).split()).replace("$", r"\$")


def _draw_series(axes: Axes, number: int, name: str, points: Sequence[Point]) -> None:
    colour = _COLOURS[number % len(_COLOURS)]
    axes.plot(
        [x for x, _, _ in points],
        [y for _, y, _ in points],
        color=colour,
        marker=_MARKERS[number % len(_MARKERS)],
        markersize=7,
        markeredgecolor="white",
        markeredgewidth=0.7,
        linewidth=1.4,
        linestyle="-" if number < len(_COLOURS) else "--",
        label=name,
        clip_on=False,
        zorder=3,
    )
    for place, (x, y, label) in enumerate(points):
        if label and place in (0, len(points) - 1):
            axes.annotate(
                label, (x, y), xytext=(0, 7), textcoords="offset points", ha="center", fontsize=8, color=colour
            )


def _dress(axes: Axes, table: BenchTable, spec: ChartSpec, count: int) -> None:
    columns = {column.key: column for column in table.columns}
    axes.set_title(table.title, loc="left", fontsize=13, pad=14)
    axes.set_xlabel(_label(columns.get(spec.x), spec.x))
    axes.set_ylabel(_label(columns.get(spec.y), spec.y))
    if spec.log_x:
        axes.set_xscale("log")
    if spec.log_y:
        axes.set_yscale("log")
    axes.grid(visible=True, which="major", color="#d8d8d8", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    for which in (axes.xaxis, axes.yaxis):
        _plain_ticks(which)
    if spec.series:
        title = _label(columns.get(spec.series), spec.series)
        axes.legend(
            title=title,
            loc="upper left",
            bbox_to_anchor=(1.02, 1.0),
            frameon=False,
            fontsize=9,
            ncols=1 + (count - 1) // _MOST_IN_A_COLUMN,
        )


def _plain_ticks(axis: Any) -> None:
    """Write 0.1, 0.2, 0.5 … 1,000 instead of powers of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    if axis.get_scale() == "log":
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        axis.set_minor_formatter(NullFormatter())


def _label(column: Column | None, key: str) -> str:
    return column.label if column is not None else key
