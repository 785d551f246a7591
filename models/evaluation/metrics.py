"""The figures of a pack: metrics.json and the tables of its README.md that are made of it.

`HEADLINE` are the keys at the top of metrics.json: as measured on rendered videos through the program, or else in PyTorch. Below them stands every run by its name: `clips`,
`clipsUngrounded` and `visionAblated` (rendered), `torch`, `ungrounded`, `baselines` and what they make `worthless` (PyTorch), `recall` … (questions on rows).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Metrics = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """A figure with what it should reach."""

    key: str
    label: str
    goal: str = ''
    is_lower_better: bool = False


MAIN_MARK = 'metrics'
GOALS = (
    Goal('stepF1', 'steps and replies that match (F1, -1 s … +3 s of the due time)', '≥ 0.85'),
    Goal('kindF1', 'the same, counted where the kind of step is right too'),
    Goal('stepPrecision', 'replies that match a step'),
    Goal('stepRecall', 'steps that were told'),
    Goal('kindAccuracy', 'of these, right kind'),
    Goal('slotExact', 'names of told steps, exact', '≥ 0.80'),
    Goal('exactSteps', 'steps with right kind and every name exact'),
    Goal('timeDiffSeconds', 'TimeDiff (LIVE, history forced), s', '≤ 1.0', True),
    Goal('meanDelaySeconds', 'distance of told steps from their due time, s', '', True),
    Goal('falsePerMinute', 'replies a minute while nothing happens', '≤ 0.5', True),
    Goal('unmatchedPerMinute', 'replies a minute without a step, in sessions', '', True),
    Goal('standingRequests', 'standing requests: once, within 3 s, never before', '≥ 0.9'),
    Goal('questionAccuracy', 'questions answered right', '≥ 0.80'),
    Goal('abstention', 'unanswerable questions declined', '≥ 0.8'),
)
HEADLINE = ('stepF1', 'timeDiffSeconds', 'slotExact', 'falsePerMinute', 'questionAccuracy', 'abstention', 'standingRequests')
RUNS = ('clips', 'torch')  # where a headline figure is taken from, best first
BASELINE_LABELS = {
    'random': 'sentences at random', 'blind': 'sees nothing', 'shuffled': 'sees another session', 'rowsAblated': 'text alone', 'linesAblated': 'pictures alone',
    'searchAlone': 'the best rows of the search',
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Stands between two marks of the README; `columns` are entries of metrics.json, with dots into nested ones, `rows` their keys, each with its heading."""

    mark: str
    columns: dict[str, str]
    rows: dict[str, str]


DETAIL = Table(
    'detail',
    {'clips': 'rendered', 'clipsUngrounded': 'rendered, ungrounded', 'visionAblated': 'rendered, rows ablated', 'torch': 'PyTorch', 'ungrounded': 'PyTorch, ungrounded'}
    | {f'baselines.{name}': label for name, label in BASELINE_LABELS.items()},
    {goal.key: goal.label for goal in GOALS if goal.key != 'timeDiffSeconds'}
    | {
        'redundantRate': 'replies that tell a step again',
        'medianDelaySeconds': 'median delay, s',
        'sayLess': 'told steps with the right kind and no name said',
        'slotExactByClass.file': 'exact names: files',
        'slotExactByClass.symbol': 'exact names: symbols',
        'slotExactByClass.command': 'exact names: commands',
        'slotExactByClass.package': 'exact names: packages',
        'slotExactByClass.error': 'exact names: errors',
        'slotExactByClass.text': 'exact names: other text',
        'requestsWithin': 'standing requests: told within 3 s',
        'requestsOnce': 'standing requests: once',
        'requestsNeverBefore': 'standing requests: never before',
        'silentRequests': 'requests that never come due: silence',
        'questionAccuracyByKind.past': 'questions about the past',
        'questionAccuracyByKind.current': 'questions about now',
        'questionAccuracyByKind.next': 'questions about what came next',
        'questionAccuracyByKind.when': '"when" within 2 s',
        'wronglyAbstained': 'answerable questions declined',
        'withheld': 'replies withheld as unlikely',
        'ungrounded': 'replies dropped as ungrounded',
        'looping': 'replies dropped as endless',
        'steps': 'steps',
        'requestsDue': 'standing requests due',
        'questions': 'questions',
        'minutes': 'minutes',
        'nothingMinutes': 'minutes of nothing',
    },
)
FORCED = Table(
    'forced',
    {'torch': 'PyTorch'},
    {
        'lmPerplexity': 'LM-PPL',
        'lmCorrectness': 'LM-Correctness',
        'timeDiffSeconds': 'TimeDiff, s',
        'fluency': 'Fluency',
        'timeDiffSecondsAtThreshold': "TimeDiff at the pack's threshold, s",
        'fluencyAtThreshold': "Fluency at the pack's threshold",
    },
)
QUESTIONS = Table(
    'questions',
    {'recall': 'decoder', 'rankAlone': "the search's best row", 'recallUntrained': 'random weights'},
    {
        'factRowFirst': 'first row cited is right',
        'factRowAny': 'one of those cited is',
        'factNames': 'names of the answer that the sentence repeats',
        'whenRowFirst': '"when": first row cited is right',
        'unanswerableDeclined': 'unanswerable questions declined',
        'answerableDeclined': 'answerable ones declined',
        'sessionRowFirst': 'on a whole session: first row cited is right',
        'sessionRowAny': 'on a whole session: one of those cited is',
        'sessionUnanswerableDeclined': 'on a whole session: unanswerable questions declined',
        'sessionAnswerableDeclined': 'on a whole session: answerable ones declined',
        'listRowsFound': 'lists: rows found',
        'listRowsRight': 'lists: rows that belong',
        'titleRowFirst': 'titles: weightiest row',
        'titleNames': 'titles: names repeated',
        'summaryRowsFound': 'summaries: rows found',
        'summaryNames': 'summaries: names repeated',
        'examples': 'examples',
    },
)


