# onnxruntime has no type information and re-exports a compiled module: to mypy, all of it is Any.
from typing import Any

def __getattr__(name: str) -> Any: ...
