"""The one check, for people and for CI: environment, format, lint, types, import contracts and tests.

``python3 tests/check.py`` makes a virtual environment beside the project, installs what the checks need (with Qt's
system libraries on Debian and Ubuntu, when it may), and runs everything. Arguments go to pytest, for example
``python3 tests/check.py -k search``. Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv-check"
OLDEST = (3, 11)

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
"""What Qt loads from the system even without a screen, and the Debian package of each."""

SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""What Qt loads for windows on an X screen; without them and Xvfb, the walk through the real window is left out."""

SIDE_BY_SIDE = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--max-worker-restart", "0"]
"""Test files run side by side, one a core; each file stays together, for what its tests share is made once.

When a test takes its process along, the others go on without it: pytest-xdist would wait for a new one for ever.
"""


def main(pytest_arguments: list[str]) -> int:
    """Run every check; return 0 when all of them pass."""
    if sys.version_info < OLDEST:
        print(f"photofind needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
        return 1
    try:
        bring_qt_libraries()
        python = bring_environment()
    except CannotInstallError as error:
        print(error)
        return 1
    return run_checks(python, pytest_arguments)


class CannotInstallError(Exception):
    """Something is missing that only the user may install; the message is the line to run."""


def bring_qt_libraries() -> None:
    """Install the system libraries that Qt needs and that are missing."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for library, package in QT_LIBRARIES.items() if not can_load(library)]
    screen = [package for library, package in SCREEN_LIBRARIES.items() if not can_load(library)]
    screen += [] if shutil.which("Xvfb") else ["xvfb"]
    if missing:
        install_system_packages([*missing, *screen], "Qt, which the tests of the window need,")
    elif screen:
        try:
            install_system_packages(screen, "A screen for tests of the real window")
        except CannotInstallError as error:
            print(f"{error} (going on without)")


def bring_environment() -> Path:
    """Return the interpreter of a virtual environment with the project and its development tools."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        make_environment()
    stamp = ENVIRONMENT / "installed"
    wanted = hashlib.sha256((PROJECT / "pyproject.toml").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        run([str(python), "-m", "pip", "install", "--quiet", "--editable", ".[dev]"])
        stamp.write_text(wanted)
    return python


def make_environment() -> None:
    """Create the virtual environment, with Debian's separate package for that if need be."""
    command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    if subprocess.run(command, check=False, cwd=PROJECT).returncode:
        install_system_packages(["python3-venv"], "Python's venv module")
        run(command)


def install_system_packages(packages: list[str], purpose: str) -> None:
    """Install Debian packages when that needs no question, else raise with the line that does it."""
    line = f"apt-get install --yes --no-install-recommends {' '.join(packages)}"
    root = [] if os.name == "posix" and os.geteuid() == 0 else ["sudo", "--non-interactive"]
    may = shutil.which("apt-get") and (not root or can_sudo())
    if not may:
        raise CannotInstallError(f"{purpose} is not complete on this system. On Debian and Ubuntu run: sudo {line}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "--quiet"], line.split()):
        if subprocess.run([*root, *command], check=False, env=environment, stdout=subprocess.DEVNULL).returncode:
            raise CannotInstallError(f"{purpose} could not be installed. Run: sudo {line}")


def can_sudo() -> bool:
    """Tell whether sudo works without a password."""
    if not shutil.which("sudo"):
        return False
    return not subprocess.run(["sudo", "--non-interactive", "true"], check=False, capture_output=True).returncode


def can_load(library: str) -> bool:
    """Tell whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def run_checks(python: Path, pytest_arguments: list[str]) -> int:
    """Run format, lint, types and tests (the import contracts are among them), all of them even when one fails."""
    checks = {
        "format": ["ruff", "format", "--check", "."],
        "lint": ["ruff", "check", "."],
        "types": ["mypy"],
        "tests": ["pytest", *SIDE_BY_SIDE, *pytest_arguments],
    }
    failed = []
    for name, command in checks.items():
        print(f"== {name}: {' '.join(command)}", flush=True)
        if subprocess.run([str(python), "-m", *command], check=False, cwd=PROJECT).returncode:
            failed.append(name)
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def run(command: list[str]) -> None:
    """Run a command in the project and stop everything when it fails."""
    subprocess.run(command, check=True, cwd=PROJECT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
