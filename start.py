#!/usr/bin/env python3
"""Start mmgui, or run its tests, on a machine that has nothing but Python.

    python3 start.py            set up what is missing and open the app
    python3 start.py FILE       the same, with a table or a session
    python3 start.py test       set up what is missing and run every check and test

Standard library only. It keeps everything it installs in .venv beside this file; only missing
system libraries of Qt go elsewhere, and only on Debian-like Linux as root.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent
VENV = TOP / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OUTPUT = TOP / "start-output"
MINIMUM = (3, 11)

# Shared libraries that Qt's wheels expect from the system, and the Debian package of each.
DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libGLX.so.0": "libglx0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


class StartError(Exception):
    """Something this script cannot mend; the message says what the person can do."""


def say(text):
    print("mmgui: " + text, flush=True)


def run(command, what, quiet=False, env=None):
    """Run a command in the project's folder; with ``quiet`` its output is shown only if it fails."""
    shown = subprocess.PIPE if quiet else None
    errors = subprocess.STDOUT if quiet else None
    parts = [str(c) for c in command]
    done = subprocess.run(parts, check=False, cwd=TOP, env=env, stdout=shown, stderr=errors)
    if done.returncode:
        if quiet:
            sys.stdout.write(done.stdout.decode(errors="replace"))
        raise StartError(f"{what} failed (exit code {done.returncode}).")


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def apt_install(packages, why):
    """Install Debian packages when we may, else say which the person must install."""
    command = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if not shutil.which("apt-get"):
        raise StartError(f"{why} Please install (Debian's names): {' '.join(packages)}")
    if not is_root():
        raise StartError(f"{why} Please run: sudo {command}")
    say(f"{why} Installing {' '.join(packages)} …")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run(["apt-get", "update"], "apt-get update", quiet=True, env=env)
    run(command.split(), "apt-get install", quiet=True, env=env)


def ensure_venv():
    """A virtual environment whose Python runs."""
    if (
        PYTHON.exists()
        and subprocess.run([str(PYTHON), "-c", "import pip"], check=False, capture_output=True).returncode
        == 0
    ):
        return
    if not all(importlib.util.find_spec(m) for m in ("venv", "ensurepip")):
        # Debian keeps them in a package of its own.
        name = "python{}.{}-venv".format(*sys.version_info[:2])
        apt_install([name], "Python's venv module is incomplete.")
    say("making a virtual environment in .venv …")
    # A fresh interpreter sees a venv module that was installed a moment ago.
    run([sys.executable, "-m", "venv", "--clear", VENV], "Making the virtual environment", quiet=True)


def wanted_state():
    """A key of what has to be installed, by whom and where."""
    parts = [(TOP / "pyproject.toml").read_bytes(), str(TOP).encode(), sys.version.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def installed(extra):
    """Whether .venv holds everything for this state of pyproject.toml; what tests need includes the app's."""
    stamps = [VENV / "installed-dev"] + ([] if extra else [VENV / "installed-app"])
    return PYTHON.exists() and any(s.exists() and s.read_text() == wanted_state() for s in stamps)


def ensure_packages(extra):
    """mmgui and what it depends on."""
    say("installing what mmgui needs into .venv (some minutes the first time) …")
    target = f".[{extra}]" if extra else "."
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "-q", "-e", target]
    run(pip, "Installing the packages (is the network reachable?)", quiet=True)
    (VENV / f"installed-{extra or 'app'}").write_text(wanted_state())


def missing_libraries():
    """Names of shared libraries that Qt needs and the system lacks (Linux only)."""
    if not sys.platform.startswith("linux") or not shutil.which("ldd"):
        return []
    find = "import importlib.util as u; print(u.find_spec('PySide6').submodule_search_locations[0])"
    folder = Path(
        subprocess.run([str(PYTHON), "-c", find], capture_output=True, text=True, check=True).stdout.strip()
    )
    libraries = [folder / f"Qt/lib/libQt6{m}.so.6" for m in ("Core", "Gui", "Widgets", "Svg", "OpenGL")]
    libraries += [
        folder / "Qt/plugins/platforms/libqxcb.so",
        folder / "Qt/plugins/platforms/libqoffscreen.so",
    ]
    libraries = [str(p) for p in libraries if p.exists()]
    listing = subprocess.run(["ldd", *libraries], check=False, capture_output=True, text=True).stdout
    found = {line.split("=>")[0].strip() for line in listing.splitlines() if "not found" in line}
    return sorted(name for name in found if not name.startswith("libQt6"))


