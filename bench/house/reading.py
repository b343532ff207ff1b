"""What a reader meets in the files: functions, constants with a reason, shapes, marks that silence a tool."""

from __future__ import annotations

import ast
import io
import re
import statistics
import tokenize
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from bench.house.tree import Source

ARRAY = re.compile(r"\b(NDArray|ndarray|Image|Samples|Tensor)\b")
SHAPE = re.compile(r"\bshapes?\b|``\[", re.IGNORECASE)
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
STIFF = re.compile(r"(?<!there )\b(?:is|are) no (?!longer\b|more than\b|less than\b)\w+", re.IGNORECASE)
"""“is no X” where English says “is not an X”; “there is no X” is fine."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(source: Source) -> Iterator[Function]:
    return (node for node in ast.walk(source.parsed()) if isinstance(node, Function))


def lengths(sources: Iterable[Source]) -> tuple[int, int, int]:
    """Median, 90th percentile and longest of the functions' lines, signature and docstring included."""
    found = sorted((one.end_lineno or one.lineno) - one.lineno + 1 for source in sources for one in functions(source))
    return (round(statistics.median(found)), found[int(0.9 * len(found))], found[-1]) if found else (0, 0, 0)


def comments(source: Source) -> Iterator[str]:
    """Every comment, its # included."""
    tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
    return (token.string for token in tokens if token.type == tokenize.COMMENT)


def with_shapes(sources: Iterable[Source]) -> tuple[int, int]:
    """How many functions take or give arrays, and how many of those say a shape in their docstring."""
    arrays = [one for source in sources for one in functions(source) if _has_arrays(one)]
    return len(arrays), sum(bool(SHAPE.search(ast.get_docstring(one) or "")) for one in arrays)


def _has_arrays(one: Function) -> bool:
    arguments = (*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs)
    written = [argument.annotation for argument in arguments] + [one.returns]
    return any(ARRAY.search(ast.unparse(annotation)) for annotation in written if annotation)


def with_reasons(sources: Iterable[Source]) -> tuple[int, int]:
    """How many numbers have a name at the top of a module, and how many of those a reason on or right after them."""
    found = [explained for source in sources for explained in _constants(source)]
    return len(found), sum(found)


def _constants(source: Source) -> Iterator[bool]:
    """For every name of a number, whether it is explained."""
    lines, body = source.lines, source.parsed().body
    for node, after in zip_longest(body, body[1:]):
        names = _names(node)
        if isinstance(node, ast.Assign | ast.AnnAssign) and names and _is_number(node.value):
            has_comment = any("#" in line for line in lines[node.lineno - 1 : node.end_lineno])
            yield from [has_comment or _is_docstring(after)] * len(names)


def _names(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    found = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    return [name for name in found if CONSTANT.fullmatch(name)]


def _is_number(value: ast.expr | None) -> bool:
    """A number, or several, written out or computed from numbers."""
    leaves = [node for node in ast.walk(value) if isinstance(node, ast.Constant | ast.Name | ast.Call)] if value else []
    return bool(leaves) and all(isinstance(leaf, ast.Constant) and type(leaf.value) in (int, float) for leaf in leaves)


def _is_docstring(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