def write_metrics(pack: Path, found: Mapping[str, Any]) -> None:
    """Adds entries to metrics.json, takes the headline figures from them, and rewrites the tables of the pack's README."""
    path, readme = pack / 'metrics.json', pack / 'README.md'
    stored = json.loads(path.read_text()) if path.exists() else {}
    runs = {name: entry for name, entry in {**stored, **found}.items() if name not in HEADLINE}
    metrics = {**headline(runs), **runs}
    path.write_text(json.dumps(metrics, indent=1) + '\n')
    text = readme.read_text()
    for mark, lines in tables(metrics).items():
        opening, closing = f'<!-- {mark} -->', f'<!-- /{mark} -->'
        if opening in text:
            text = f'{text.split(opening)[0]}{opening}\n{lines}\n{closing}{text.split(closing)[1]}'
    readme.write_text(text)


def headline(runs: Metrics) -> dict[str, float]:
    """The figures at the top: of the first run that has them."""
    found = {key: next((runs[run][key] for run in RUNS if key in runs.get(run, {})), None) for key in HEADLINE}
    return {key: value for key, value in found.items() if value is not None}


def tables(metrics: Metrics) -> dict[str, str]:
    """Every table in Markdown by its mark."""
    return {MAIN_MARK: main_lines(metrics), **{table.mark: lines_of(table, metrics) for table in (DETAIL, FORCED, QUESTIONS)}}


def main_lines(metrics: Metrics) -> str:
    """Goals, what was reached, and the best of the baselines; a task that needs no eyes is marked."""
    lines = ['| | goal | rendered videos | PyTorch, simulated reader | best baseline |', '|---|---|---:|---:|---|']
    for goal in GOALS:
        values = [show(value_at(metrics, f'{run}.{goal.key}')) for run in RUNS]
        mark = ' (worthless: solved blind)' if goal.key in metrics.get('worthless', ()) else ''
        lines.append(f'| {goal.label}{mark} | {goal.goal} | {" | ".join(values)} | {best_baseline(metrics, goal)} |')
    return '\n'.join(lines)


def best_baseline(metrics: Metrics, goal: Goal) -> str:
    found = [(scores[goal.key], name) for name, scores in metrics.get('baselines', {}).items() if goal.key in scores]
    if not found:
        return '–'
    value, name = min(found) if goal.is_lower_better else max(found)
    return f'{value} ({BASELINE_LABELS[name]})'


def lines_of(table: Table, metrics: Metrics) -> str:
    """The table in Markdown, with the columns and rows that were measured."""
    names = [name for name in table.columns if value_at(metrics, name) is not None]
    lines = ['| | ' + ' | '.join(table.columns[name] for name in names) + ' |', '|---|' + '---:|' * len(names)]
    for key, label in table.rows.items():
        values = [value_at(metrics, f'{name}.{key}') for name in names]
        if any(value is not None for value in values):
            lines.append(f'| {label} | ' + ' | '.join(map(show, values)) + ' |')
    return '\n'.join(lines)


def value_at(metrics: Metrics, path: str) -> Any:
    """What stands at the end of the dots."""
    value: Any = metrics
    for part in path.split('.'):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def show(value: Any) -> str:
    return '–' if value is None else str(value)
