"""Draws docs/img/routing.svg: how long customers wait, and how many leave, under each policy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.routing.policies import OURS
from bench.routing.report import mean
from bench.routing.runs import Runs

PICTURE = Path(__file__).parents[2] / "docs" / "img" / "routing.svg"
_MARKS = ("s", "v", "o", "^", "D", "P", "*")


def draw(runs: Runs, loads: Sequence[float], names: Sequence[str], picture: Path = PICTURE) -> None:
    """One panel a load, one mark a policy; ours in colour. The same figures give the same file."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "supportterm", "font.family": "sans-serif", "svg.fonttype": "none"})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(loads), figsize=(9, 3.4), layout="constrained", squeeze=False)
    for axis, load in zip(axes[0], loads, strict=True):
        for name, mark in zip(names, _MARKS, strict=True):
            axis.plot(
                100 * mean(runs[load, name], "left"),
                mean(runs[load, name], "waits"),
                mark,
                markersize=12 if mark == "*" else 8,
                color="#1f5f8b" if name.startswith(OURS.name) else "#8a97a3",
                label=name,
                linestyle="none",
            )
        axis.set_title(f"load {load:g}", fontsize=10)
        axis.set_xlabel("customers who left, %")
        axis.margins(0.18)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0][0].set_ylabel("p90 of all waits, s")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    # Matplotlib ends lines of paths with blanks.
    lines = picture.read_text(encoding="utf-8").splitlines()
    picture.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")
