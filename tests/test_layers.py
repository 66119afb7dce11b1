"""The direction of imports, as written down in pyproject.toml."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def test_imports_keep_to_the_layers() -> None:
    lint_imports = shutil.which("lint-imports", path=Path(sys.executable).parent)
    assert lint_imports is not None, "import-linter is not installed beside this Python"
    run = subprocess.run(
        [lint_imports, "--config", str(PROJECT / "pyproject.toml"), "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
