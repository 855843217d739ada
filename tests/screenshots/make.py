"""Pictures of every page in light, dark and projector mode, to be looked at.

python tests/screenshots/make.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from mmgui.ui.picture import save_page

SLEEP = (
    "Reaction ~ Days + (1 | Subject)",
    "Reaction ~ Days + (Days || Subject)",
    "Reaction ~ Days + (Days | Subject)",
)
MODELS = {
    "sleepstudy": SLEEP,
    "Pastes": ("strength ~ 1 + (1 | cask)", "strength ~ 1 + (1 | batch/cask)"),
    "Penicillin": ("diameter ~ 1 + (1 | plate)", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
    "Dyestuff2": ("Yield ~ 1 + (1 | Batch)",),
    "Machines": ("score ~ Machine + (1 | Worker)", "score ~ Machine + (Machine | Worker)"),
    "sim_hidden_singular": ("y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)",),
    "InstEval": ("y ~ service + (1 | s) + (1 | d) + (1 | dept)",),
}
PAGES = (
    "window", "summary", "groups", "shrinkage", "covariance", "landscape", "origin", "residuals", "profile",
    "equation", "trace", "design", "compare",
)  # fmt: skip
LOOKS = {
    "light-1280": ("light", False, (1280, 800)),
    "dark-1920": ("dark", False, (1920, 1080)),
    "projector-1920": ("light", True, (1920, 1080)),
}


def main() -> None:
    """Make them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "out"
    folder.mkdir(parents=True, exist_ok=True)
    for table, formulas in MODELS.items():
        for page in PAGES:
            if (page == "compare" and len(formulas) < 2) or (page == "profile" and table == "InstEval"):
                continue
            for name, (theme, projector, size) in LOOKS.items():
                file = folder / f"{table}-{page}-{name}.png"
                save_page(table, formulas, file, page, theme=theme, projector=projector, size=size)
                print(file)


if __name__ == "__main__":
    main()
