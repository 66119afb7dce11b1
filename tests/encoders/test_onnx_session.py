"""What onnxruntime is kept from doing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_OPEN_ONE = """
import sys
from pathlib import Path
from photofind.core.encoders.onnx_session import open_session
path = Path(sys.argv[1])
open_session("a network", path.read_bytes(), path, 1)
"""


def test_no_id_of_the_machine_is_made_for_somebody_elses_statistics(tmp_path: Path) -> None:
    network = Path(__file__).parent / "networks" / "sound.onnx"
    homes = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"} | homes
    subprocess.run([sys.executable, "-c", _OPEN_ONE, str(network)], env=environment, check=True)
    assert not list(tmp_path.iterdir())
