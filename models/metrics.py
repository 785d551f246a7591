"""The figures of a pack: metrics.json and the tables of its README.md that are made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Table:
    """Stands between two marks of the README; `columns` are entries of metrics.json, `rows` their keys, each with its heading."""

    mark: str
    columns: dict[str, str]
    rows: dict[str, str]


GUIDANCE = Table(
    'metrics',
    {'clips': 'rendered videos', 'visionAblated': 'the same, rows ablated', 'torch': 'PyTorch, simulated reader'},
    {
        'stepRecall': 'steps found (-1 s … +3 s of the due time)',
        'typeAccuracy': 'of these, right kind of step',
        'slotAccuracy': 'names copied exactly, where the kind is right',
        'exactOfAll': 'steps with right kind and every name exact',
        'timeDiffSeconds': 'mean delay of found steps (s)',
        'precision': 'replies that match a step',
        'falsePerMinute': 'false replies a minute',
        'alertRecall': 'standing requests fulfilled on time',
        'answersRight': 'questions answered right',
        'abstained': 'unanswerable questions declined',
        'wronglyAbstained': 'answerable questions declined',
        'summarySlots': 'names of the expected summary that were mentioned',
        'steps': 'steps',
        'alerts': 'standing requests due',
        'questions': 'questions',
        'minutes': 'minutes of video',
        'speed': 'times faster than real time',
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
        'listRowsFound': 'lists: rows found',
        'listRowsRight': 'lists: rows that belong',
        'titleRowFirst': 'titles: weightiest row',
        'titleNames': 'titles: names repeated',
        'summaryRowsFound': 'summaries: rows found',
        'summaryNames': 'summaries: names repeated',
        'examples': 'examples',
    },
)


def write_metrics(pack: Path, column: str, summary: dict[str, Any]) -> None:
    """Adds an entry to metrics.json and rewrites the tables of the pack's README."""
    path, readme = pack / 'metrics.json', pack / 'README.md'
    metrics = json.loads(path.read_text()) if path.exists() else {}
    metrics[column] = summary
    path.write_text(json.dumps(metrics, indent=1) + '\n')
    text = readme.read_text()
    for table in (GUIDANCE, QUESTIONS):
        opening, closing = f'<!-- {table.mark} -->', f'<!-- /{table.mark} -->'
        head, tail = text.split(opening)[0], text.split(closing)[1]
        text = f'{head}{opening}\n{lines_of(table, metrics)}\n{closing}{tail}'
    readme.write_text(text)


def lines_of(table: Table, metrics: dict[str, dict[str, Any]]) -> str:
    """The table in Markdown, with the columns that were measured."""
    names = [name for name in table.columns if name in metrics]
    lines = ['| | ' + ' | '.join(table.columns[name] for name in names) + ' |', '|---|' + '---:|' * len(names)]
    for key, label in table.rows.items():
        lines.append(f'| {label} | ' + ' | '.join(str(metrics[name].get(key, '–')) for name in names) + ' |')
    return '\n'.join(lines)
