"""The fidelity battery as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from bench.fidelity.lines import LINES, Finding, Line

MOST_ROWS = 60

INTRODUCTION = """# Fidelity of a stem

Made by `{command}`: {cases} renders of {contents} contents with the shipped weights at default settings,
exactly as a job renders them, without a chain. Each cell is the worst of its column, **fail** where it is above
the limit; {failed} of {total} figures are.
"""


def page(findings: Sequence[Finding], command: str) -> str:
    """All lines by rate and channels, and every figure that fails."""
    failed = [finding for finding in findings if not finding.holds]
    introduction = INTRODUCTION.format(
        command=command,
        cases=len({f.case.name for f in findings}),
        total=len(findings),
        failed=len(failed),
        contents=len({f.case.content.name for f in findings}),
    )
    parts = [introduction, _overview(findings), "## What is measured\n", _definitions(findings), *_list(failed)]
    return "\n".join(parts)


def _overview(findings: Sequence[Finding]) -> str:
    forms = sorted({(f.case.rate, f.case.channels) for f in findings})
    names = [f"{rate / 1000:g} kHz {'stereo' if channels == 2 else 'mono'}" for rate, channels in forms]
    lines = [f"| line | limit | {' | '.join(names)} |", "|" + "---|" * (len(names) + 2)]
    for line in _used(findings):
        mine = [f for f in findings if f.line is line]
        cells = [_worst([f for f in mine if (f.case.rate, f.case.channels) == form]) for form in forms]
        lines.append(f"| {line.name} | {_figure(line.limit)} {line.unit} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _worst(findings: Sequence[Finding]) -> str:
    if not findings:
        return "–"
    worst = max(findings, key=lambda finding: finding.value)
    failing = sum(not finding.holds for finding in findings)
    value = _figure(worst.value)
    return f"{value} **fail** ({failing} of {len(findings)})" if failing else value


def _definitions(findings: Sequence[Finding]) -> str:
    return "\n".join(f"- *{line.name}*: {line.what}" for line in _used(findings)) + "\n"


def _list(failed: Sequence[Finding]) -> list[str]:
    if not failed:
        return ["Nothing fails.\n"]
    worst = sorted(failed, key=lambda f: (f.line.name, -f.value))
    rows = [f"| {f.line.name} | {_figure(f.value)} | {f.case.name} |" for f in worst[:MOST_ROWS]]
    more = [f"\n{len(worst) - MOST_ROWS} more, of the lines above.\n"] if len(worst) > MOST_ROWS else [""]
    return ["## What fails\n", "| line | figure | case |\n|---|---|---|", *rows, *more]


def _used(findings: Sequence[Finding]) -> list[Line]:
    return [line for line in LINES.values() if any(f.line is line for f in findings)]


def _figure(value: float) -> str:
    return f"{value:.3g}"
