"""SQL is written by the program alone: what comes from elsewhere goes into it as parameters.

A statement counts as written here when it is a literal, a constant of a module (in capitals), or put together of these
alone. Every other one is named below with the reason why nothing of it comes from elsewhere. Functions that hand a
statement on are looked at where they are called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import photofind

PACKAGE = Path(photofind.__file__).parent

EXECUTING = {
    "execute": (0,),
    "executemany": (0,),
    "executescript": (0,),
    "_change": (0,),
    "_change_each": (0,),
    "_rows": (0,),
    "columns": (1, 2),
    "ids": (1, 2),
    "file": (0,),
    "content": (0,),
}
"""Calls whose arguments, by their places, become statements or parts of some."""

DIRECT = ("execute", "executemany", "executescript", " columns", " ids")
FUNCTIONS = {"columns", "ids"}
"""Those of them that are called by their bare names."""

EXCEPTIONS = {
    ("core/catalog/connection.py", "sql"): "hands on what it is called with",
    ("core/catalog/files.py", "sql"): "hands on; its callers are looked at",
    ("core/catalog/journal.py", "sql"): "hands on; its callers are looked at",
    ("core/catalog/numbers.py", "[name]"): "hands on; the callers of ids() are looked at",
    ("core/catalog/numbers.py", "source"): "hands on; its callers are looked at",
    ("core/catalog/numbers.py", "f'SELECT {wanted} {source}'"): "hands on; its callers are looked at",
    ("core/evaluation/peers/sqlite_vec_peer.py", "statement"): "hands on; its callers are looked at",
    (
        "core/evaluation/peers/sqlite_vec_peer.py",
        "f'CREATE VIRTUAL TABLE vectors USING vec0(embedding float[{self._dimension}])'",
    ): ("the dimension of an array; a table's declaration takes no parameters"),
    ("core/catalog/schema.py", "statement"): "the scripts of the migrations, which are constants, cut into statements",
    ("core/catalog/schema.py", "f'PRAGMA user_version = {number + 1}'"): "a counter; a pragma takes no parameters",
    (
        "core/catalog/page_sums.py",
        "f'PRAGMA application_id = {secrets.randbelow(2 ** 31 - 1) + 1}'",
    ): "a random number; a pragma takes no parameters",
    ("core/catalog/decisions.py", "f'SELECT content_hash, path, mark FROM marks WHERE path IN ({places})'"): (
        "as many question marks as there are parameters"
    ),
    ("core/catalog/decisions.py", "f'UPDATE revision SET {counter} = {counter} + 1'"): "its callers are looked at",
    ("core/catalog/copies.py", "('id', 'size', f'(dated_at + {_DAYS_BEFORE_1970 * 86400}) / 86400')"): "constants",
    (
        "core/catalog/filtering.py",
        "f'FROM {self._files(filters)} WHERE {where}'",
    ): "constants of _files(); see where",
    (
        "core/catalog/filtering.py",
        "f'FROM contents c NOT INDEXED WHERE {where}'",
    ): "what file() and content() took",
    ("core/catalog/filtering.py", "source"): "a column of _about_contents(), and where as above",
    (
        "core/catalog/pairs.py",
        "f'FROM (SELECT first, second, score, verdict FROM pairs WHERE pack_id = ? AND (first, second) > (?, ?)"
        " AND {condition} ORDER BY first, second LIMIT {_BLOCK})'",
    ): "a whole number and codes of verdicts",
    ("core/catalog/lists.py", "after"): "constants of the orders, with > and ASC turned around",
    ("core/catalog/lists.py", "order.key"): "constants of the orders",
}
"""A statement's file, and how it is written there: why it is sound."""


def test_every_statement_is_written_by_the_program() -> None:
    met: set[tuple[str, str]] = set()
    unsound = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        text = path.read_text(encoding="utf-8")
        if not any(f"{call}(" in text for call in DIRECT):
            continue  # nothing is executed there
        for line, expression in _open_statements(ast.parse(text)):
            key = (name, expression)
            met.add(key)
            if key not in EXCEPTIONS:
                unsound.append(f"{name}:{line}: {expression}")
    assert not unsound
    assert met == EXCEPTIONS.keys(), "an exception that is not needed any more"


def test_what_would_be_found() -> None:
    source = """
def find(name):
    table = "files"
    sql.execute(f"SELECT * FROM {table} WHERE {WHERE}", (name,))
    sql.execute("SELECT 1 " + WHERE)
    for column in ("a", "b"):
        sql.execute(f"SELECT {column}")
    sql.execute(f"SELECT * FROM files WHERE name = '{name}'")
    sql.execute("SELECT %s" % name)
    sql.execute("SELECT {}".format(name))
    table = name
    ids(sql, "id", f"FROM {other}")
def other(table):
    sql.execute(f"SELECT * FROM {table}")
"""
    found = [expression for _, expression in _open_statements(ast.parse(source))]
    assert len(found) == 6, found


def _open_statements(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of each statement that is not put together of constants alone."""
    scopes = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]
    for scope in scopes:
        asked = [(call, call.args[place]) for call in _calls(scope) for place in _places(call)]
        if asked:
            values = _assigned(scope)
            for call, argument in asked:
                if not _is_constant(argument, values):
                    yield call.lineno, ast.unparse(argument)


def _calls(scope: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls of a function or a module, those of functions inside left to themselves."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.FunctionDef):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _calls(child)


def _places(call: ast.Call) -> tuple[int, ...]:
    function = call.func
    if isinstance(function, ast.Name):
        name = function.id if function.id in FUNCTIONS else ""
    else:
        name = function.attr if isinstance(function, ast.Attribute) and function.attr not in FUNCTIONS else ""
    return tuple(place for place in EXECUTING.get(name, ()) if place < len(call.args))


def _assigned(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what the names of a function stand for: what is assigned to them, or each of what they loop over."""
    values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name, value in _pairs(target, node.value):
                    values.setdefault(name, []).append(value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and isinstance(node.target, ast.Name) and node.value:
            values.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            for name, value in _looped(node.target, node.iter):
                values.setdefault(name, []).append(value)
    return values


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple):
        for number, inner in enumerate(target.elts):
            part = value.elts[number] if isinstance(value, ast.Tuple) and len(value.elts) > number else ast.Name("?")
            yield from _pairs(inner, part)


def _looped(target: ast.expr, over: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    elements = over.elts if isinstance(over, ast.Tuple | ast.List) else [over if _is_capital(over) else ast.Name("?")]
    for element in elements:
        inner = element.value if isinstance(element, ast.Starred) else element
        yield from _pairs(target, inner)


def _is_capital(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id.lstrip("_").isupper()


def _is_constant(node: ast.expr, values: dict[str, list[ast.expr]]) -> bool:
    if isinstance(node, ast.Constant) or _is_capital(node):
        return True
    if isinstance(node, ast.Name):
        names = {name: value for name, value in values.items() if name != node.id}
        return node.id in values and all(_is_constant(value, names) for value in values[node.id])
    return all(_is_constant(part, values) for part in _parts(node))


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return what an expression puts together; any other kind stands for something from elsewhere."""
    if isinstance(node, ast.JoinedStr | ast.Tuple | ast.List):
        return list(node.values if isinstance(node, ast.JoinedStr) else node.elts)
    if isinstance(node, ast.FormattedValue):
        return [node.value]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [node.left, node.right]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.Subscript) and _is_capital(node.value):
        return []
    return [ast.Name("?")]
