"""The shapes that keep the house readable: short modules, short functions, types everywhere."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE_LINES = 400
FUNCTION_LINES = 40
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, str]:
    paths = [path for folder in ("src", "tools", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]
    return {str(p.relative_to(ROOT)): p.read_text(encoding="utf-8") for p in paths if "migrations" not in p.parts}


def functions() -> Iterator[tuple[str, Function]]:
    for name, text in modules().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node


def is_annotated(function: Function) -> bool:
    signature = function.args
    named = [*signature.posonlyargs, *signature.args, *signature.kwonlyargs, signature.vararg, signature.kwarg]
    return function.returns is not None and all(
        argument is None or argument.annotation is not None or argument.arg in ("self", "cls") for argument in named
    )


def test_modules_are_short() -> None:
    assert [name for name, text in modules().items() if text.count("\n") >= MODULE_LINES] == []


def test_functions_are_short() -> None:
    long = [
        f"{name}:{function.lineno} {function.name}"
        for name, function in functions()
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_functions_are_annotated() -> None:
    bare = [f"{name}:{function.lineno} {function.name}" for name, function in functions() if not is_annotated(function)]
    assert bare == []
