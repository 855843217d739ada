"""Every benchmark with a section in RESULTS.md, one after the other.

    python tests/benchmarks/write_results.py [--peer-python PATH] [SCRIPT ...]

With names, only these (``beside_others``, ``scaling``, …). What follows a script's own section stays as it
was where the script fails; the command then ends with an error.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Each script with the options that make it write.
SCRIPTS = {
    "beside_others": [],
    "scaling": [],
    "bootstrap_speed": ["--lme4", "--write"],
    "accuracy": ["--write"],
    "coverage": ["--write"],
    "teaching": [],
    "advice_speed": ["--write"],
    "frames": ["--write"],
}


def main() -> int:
    arguments, environment = sys.argv[1:], dict(os.environ)
    if "--peer-python" in arguments:
        at = arguments.index("--peer-python")
        environment["MMGUI_PEER_PYTHON"] = arguments[at + 1]
        del arguments[at : at + 2]
    failed = []
    for name in arguments or list(SCRIPTS):
        script = HERE / f"{name}.py"
        if not script.exists():
            print(f"{name}: there is no such benchmark")
            failed.append(name)
            continue
        print(f"== {name}", flush=True)
        command = [sys.executable, str(script), *SCRIPTS.get(name, [])]
        if subprocess.run(command, check=False, env=environment).returncode:
            failed.append(name)
    print("failed: " + ", ".join(failed) if failed else "all sections written")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
