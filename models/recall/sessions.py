"""Questions on simulated sessions: on rows chosen for them, and on all that a session has shown and told so far, as the search proposes it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from config import REFERENCES, StreamConfig
from decoder.template import Answer, Evidence
from recall.examples import Rank, RecallExample
from world import screen_text
from world.dialogue import NOT_SEEN, ask, recall_examples
from world.narration import narrate, say_less
from world.quoting import told_as_read
from world.session import Session, Turn

STREAM = StreamConfig()
UNTOLD_SHARE = 0.4  # of what happens in a session, guidance misses so much


def session_examples(session: Session, rng: random.Random) -> Iterator[RecallExample]:
    """Questions on the stored rows of one simulated session, and a summary of what was said (world/dialogue.py). Rows that hold every name of the answer answer it."""
    for rows, question, answer, slots in recall_examples(session, rng):
        rows = rows[-len(REFERENCES) :]
        evidence = [Evidence('guidance', text) if region == 'guidance' else Evidence('screen', text, region) for region, text, _ in rows]
        is_summary = question == STREAM.summary_prompt
        if is_summary:
            relevant = [i for i, row in enumerate(evidence) if any(word in answer for word in re.findall(r'[\w./-]*[\w]{4,}', row.text)[1:])]
        else:
            relevant = [i for i, row in enumerate(evidence) if slots and all(value in row.text for value in slots.values())]
        if answer != NOT_SEEN and not relevant:
            continue  # no single row says it
        best = relevant if is_summary else sorted(relevant, key=lambda i: (evidence[i].kind == 'guidance', -i))[:2]
        cited = tuple(best[: STREAM.max_references]) if answer != NOT_SEEN else ()
        yield RecallExample(evidence, question, Answer(answer, cited, frozenset(relevant if cited else ())), 'session', tuple(slots.values()))


def watched_examples(session: Session, rng: random.Random, rank: Rank, questions: int = 4) -> Iterator[RecallExample]:
    """Questions at random moments on all that a simulated session has shown and told so far, of which the search proposes its best rows.

    What was never shown is asked for as often as by a user who hopes for it, and the search proposes the likest rows all the same.
    """
    deltas = screen_text.deltas(session, rng, *rng.choice(((0.0, 0.0, 0.0), (0.005, 0.02, 0.02), (0.01, 0.02, 0.1))))
    told: dict[int, list[Evidence]] = {}
    seen: list[str] = []
    for frame, lines in enumerate(deltas):
        seen += [line.text for line in lines]
        for _, event in (item for item in session.events if item[0] == frame):
            text, slots = narrate(rng, event)
            sentence = told_as_read(Turn(frame, 'assistant', text, event.kind, slots, say_less(rng, event.kind)), seen)
            if rng.random() > UNTOLD_SHARE:
                told.setdefault(frame, []).append(Evidence('guidance', sentence))
    for moment in rng.sample(range(len(deltas)), min(questions, len(deltas))):
        rows: dict[str, Evidence] = {}  # each text once, where it stood first
        for frame in range(moment + 1):
            for row in (*(Evidence('screen', line.text, line.region) for line in deltas[frame]), *told.get(frame, ())):
                rows.setdefault(row.text, row)
        if not rows:
            continue
        asked = ask(rng, [item for item in session.events if item[0] <= moment], None, 0.8)
        evidence = list(rows.values())
        proposed = [evidence[at] for at in rank(asked.question, evidence)[: len(REFERENCES)]]
        relevant = [at for at, row in enumerate(proposed) if asked.slots and all(value in row.text for value in asked.slots.values())]
        if asked.answer == NOT_SEEN:
            yield RecallExample(proposed, asked.question, Answer(NOT_SEEN), 'session')
        elif relevant:
            cited = sorted(relevant, key=lambda at: proposed[at].kind == 'guidance')[:2]
            yield RecallExample(proposed, asked.question, Answer(asked.answer, tuple(cited), frozenset(relevant)), 'session', tuple(asked.slots.values()))
