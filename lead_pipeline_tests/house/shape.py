"""Rules about the shape of Python code, each a plain function from source to what breaks it."""

import ast
from collections.abc import Iterator
from pathlib import PurePath

VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
MOST_FILE_LINES = 350
MOST_FUNCTION_LINES = 60
CATCH_ALL = {"Exception", "BaseException"}

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def vague_parts(name: str) -> list[str]:
    """The parts of a path that say nothing of what is inside."""
    return [part for part in PurePath(name).with_suffix("").parts if part in VAGUE_NAMES]


def long_functions(source: str) -> list[str]:
    """`line name: length` of each function that is too long."""
    return [
        f"{node.lineno} {node.name}: {length} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, _Function)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_FUNCTION_LINES
    ]


def swallowing_handlers(source: str) -> list[int]:
    """Lines of handlers that catch everything and do not raise."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler)
        and _catches_all(node.type)
        and not any(isinstance(inner, ast.Raise) for inner in _own_nodes(node))
    ]


def _catches_all(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_catches_all(one) for one in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in CATCH_ALL)


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Everything inside but functions defined there: those run later, or never."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _Function | ast.Lambda):
            yield child
            yield from _own_nodes(child)
