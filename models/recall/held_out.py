"""Writes held-out recall examples for the program's own tests: questions and prompts with rows, and which of them answer.

usage: python -m recall.held_out > ../test/golden/recallExamples.json  # needs the corpus (text/corpus.py)
"""

from __future__ import annotations

import json
import random

from recall.examples import Recall
from text.corpus import Corpus

SEED = 4
COUNTS = {'fact': 24, 'when': 8, 'list': 16, 'summary': 16}  # enough that a decoder at chance is told from one that knows


def examples() -> list[dict[str, object]]:
    """Answerable examples of the split that training never draws from."""
    recall = Recall(random.Random(SEED), 'test', Corpus.load('test'))
    left = dict(COUNTS)
    found: list[dict[str, object]] = []
    while any(left.values()):
        example = recall.draw()
        if not example.answer.rows or example.earlier or left.get(example.kind, 0) == 0:
            continue
        left[example.kind] -= 1
        rows = [{'kind': row.kind, 'text': row.text, 'region': row.region} for row in example.rows]
        found.append({'kind': example.kind, 'question': example.question, 'rows': rows, 'relevant': sorted(example.answer.relevant)})
    return found


if __name__ == '__main__':
    lines = ',\n'.join(json.dumps(example, ensure_ascii=False) for example in examples())
    print(f'[\n{lines}\n]')
