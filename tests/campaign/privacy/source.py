"""Which modules of the program could reach the network at all, by what they import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import photofind

MAY_FETCH = {"core/packs/fetching.py", "gui/fetch.py"}
"""The only modules that may: each acts when the user has given or confirmed an address."""

_PACKAGES = {
    *("socket", "socketserver", "ssl", "http", "ftplib", "smtplib", "poplib", "imaplib", "xmlrpc", "asyncio"),
    *("requests", "urllib3", "httpx", "aiohttp", "pooch", "webbrowser", "telnetlib", "nntplib", "huggingface_hub"),
}
_MODULES = {"urllib.request", "urllib.robotparser", "multiprocessing.managers", "logging.config"}
_HARMLESS = {"urllib.parse", "urllib.error"}
_QT = ("QtNetwork", "QtWebEngine", "QtWebSockets", "QtWebChannel", "QtHttpServer", "QtBluetooth")
_NAMES = {"SocketHandler", "DatagramHandler", "HTTPHandler", "SMTPHandler", "SysLogHandler"}


def reaching_out(top: Path = Path(photofind.__file__).parent) -> dict[str, set[str]]:
    """Return the modules that import something of the network, and what."""
    found: dict[str, set[str]] = {}
    for path in sorted(top.rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        names = {name for name in _imported(tree) if _reaches_out(name)}
        if _makes_pairs_only(tree):
            names.discard("socket")
        if names:
            found[path.relative_to(top).as_posix()] = names
    return found


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            yield from (
                each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


def _makes_pairs_only(tree: ast.AST) -> bool:
    """Tell whether all that is used of ``socket`` are two ends of a line within this very process, and their type."""
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "socket"
    }
    return "socketpair" in used and used <= {"socketpair", "socket"} and not _makes_sockets(tree)


def _makes_sockets(tree: ast.AST) -> bool:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(made, ast.Attribute) and ast.unparse(made) == "socket.socket" for made in calls)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _reaches_out(name: str) -> bool:
    parts = name.split(".")
    if parts[0] in _PACKAGES or any(name.startswith(module) for module in _MODULES):
        return True
    if parts[0] == "urllib":
        return not any(name.startswith(module) for module in _HARMLESS)
    return any(part.startswith(_QT) or part in _NAMES for part in parts)