def ensure_libraries():
    """Qt's system libraries, once they have been found complete no more looked for."""
    stamp = VENV / "libraries-complete"
    if stamp.exists():
        return
    missing = missing_libraries()
    if missing:
        packages = sorted({DEBIAN_PACKAGES[m] for m in missing if m in DEBIAN_PACKAGES})
        unknown = [m for m in missing if m not in DEBIAN_PACKAGES]
        if not packages:
            raise StartError("Qt needs libraries that are not on this system: " + " ".join(unknown))
        apt_install(packages, "Qt needs system libraries that are missing.")
        missing = missing_libraries()
        if missing:
            raise StartError("Qt still lacks these libraries: " + " ".join(missing))
    stamp.write_text("")


def has_display():
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main_job_without_window():
    """Fit the sleepstudy ladder and write a report and a picture of the window."""
    say("there is no display, so the sleepstudy models are fitted without a window.")
    OUTPUT.mkdir(exist_ok=True)
    ladder = [
        "Reaction ~ Days + (1 | Subject)",
        "Reaction ~ Days + (Days || Subject)",
        "Reaction ~ Days + (Days | Subject)",
    ]
    table = TOP / "sample_data" / "sleepstudy.csv"
    env = dict(os.environ, QT_QPA_PLATFORM="offscreen")
    run([PYTHON, "-m", "mmgui", "compare", "--reml", table, *ladder], "Fitting", env=env)
    report, picture = OUTPUT / "report.html", OUTPUT / "window.png"
    run([PYTHON, "-m", "mmgui", "report", table, *ladder, "-o", report], "Writing the report", env=env)
    window = ["--page", "window", "--size", "1600x1000"]
    run(
        [PYTHON, "-m", "mmgui", "picture", table, *ladder, "-o", picture, *window],
        "Drawing the window",
        env=env,
    )
    say(f"the report is {report}")
    say(f"the picture of the main window is {picture}")


def run_tests(arguments):
    """Lint, types, import contracts, then every test; the core's tests in an interpreter without Qt."""
    env = dict(os.environ, QT_QPA_PLATFORM="offscreen", OPENBLAS_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1")
    if arguments:
        run([PYTHON, "-m", "pytest", *arguments], "The tests", env=env)
        return
    started = time.monotonic()
    scripts = PYTHON.parent
    steps = [
        ("lint", [PYTHON, "-m", "ruff", "check", "."]),
        ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        ("types", [PYTHON, "-m", "mypy"]),
        ("import contracts", [scripts / "lint-imports"]),
        (
            "core tests, without Qt",
            [
                PYTHON,
                "-m",
                "pytest",
                "-q",
                "-n",
                "2",
                "-p",
                "no:pytest-qt",
                "-p",
                "tests.without_qt",
                "tests/unit",
            ],
        ),
        ("window tests", [PYTHON, "-m", "pytest", "-q", "-n", "2", "tests/qt", "tests/journeys"]),
    ]
    failed = []
    for name, command in steps:
        say(f"{name} …")
        begin = time.monotonic()
        try:
            run(command, name, env=env)
        except StartError as problem:
            failed.append(str(problem))
        say(f"{name}: {time.monotonic() - begin:.0f} s")
    say(f"all checks took {time.monotonic() - started:.0f} s")
    if failed:
        raise StartError(" ".join(failed))
    say("everything passed.")


def main(arguments):
    if sys.version_info < MINIMUM:
        version = "{}.{}".format(*sys.version_info[:2])
        raise StartError(f"mmgui needs Python 3.11 or newer; this is {version}.")
    testing = arguments[:1] == ["test"]
    extra = "dev" if testing else ""
    if not installed(extra):
        ensure_venv()
        ensure_packages(extra)
    ensure_libraries()
    if testing:
        run_tests(arguments[1:])
    elif not arguments and not has_display():
        main_job_without_window()
    else:
        return subprocess.run([str(PYTHON), "-m", "mmgui", *arguments], check=False).returncode
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except StartError as problem:
        say(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        say("stopped.")
        sys.exit(130)
