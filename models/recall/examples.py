"""Examples of answering from rows: a question, up to 24 rows as a search would propose them, and which of them answer it.

The rows beside the answer are what makes it hard: neighbours from the same document, lines that share the question's words, lines of the same kind with
other names. About one question in five has no answer among its rows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from config import REFERENCES, REGIONS, StreamConfig
from decoder.template import Answer, EarlierTurn, Evidence
from recall.facts import answer_patterns, facts_of_line, region_of
from recall.families import FAMILIES, Fact, Family, family_fact, family_of, parts_of
from recall.surroundings import BESIDE, doubtful_guidance, surroundings, with_signs
from recall.wordings import expand, filled, odd_question
from screen.reading import JUNK, misread
from text.corpus import Corpus, words_of
from text.vocabulary import Names, Split
from world.dialogue import NOT_SEEN, QUESTIONS, STATE_QUESTIONS, SUMMARY_PARTS

STREAM = StreamConfig()
SCREENING_SHARE = 0.45  # of the questions: on panes of a screen
LONGEST_VALUE = 60  # characters of a row that an answer repeats


@dataclass(frozen=True)
class RecallExample:
    """`kind` says what is asked: fact, when, none, list, title, summary or session."""

    rows: list[Evidence]
    question: str
    answer: Answer
    kind: str
    slots: tuple[str, ...] = ()  # what the sentence must repeat to be right
    earlier: tuple[EarlierTurn, ...] = field(default=())


@dataclass(frozen=True)
class Said:
    """A fact as it was read: its row with reading errors, and its slots as they are spelt there."""

    fact: Fact
    row: Evidence
    slots: dict[str, str]

    def says(self, pattern: str) -> str:
        return tidy(filled(pattern, {'part': shortened(self.row.text)} | {name: shortened(value) for name, value in self.slots.items()}))


def shortened(text: str) -> str:
    """The beginning of a text, cut between words, without what would end a sentence twice."""
    text = text.strip()
    if len(text) > LONGEST_VALUE:
        text = text[:LONGEST_VALUE].rsplit(' ', 1)[0]
    return text.rstrip(' .,:;!')


def tidy(sentence: str) -> str:
    return re.sub(r' +', ' ', sentence).strip()


# --- reading --------------------------------------------------------------------------------------------------------------

ERROR_RATES = (0.0, 0.0, 0.005, 0.01, 0.02, 0.03)
FAMILIES_OF_ROWS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split('|'))
    for group in (
        'command|install|option of command|commit|place|rename|branch|search|chat|installed|exit', 'error|test failed|mixed tests|tests passed|stop|message|progress|exit|refusal', 'message|created|refusal|file open|project|branch|installed|install|place|class|function|field|output', 'file open|project|diff|stop|size|tree|place|rename', 'heading|bullet|prose|extension|person|message|address|search|comment',
        'value|debug value|metric|setting|key|choice|style|condition|model|field', 'function|class|inherits|call|endpoint|route|return|project', 'import|import from|install|installed|version|extension', 'count|progress|size|tests passed|mixed tests|diff|time taken|metric|status line', 'menu|button|shortcut|message|choice|search|chat|setting|extension',
        'port|address|endpoint|route|key', 'output|print|comment|markup|time taken|return|message|metric', 'language mode|status line|encoding|version|branch|model', 'query|command', 'loop|condition|value',
    )
)  # fmt: skip
TYPED: tuple[str, ...] = tuple(
    name
    for group, times in (
        ('file open|command|field', 4), ('port|error', 3), ('tests passed|address|output|message|exit|refusal|created|function|branch|commit|menu|heading|language mode|install|time taken|rename|value', 2),
        ('test failed|mixed tests|version|print|class|button|setting|stop|installed|debug value|count|search|choice|person|shortcut|extension|key|route|import|project|chat|model|place|query|endpoint|size|diff|metric|status line', 1),
    )
    for name in group.split('|') * times
)  # fmt: skip
CLEAR_OF = {'editor': ('interface', 'prose', 'help'), 'terminal': ('code', 'prose', 'interface'), 'browser': ('code', 'output'), 'slide': ('code', 'output'), 'popup': ('code', 'output', 'prose'), 'dialog': ('code', 'output', 'prose')}  # documents that cannot answer an unnamed question about a region


Rank = Callable[[str, Sequence[Evidence]], list[int]]  # question, rows in time order → their indices, best first


class Recall:
    """Draws examples of one split; every draw is fresh."""

    def __init__(self, rng: random.Random, split: Split, corpus: Corpus, rank: Rank | None = None, doubt: float = 0.0) -> None:
        """`rank` is how the program's search orders the rows of a question; without it, and in a share `doubt` of the questions, they are ordered by shared words alone."""
        self.rng, self.split, self.corpus = rng, split, corpus
        self.rank, self.doubt = rank or self.by_words, doubt
        self.names = Names(rng, split, 0.15 if split == 'train' else 0.1)
        self.error_rate = 0.0
        self.called: dict[str, str] = {}

    def draw(self) -> RecallExample:
        """The next example."""
        self.error_rate = self.rng.choice(ERROR_RATES)
        self.called = {region: self.rng.choice(('other', 'other', self.rng.choice(REGIONS))) for region in REGIONS if self.rng.random() < 0.12}
        roll = self.rng.random()
        if roll < 0.76:
            return self.ranked(self.screening() if self.rng.random() < SCREENING_SHARE else self.question())
        if roll < 0.86:
            return self.listing()
        return self.title() if roll < 0.94 else self.summary()

    def ranked(self, example: RecallExample) -> RecallExample:
        """The example with its rows as a search orders them, best first."""
        if not example.rows:
            return example
        order = (self.by_words if self.rng.random() < self.doubt else self.rank)(example.question, example.rows)
        place = {row: rank for rank, row in enumerate(order)}
        cited = tuple(place[row] for row in example.answer.rows)
        answer = replace(example.answer, rows=cited, relevant=frozenset(place[row] for row in example.answer.relevant))
        return replace(example, rows=[example.rows[row] for row in order], answer=answer)

    def by_words(self, question: str, rows: Sequence[Evidence]) -> list[int]:
        """By the question's words in each row, rare ones counting more; what no word finds comes as it was seen. At times a moment is preferred."""
        rng, asked = self.rng, set(words_of(question))
        likeness = [self.corpus.likeness(asked, row.text) for row in rows]
        best = max([*likeness, 1e-9])
        near = range(0) if rng.random() < 0.75 or not rows else range(first := rng.randrange(len(rows)), first + rng.randint(1, 10))
        scores = [(value / best + 0.15 * rng.random() if value else 0.0) + 0.75 * (row in near) for row, value in enumerate(likeness)]
        return sorted(range(len(rows)), key=lambda row: -scores[row])

    # --- rows

    def read(self, fact: Fact) -> Said:
        """The line with reading errors, a merged icon or line number before it, or cut at its end."""
        rng, rate = self.rng, self.error_rate
        drawn = [(name, text if name else with_signs(rng, text)) for name, text in fact.parts]
        parts = [(name, (misread(text, rng, rate) or text) if rate else text) for name, text in drawn]
        slots = {name: text.strip() for name, text in parts if name and text.strip()}
        text = ''.join(part for _, part in parts).strip()
        if rng.random() < 0.02:
            text = f'{rng.choice(JUNK)} {text}'
        elif fact.region == 'editor' and rng.random() < 0.2:
            text = f'{rng.randint(1, 400)}{rng.choice((" ", BESIDE, BESIDE))}{text}'
        elif rng.random() < 0.06:
            beside = rng.choice((self.names.word(), rng.choice(JUNK), self.names.words(1, 2), str(rng.randint(0, 99))))
            text = f'{beside}{BESIDE}{text}' if rng.random() < 0.5 else f'{text}{BESIDE}{beside}'
        if rng.random() < 0.05 and len(text) > 20:
            cut = text[: rng.randint(len(text) // 2, len(text) - 1)].rstrip()
            text = cut if all(value in cut for value in slots.values()) else text
        if fact.kind == 'field' and rng.random() < 0.5:
            text = text[:1].upper() + text[1:]
        text = text[: STREAM.max_row_chars]
        region = self.called.get(fact.region, fact.region)
        return Said(fact, Evidence('screen', text, region), slots)

    def plain(self, kind: str, text: str) -> Evidence:
        """A line of the corpus that nothing is asked about."""
        region = region_of(self.rng, kind)
        return self.read(Fact(region, (('', text),), '', '')).row

    def distractors(self, fact: Fact, count: int, document: Sequence[str], kind: str, is_named: bool) -> list[Evidence]:
        """Rows beside the answer, none of which answers the question."""
        rng = self.rng
        asked = set(words_of(fact.question))
        keyed = asked - set(words_of(expand(rng, 'which what command file line text mentions about show shown value set does'))) if is_named else set()
        taken = {fact.text.strip()}
        rows: list[Evidence] = []

        def add(row: Evidence, source: str) -> None:
            words = set(words_of(source))
            answers = bool(keyed) and len(keyed & words) >= max(1, round(0.7 * len(keyed)))
            if source.strip() not in taken and not answers and len(rows) < count:
                taken.add(source.strip())
                rows.append(row)

        if is_named:
            near = list(document)
            if fact.text in near:
                at = near.index(fact.text)
                near = near[max(0, at - 4) : at + 5]
            for line in rng.sample(near, min(len(near), rng.randint(0, 7))):
                add(self.plain(kind, line), line)
            for found_kind, line in self.corpus.alike(rng, asked, rng.randint(0, 9)):
                add(self.plain(found_kind, line), line)
            for _ in range(rng.choice((0, 0, 1, 2, 4))):
                other = self.read(family_fact(rng, self.names, next((family for family in FAMILIES if family.kind == fact.kind), None)))
                add(other.row, other.fact.text)
        elif rng.random() < 0.7:
            kinds = CLEAR_OF.get(fact.region, ('prose',))
            found_kind = rng.choice(kinds)
            lines = self.corpus.document(rng, found_kind).lines
            first = rng.randrange(len(lines))
            for line in lines[first : first + rng.randint(1, 6)]:
                add(self.plain(found_kind, line), line)
            for found_kind, line in self.corpus.alike(rng, asked, rng.randint(0, 6)):
                if found_kind in kinds:
                    add(self.plain(found_kind, line), line)
        close = close_to(fact.kind)
        for _ in range(count * 3):
            if len(rows) >= count:
                break
            other_fact = family_fact(rng, self.names)
            if is_named or other_fact.kind not in close:
                said = self.read(other_fact)
                row = said.row
                if rng.random() < 0.15 and not other_fact.is_when:
                    row = Evidence('guidance', said.says(other_fact.answer))
                add(row, other_fact.text)
        return rows

    def count(self) -> int:
        return self.rng.choice((1, 2, 3, 5, 6, 8, 10, 12, 15, 18, 23, 23))

    # --- questions

    def question(self) -> RecallExample:
        """A question on one line, in one case of five without the line."""
        rng = self.rng
        fact, document, kind = self.fact()
        is_named = fact.kind in self.corpus.by_kind or is_named_in(fact)
        if rng.random() < 0.11:
            rows = [*self.distractors(fact, self.count(), document, kind, True)]
            return RecallExample(rows, odd_question(rng, self.names), Answer(NOT_SEEN), 'none')
        said = self.read(fact)
        others = self.distractors(fact, self.count(), document, kind, is_named)
        if rng.random() < 0.17 and not (fact.question.endswith('it?') and not is_named):
            return RecallExample(shuffled(rng, others), fact.question, Answer(NOT_SEEN), 'none')
        if not is_named and not fact.is_when and rng.random() < 0.35:
            return self.one_of_several(fact, said, others)
        right = [said.row]
        answer = said.says(fact.answer)
        if rng.random() < 0.12 and not fact.is_when:
            right.append(Evidence('guidance', answer))
        elif rng.random() < 0.08:
            right.append(self.read(replace(fact, region=rng.choice(REGIONS))).row)
        rows = shuffled(rng, [*others[: len(REFERENCES) - len(right)], *right])
        places = tuple(next(i for i, row in enumerate(rows) if row is one) for one in right)
        if fact.is_when and len(places) > 1:
            places = tuple(sorted(places))[:1]
        earlier: tuple[EarlierTurn, ...] = ()
        if rng.random() < 0.08:
            before = self.read(family_fact(rng, self.names))
            earlier = (EarlierTurn(before.fact.question, before.says(before.fact.answer)),)
        repeated = tuple(shortened(said.slots[name]) for name in re.findall(r'\{(\w+)\}', fact.answer) if name in said.slots)
        return RecallExample(rows, fact.question, Answer(answer, places, frozenset(places)), 'when' if fact.is_when else 'fact', repeated, earlier)

    def fact(self) -> tuple[Fact, Sequence[str], str]:
        """A fact with the document it stands in and that document's kind."""
        rng = self.rng
        while True:
            kind = rng.choice(('interface', 'interface', 'code', 'prose', 'prose', 'output', 'help', 'interface'))
            document = self.corpus.document(rng, kind).lines
            if rng.random() < 0.55:
                return family_fact(rng, self.names), document, kind
            fact = facts_of_line(rng, kind, rng.choice(document))
            if fact is not None:
                return fact, document, kind

    def one_of_several(self, fact: Fact, said: Said, others: list[Evidence]) -> RecallExample:
        """Several rows could answer; the question may say which it does not mean. (Which was first or last, rows in the order of their rank cannot tell.)"""
        rng = self.rng
        family = family_of(fact.kind)
        pattern = next((name for name in re.findall(r'\{(\w+)\}', fact.answer) if name in said.slots), None)
        more: list[Said] = []
        count = rng.randint(1, 3)
        for _ in range(40):
            other = family_fact(rng, self.names, family)
            if not other.is_when and {name for name, _ in other.parts} >= {name for name, _ in fact.parts if name and f'{{{name}}}' in fact.answer} and not is_named_in(other):
                again = self.read(replace(other, region=fact.region))
                if all(again.slots.get(pattern or '') != one.slots.get(pattern or '') for one in (said, *more)):
                    more.append(again)
            if len(more) == count:
                break
        several = [said, *more]
        rng.shuffle(several)
        rows = in_order(rng, others[: len(REFERENCES) - len(several)], [one.row for one in several])
        places = [next(i for i, row in enumerate(rows) if row is one.row) for one in several]
        roll, question = rng.random(), fact.question
        mark = '?' if question.endswith('?') else ''
        body = question.rstrip('?.')
        if roll < 0.5 and pattern is not None and len(several) > 1:
            known = rng.randrange(len(several))
            chosen = next(i for i in range(len(several)) if i != known)
            name = shortened(several[known].slots.get(pattern, 'that'))
            question = rng.choice((f'{body} besides {name}{mark}', f'{body} apart from {name}{mark}', f'Besides {name}, {body[:1].lower()}{body[1:]}{mark}', f'{body} other than {name}{mark}', f'{body} in addition to {name}{mark}'))
        else:
            chosen = 0
            relevant = tuple(places[: STREAM.max_references])
            return RecallExample(rows, question, Answer(several[0].says(fact.answer), relevant, frozenset(places)), 'fact', tuple(shortened(value) for value in several[0].slots.values() if pattern and value == several[0].slots.get(pattern)))
        value = several[chosen].slots.get(pattern or '', '')
        return RecallExample(rows, question, Answer(several[chosen].says(fact.answer), (places[chosen],), frozenset((places[chosen],))), 'fact', (shortened(value),) if value else ())

    def screening(self) -> RecallExample:
        """A question on a screen of panes. Its kind tells the answer, seldom a word that both share: the file is what the tabs show, the port a number behind a colon."""
        rng = self.rng
        fact = family_fact(rng, self.names, family_of(rng.choice(TYPED)))
        others = self.panes(close_to(fact.kind), rng.choice((1, 2, 3, 4, 4, 5, 6, 8, 12, 20)))  # short ones, so that a token teaches more
        if rng.random() < 0.12:
            return RecallExample(others, odd_question(rng, self.names), Answer(NOT_SEEN), 'none')
        if rng.random() < 0.17:
            return RecallExample(others, fact.question, Answer(NOT_SEEN), 'none')
        said = self.read(fact)
        rows, right = [said.row], 0
        if rng.random() < 0.15 and len(said.row.text) > 8 and not fact.is_when:  # seen while it was typed
            halves = [said.row.text[: rng.randint(2, len(said.row.text) - 2)].rstrip() for _ in range(rng.randint(1, 2))]
            rows, right = [*(replace(said.row, text=half) for half in halves), said.row], len(halves)
        elif rng.random() < 0.35 and (twin := self.told_again(fact)):
            rows.append(twin.row)
        if rng.random() < 0.1 and not fact.is_when:
            rows.append(Evidence('guidance', said.says(fact.answer)))
        others = [row for row in others if row.text not in {one.text for one in rows}][: len(REFERENCES) - len(rows)]
        first = rng.randint(0, len(others))
        places = range(first, first + len(rows))
        cited = (places[0 if fact.is_when else right], *(places[i] for i in range(1, len(rows)) if right == 0 and not fact.is_when))
        repeated = tuple(shortened(said.slots[name]) for name in re.findall(r'\{(\w+)\}', fact.answer) if name in said.slots)
        answer = Answer(said.says(fact.answer), cited[: STREAM.max_references], frozenset(places))
        return RecallExample([*others[:first], *rows, *others[first:]], fact.question, answer, 'when' if fact.is_when else 'fact', repeated)

    def told_again(self, fact: Fact) -> Said | None:
        """Another line with the same names: a file in the tabs and in the title, a port in the log and in an address."""
        family, known = family_of(fact.kind), {name: text for name, text in fact.parts if name}
        needed = set(re.findall(r'\{(\w+)\}', fact.answer))
        lines = [line for line in family.lines if needed <= set(re.findall(r'\{(\w+)\}', line)) <= set(known)]
        if not lines:
            return None
        again = self.read(replace(fact, parts=parts_of(self.rng.choice(lines), known), region=self.rng.choice(family.regions.split('|'))))
        return None if again.row.text == fact.text else again

    def panes(self, kinds: frozenset[str], count: int) -> list[Evidence]:
        """Rows of panes that answer nothing of `kinds`, as they are read, among them lines that would answer other questions, and what the decoder said meanwhile."""
        rng = self.rng
        rows = [row if not self.error_rate else replace(row, text=misread(row.text, rng, self.error_rate).strip() or row.text) for row in surroundings(rng, self.names, self.corpus, kinds, count - count // 2)]
        while len(rows) < count:
            fact = family_fact(rng, self.names)
            if fact.kind not in kinds:
                rows.insert(rng.randint(0, len(rows)), self.read(fact).row)
        for _ in range(rng.choice((0, 0, 1, 2, 3)) if len(rows) > 3 else 0):
            rows.insert(rng.randint(0, len(rows)), doubtful_guidance(rng, self.names))
        return [replace(row, text=row.text[: STREAM.max_row_chars]) for row in dict.fromkeys(rows)][: len(REFERENCES)]

    # --- lists, titles, summaries

    def listing(self) -> RecallExample:
        """All commands, files or errors among the rows."""
        rng = self.rng
        name = rng.choice(tuple(LISTS))
        kinds, slot_names, verb = LISTS[name]
        wanted: list[Said] = []
        for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4, 5, 6, 8))):
            wanted.append(self.read(family_fact(rng, self.names, family_of(rng.choice(kinds)))))
        wanted = [said for said in wanted if any(slot in said.slots for slot in slot_names)]
        others = self.others(close_to(*kinds), rng.randint(0, len(REFERENCES) - len(wanted)))
        rows = in_order(rng, others, [said.row for said in wanted])
        prompt = STREAM.list_prompts[name]
        if not wanted:
            return RecallExample(rows, prompt, Answer(NOT_SEEN), 'list')
        places = tuple(next(i for i, row in enumerate(rows) if row is said.row) for said in wanted)
        values = list(dict.fromkeys(list_value(said, slot_names) for said in wanted))
        kept = [value for i, value in enumerate(values) if i < 3 and len(' '.join(values[: i + 1])) < 70] or [values[0][:40]]
        sentence = f'They {verb} {joined(kept)}.'
        cited = places[: STREAM.max_list_references]
        return RecallExample(rows, prompt, Answer(sentence, cited, frozenset(places)), 'list', tuple(kept))

    def others(self, kinds: frozenset[str], count: int) -> list[Evidence]:
        """Rows of panes, of families and of one document, none of them of `kinds`."""
        rng = self.rng
        if rng.random() < 0.5:
            return self.panes(kinds, count)
        rows: list[Evidence] = []
        kind = rng.choice(('prose', 'code', 'interface'))
        lines = self.corpus.document(rng, kind).lines
        for line in rng.sample(lines, min(len(lines), count // 2 if rng.random() < 0.6 else 0)):
            rows.append(self.plain(kind, line))
        for _ in range(count * 4):
            if len(rows) >= count:
                break
            fact = family_fact(rng, self.names)
            if fact.kind not in kinds:
                said = self.read(fact)
                rows.append(Evidence('guidance', said.says(fact.answer)) if rng.random() < 0.2 and not fact.is_when else said.row)
        return rows

    def title(self) -> RecallExample:
        """A name for a part: what its weightiest row says."""
        rng = self.rng
        titled = [family for family in TITLES if family.title]
        while True:
            fact = family_fact(rng, self.names, rng.choice(titled))
            if fact.title:
                break
        weight = TITLE_ORDER.index(fact.kind)
        said = self.read(fact)
        family = family_of(fact.kind)
        present = {name: said.slots.get(name, '') for name in re.findall(r'\{(\w+)\}', family.title)}
        title = tidy(filled(expand(rng, family.title), present)) if all(present.values()) else fact.title
        title = ' '.join(title.split()[:7])[:LONGEST_VALUE].rstrip(' .,:;')
        lighter = self.others(frozenset(TITLE_ORDER[: weight + 1]), rng.randint(1, 14))
        rows = in_order(rng, lighter, [said.row])
        place = next(i for i, row in enumerate(rows) if row is said.row)
        return RecallExample(rows, STREAM.title_prompt, Answer(title[:1].upper() + title[1:], (place,), frozenset((place,))), 'title', tuple(value for value in present.values() if value in title))

    def summary(self) -> RecallExample:
        """What happened: the weightiest rows in their order."""
        rng = self.rng
        told: list[tuple[Said, str]] = []
        for kind in rng.sample(list(SUMMARY), min(len(SUMMARY), rng.randint(1, STREAM.max_references))):
            family = family_of(kind)
            said = self.read(family_fact(rng, self.names, family))
            pattern = SUMMARY[kind]
            if set(re.findall(r'\{(\w+)\}', pattern)) <= set(said.slots):
                told.append((said, said.says(pattern)))
        others = self.others(frozenset(SUMMARY), rng.randint(0, 14))
        rows = in_order(rng, others, [said.row for said, _ in told])
        if not told:
            return RecallExample(rows, STREAM.summary_prompt, Answer(NOT_SEEN), 'summary')
        kept = [text for i, (_, text) in enumerate(told[: STREAM.max_references]) if i == 0 or sum(len(other) for _, other in told[: i + 1]) < 90]
        places = tuple(next(i for i, row in enumerate(rows) if row is said.row) for said, _ in told[: len(kept)])
        values = tuple(shortened(value) for said, text in told[: len(kept)] for value in said.slots.values() if shortened(value) in text)
        return RecallExample(rows, STREAM.summary_prompt, Answer(f'They {joined(kept)}.', places, frozenset(places)), 'summary', values)


LISTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    'commands': (('command', 'command', 'command', 'install', 'option of command'), ('command', 'package', 'tool'), 'ran'),
    'files': (('file open', 'file open', 'tree', 'size'), ('file',), 'touched'),
    'errors': (('error', 'error', 'test failed'), ('error', 'test'), 'got'),
}
TITLE_ORDER = ('heading', 'install', 'installed', 'port', 'error', 'test failed', 'tests passed', 'mixed tests', 'commit', 'branch', 'rename', 'extension', 'route', 'query', 'search', 'function', 'class', 'command', 'import', 'value', 'key', 'menu', 'choice', 'file open')  # what names a part, weightiest first
TITLES: tuple[Family, ...] = tuple(family for family in FAMILIES if family.kind in TITLE_ORDER)
SUMMARY = {
    'command': 'ran {command}', 'install': 'installed {package}', 'error': 'got {error}', 'test failed': 'saw {test} fail', 'tests passed': 'passed {n} tests', 'function': 'wrote {function}', 'class': 'defined {type}', 'file open': 'opened {file}', 'heading': 'showed {title}', 'commit': 'committed {message}',
    'port': 'started a server on port {port}', 'branch': 'created branch {branch}', 'search': 'searched for {query}', 'extension': 'looked at {name}', 'menu': 'chose {entry}', 'import': 'imported {module}', 'rename': 'renamed {old} to {new}', 'value': 'set {name} to {value}', 'chat': 'asked to {text}', 'choice': 'chose {value}',
}  # fmt: skip


def plain_words() -> list[str]:
    """Words that answers, titles and summaries use of their own accord, lower case: all others come from the question and the rows."""
    patterns = [*answer_patterns(), *SUMMARY.values(), *SUMMARY_PARTS.values(), *(f'They {verb} and' for _, _, verb in LISTS.values()), NOT_SEEN]
    patterns += [question.answer for question in QUESTIONS] + [answer for _, _, answers in STATE_QUESTIONS for answer in answers]
    return sorted({word for pattern in patterns for word in re.findall(r'[a-z]+', re.sub(r'\{\w+\}', ' ', pattern).lower())})


def close_to(*kinds: str) -> frozenset[str]:
    """Families whose lines may answer questions of these."""
    return frozenset({name for group in FAMILIES_OF_ROWS if group.intersection(kinds) for name in group}.union(kinds))


def list_value(said: Said, slot_names: Sequence[str]) -> str:
    if 'tool' in said.slots and 'package' in said.slots:
        return f'{said.slots["tool"]} {said.slots["package"]}'
    if 'option' in said.slots and 'command' in said.slots:
        return f'{said.slots["command"]} {said.slots["option"]}'
    return shortened(next(said.slots[name] for name in slot_names if name in said.slots))


def joined(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f'{", ".join(texts[:-1])} and {texts[-1]}'


def is_named_in(fact: Fact) -> bool:
    """Whether the question names something of its line, so that other lines of the kind do not answer it."""
    return any(name and len(text) > 1 and text.lower() in fact.question.lower() for name, text in fact.parts)


def shuffled(rng: random.Random, rows: list[Evidence]) -> list[Evidence]:
    rows = rows[: len(REFERENCES)]
    rng.shuffle(rows)
    return rows


def in_order(rng: random.Random, others: Sequence[Evidence], ordered: Sequence[Evidence]) -> list[Evidence]:
    """`others` with `ordered` strewn in between, which keep their order."""
    rows = list(others[: len(REFERENCES) - len(ordered)])
    rng.shuffle(rows)
    for row, place in zip(reversed(ordered), sorted((rng.randint(0, len(rows)) for _ in ordered), reverse=True), strict=True):
        rows.insert(place, row)
    return rows
