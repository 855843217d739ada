"""The table and the formulas of the forum thread of seed 000 (a longitudinal study of children)."""

from __future__ import annotations

from functools import cache

from mmgui.data.read import read_text
from mmgui.data.table import Table

FORMULAS = (
    "age * format * quantity + motion + (1 | Subj) + (quantity | format:Subj) + (quantity | age:Subj)",
    "age * format * quantity + motion + (1 + quantity | Subj)",
    "format * quantity * age + motion + (1 | Subj) + (1 | age:Subj)",
    "format * quantity * age + motion + (1 | Subj) + (1 + quantity | Subj) + (1 + age | Subj)",
    "age * format * quantity + motion + (1 + age + quantity | Subj)",
    "age * format * quantity + motion + (quantity * age | Subj)",
)
"""In the order of the thread: the question, the first answer, what was tried, what was asked, and the end."""


@cache
def story() -> Table:
    """24 children at one or two ages, two formats, six quantities, motion in the scanner by age.

    As the thread describes it: “2 timepoints for most individuals”, quantity the same in both formats and at
    both ages, motion differing between ages alone. The numbers are made up.
    """
    lines = ["Subj,age,format,quantity,motion,y"]
    for child in range(24):
        for time in range(2 if child % 6 else 1):
            age = 6.1 + 0.07 * (child * 5 % 13) + 1.1 * time + 0.02 * (child % 4)
            motion = 0.05 + 0.013 * ((child * 7 + time * 5) % 11)
            for picture in ("digit", "dot"):
                for quantity in range(2, 8):
                    noise = (child * 13 + quantity * 7 + time * 3 + 11 * (picture == "dot")) % 17
                    y = 0.3 * quantity + 0.5 * time + noise / 9
                    lines.append(f"s{child:02d},{age:.2f},{picture},{quantity},{motion:.3f},{y:.3f}")
    return read_text("\n".join(lines) + "\n", "story")
