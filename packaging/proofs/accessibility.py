"""Reads and names what stands on a desktop, as a screen reader does; a program of its own.

Run by the system's Python, which has `pyatspi` (Debian's python3-pyatspi). One JSON object a line
on standard input, one a line on standard output:

- `{"do": "list", "program": NAME}` answers `{"nodes": [{"role", "name", "text",
  "description", "x", "y", "w", "h", "states": [...]}, …]}`, every showing thing below the
  windows of that program.
- `{"do": "press", "program": NAME, "role": ROLE, "name": NAME}` presses the first that fits by its
  own accessible action and answers `{"pressed": true}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pyatspi

_DEPTH = 60


def _windows(program: str) -> Iterator[pyatspi.Accessible]:
    desktop = pyatspi.Registry.getDesktop(0)
    for application in desktop:
        if application is not None and application.name == program:
            yield from (window for window in application if window is not None)


def _below(node: pyatspi.Accessible, depth: int = 0) -> Iterator[pyatspi.Accessible]:
    if depth > _DEPTH:
        return
    yield node
    for index in range(min(node.childCount, 400)):
        child = node.getChildAtIndex(index)
        if child is not None:
            yield from _below(child, depth + 1)


def _shown(node: pyatspi.Accessible) -> bool:
    states = node.getState()
    return bool(states.contains(pyatspi.STATE_SHOWING) and states.contains(pyatspi.STATE_VISIBLE))


def _text(node: pyatspi.Accessible) -> str:
    try:
        return str(node.queryText().getText(0, -1))
    except NotImplementedError:
        return ""


def _told(node: pyatspi.Accessible) -> dict[str, object]:
    try:
        box = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        place = {"x": box.x, "y": box.y, "w": box.width, "h": box.height}
    except NotImplementedError:
        place = {"x": 0, "y": 0, "w": 0, "h": 0}
    states = [pyatspi.stateToString(state) for state in node.getState().getStates()]
    if node.getRoleName() == "push button":
        # A description is kept by the library, and nobody tells it of another one.
        node.clear_cache()
    return {
        "role": node.getRoleName(),
        "name": node.name or "",
        "text": _text(node),
        "description": node.description or "",
        "states": states,
        **place,
    }


def _nodes(program: str) -> Iterator[pyatspi.Accessible]:
    for window in _windows(program):
        for node in _below(window):
            if _shown(node):
                yield node


def _press(program: str, role: str, name: str) -> bool:
    for node in _nodes(program):
        if node.getRoleName() == role and node.name == name:
            actions = node.queryAction()
            if actions.nActions:
                actions.doAction(0)
                return True
    return False


def _answer(order: dict[str, str]) -> dict[str, object]:
    program = order["program"]
    if order["do"] == "press":
        return {"pressed": _press(program, order["role"], order["name"])}
    return {"nodes": [_told(node) for node in _nodes(program)]}


def main() -> None:
    """Answer orders until standard input ends."""
    for line in sys.stdin:
        try:
            answer = _answer(json.loads(line))
        except Exception as problem:  # noqa: BLE001 - things vanish while they are read: ask again
            answer = {"nodes": [], "problem": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
