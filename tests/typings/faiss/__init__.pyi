# faiss has no type information, and it replaces its methods while it is imported: to mypy, all of it is Any.
from typing import Any

def __getattr__(name: str) -> Any: ...
