"""Pictures of every view of every page in light, dark and projector mode, to be looked at.

python tests/screenshots/make.py [FOLDER] [TABLE ...]
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mmgui.page_views import PAGE_VIEWS
from mmgui.ui.picture import pictures_of

AT_ONCE = 2
"""How many tables are drawn side by side, each in a process of its own."""
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
    "sim_hidden_singular": ("y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)",),
    "sim_plots_treatments": ("y ~ ttt + (ttt | plot)",),
    "Machines": ("score ~ Machine + (1 | Worker)", "score ~ Machine + (Machine | Worker)"),
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
SLOW = {("InstEval", "profile"), ("InstEval", "origin"), ("InstEval", "residuals", "influence")}
"""What takes many minutes."""


def draw(table: str, folder: Path) -> None:
    """All pictures of one table."""
    with pictures_of(table, MODELS[table]) as pictures:
        for page in PAGES:
            if (page == "compare" and len(MODELS[table]) < 2) or (table, page) in SLOW:
                continue
            for view in PAGE_VIEWS.get(page, ("",)):
                if (table, page, view) in SLOW:
                    continue
                for name, (theme, projector, size) in LOOKS.items():
                    file = folder / "-".join(filter(None, (table, page, view, f"{name}.png")))
                    pictures.save(file, page, view=view, theme=theme, projector=projector, size=size)
                    print(file, flush=True)


def main() -> None:
    """Make them all, or those of some tables."""
    if sys.argv[1:2] == ["--table"]:
        draw(sys.argv[2], Path(sys.argv[3]))
        return
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "out"
    folder.mkdir(parents=True, exist_ok=True)
    tables = sys.argv[2:] or list(MODELS)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        commands = [[sys.executable, __file__, "--table", t, str(folder)] for t in tables]
        codes = list(pool.map(lambda c: subprocess.run(c, check=False).returncode, commands))
    for table, code in zip(tables, codes, strict=True):
        if code:
            print(f"The pictures of {table} broke off.", file=sys.stderr)
    sys.exit(int(any(codes)))


if __name__ == "__main__":
    main()
