"""What any line of the corpus can be asked about: a key and its value, a definition, an option and what it does, a setting, or just some of its
words, changed as people change them when they ask (another word for the same thing, another form, one left out). Kinds of lines with questions of their own are
in families.py.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from recall.families import FAMILIES, Fact, family_of
from recall.wordings import expand, filled, finish_question, key_words
from text.corpus import words_of

ABOUT = ('What [does it say|is said|is written|is shown|do they say|does the [page|text|screen|video] say|do we learn] about {key}?', '[Which|What] [line|text|entry|part] [mentions|is about|talks about|names|shows|contains|has] {key}?', 'What [is|was|are] {key}?', 'What about {key}?', 'How [is|are|does] {key} [described|explained|handled|work|used|shown]?', '[Explain|Describe] {key}.', 'Where [is|are] {key} [mentioned|shown|named|written|explained]?', '[Tell me about|Show me|Find] {key}.', 'What [happens|happened] with {key}?', '[Is|Are] there [anything about |any |a |]{key}?', 'Why {key}?', '{key}?', 'Does [it|the video|the page] [mention|say something about|cover|explain] {key}?')  # fmt: skip
WHENS = ('When [does|did] {key} [appear|come up|show up|occur|become visible]?', 'When [is|was] {key} [shown|mentioned|visible|first shown|on screen|explained|opened|typed|written|used]?', 'When {DID} [show|mention|get to|write|talk about|come to|explain|use|open|type] {key}?', 'At [what|which] [time|moment|point] [is|was] {key} [shown|visible|mentioned|on screen]?', 'When do we see {key}?', 'When does the part [about|with] {key} [begin|start|come]?')  # fmt: skip
SHORT = ('It says {part}.', 'It shows {part}.', 'It says {part}.', 'They show {part}.', 'There is {part}.')
LINE_ANSWERS = {
    'defines': '[It is|They wrote|It defines] {name}.',
    'imports': '[They imported|The module is] {name}.',
    'option': '[It is|The option is|Use] {option}.',
    'purpose': '[It is to|It says] {text}.',
    'setting': '[It says|The setting is] {part}.',
    'entry': '[It is|The entry is|They chose] {part}.',
    'message': '[It says|The message is] {part}.',
    'meaning': '[It is|{name} is] {value}.',
    'value': '[It is|The {name} is] {value}.',
    'number': '[It is|It says|There are] {n}.',
    'section': '[It is|The section is] {text}.',
}


def facts_of_line(rng: random.Random, kind: str, text: str) -> Fact | None:
    """A question that the line answers, or None when too little is on it. The whole line is one slot where no better cut is known."""
    stripped = text.strip()
    region = region_of(rng, kind)
    makers: list[Fact] = []

    def make(parts: Sequence[tuple[str, str]], questions: Sequence[str], answer: str, is_when: bool = False, **more: str) -> None:
        slots = {name: value for name, value in parts if name} | more
        if any(not value.strip() for value in slots.values()):
            return
        question = finish_question(rng, filled(expand(rng, rng.choice(questions)), slots))
        makers.append(Fact(region, tuple(parts), question, expand(rng, answer), is_when, kind=kind))

    if kind in ('code', 'prose') and (match := re.match(r'^(\s*(?:export |const |let |var |self\.|static |final |public |private |this\.)*)["\']?([A-Za-z_][\w.-]{2,40})["\']?(\s*(?::[^=:]{1,20}=|[:=])\s*)(\S.{0,40}?)([,;]?)$', text)):
        lead, name, middle, value, tail = match.groups()
        rest = text[len(lead) : match.start(3)]
        before, after = rest.split(name, 1)
        make([('', lead + before), ('name', name), ('', after + middle), ('value', value), ('', tail)], family_of('value').questions, family_of('value').answer)
    if match := re.match(r'^(.*?\b(?:def|function|func|fn|class|struct|interface|type)\s+)([A-Za-z_]\w+)(.*)$', text):
        make([('', match[1]), ('name', match[2]), ('', match[3])], ('[Which|What] [function|class|type|method|name] {IS} [defined|written|declared|added]?', 'Where is {name} [defined|declared|written]?', 'What {IS} {name}?', 'How is [the function|the class|it] called?', 'When {IS} {name} [defined|written|added]?'), LINE_ANSWERS['defines'])
    if match := re.match(r'^(.*?\b(?:import|from|require\(|use|#include)\s*[\'"<(]?)([@\w./-]{2,40})(.*)$', text):
        make([('', match[1]), ('name', match[2]), ('', match[3])], family_of('import').questions[:4], LINE_ANSWERS['imports'])
    if match := re.match(r'^(\s*)((?:-\w(?: \w+)?, ?)?--?[\w-]+(?:[ =]<?[\w.|-]+>?)?)(\s{2,}|: )(\S.{8,})$', text):
        purpose = key_words(rng, match[4], 2, 5)
        make([('', match[1]), ('option', match[2]), ('', match[3]), ('text', match[4])], ('[Which|What] [option|flag|switch|argument] [is for|is used for|does|means|gives|makes|is there for] {key}?', 'How [do|can] [you|they|one] {key}?', 'With [which|what] [option|flag] [do you|can one|is it] {key}?', '[Which|What] option {key}?'), LINE_ANSWERS['option'], key=purpose)
        make([('', match[1]), ('option', match[2]), ('', match[3]), ('text', match[4])], ('What does {option} do?', 'What is {option} for?', 'What [is|does] the [option|flag] {option} [mean|do|]?', '[Explain|Describe] {option}.'), LINE_ANSWERS['purpose'])
    if kind == 'interface' and re.match(r'^(Controls|Whether|Specifies|Defines|Enables?|When enabled|Configures?|Sets?|Shows?|The)\b', stripped) and len(stripped) > 24:
        make([('text', text)], ('[Which|What] setting [controls|changes|is for|decides|configures|is about] {key}?', 'What [controls|decides|sets|changes] {key}?', 'What does the setting [for|about] {key} do?', 'How [can you|do you|is] [control|change|configure|set] {key}?', '[Which|What] [option|preference] [is about|concerns] {key}?'), LINE_ANSWERS['setting'], key=key_words(rng, stripped.split(' ', 1)[1], 2, 4), part='x')
    if kind == 'interface' and len(stripped) < 40 and re.match(r'^[A-Z]\w+', stripped) and not stripped.endswith('.'):
        make([('text', text)], ('[Which|What] [command|entry|menu item|button|action|option] [is for|lets you|is used to|will|can] {key}?', 'How [do you|can one|do they|does one] {key}?', '[Which|What] [entry|command|button|item] {IS} [chosen|shown|clicked|picked|about {key}]?', 'What {DID} [click|choose|pick|press] to {key}?', 'When {DID} {key}?'), LINE_ANSWERS['entry'], key=key_words(rng, stripped, 1, 4))
    if kind == 'interface' and stripped.endswith(('.', '?', '!')):
        make([('text', text)], ('What does the [message|notification|dialog|warning|hint|tooltip] [about {key}|on {key}|] say?', '[Which|What] [message|warning|question|hint|notification] [is shown|appears|comes up] [about|on|concerning] {key}?', 'Why [can|does|is] [it|{key}] [not|fail|blocked]?', 'What [is|was] [asked|said|reported] about {key}?'), LINE_ANSWERS['message'], key=key_words(rng, stripped, 1, 3))
    if match := re.match(r'^(.*?)([A-Z][\w ]{2,28})( (?:is|are|means|was) (?:a |an |the )?)(.{6,80}?)([.,;].*)?$', text):
        make([('', match[1]), ('name', match[2]), ('', match[3]), ('value', match[4]), ('', match[5] or '')], ('What [is|are|does] {name} [mean|]?', 'What is [said|written] about {name}?', 'How is {name} [defined|described|explained]?', '[Explain|Describe] {name}.'), LINE_ANSWERS['meaning'])
    if match := re.match(r'^(\s*(?:[#*-]+ )?)([A-Za-z][\w ./-]{2,30})(: +)(\S.{1,60})$', text):
        make([('', match[1]), ('name', match[2]), ('', match[3]), ('value', match[4])], ('What is [the |]{name}?', '[Which|What] {name} [is it|is shown|is given|does it have|is used]?', 'What does it say [for|about|under] {name}?', 'What is given as {name}?'), LINE_ANSWERS['value'])
    if match := re.search(r'\d[\d.,]*', text):
        unit = re.match(r'\s*([A-Za-z]{3,})', text[match.end() :])
        key = unit[1] if unit else key_words(rng, text, 1, 3)
        before = key_words(rng, text[: match.start()], 1, 3) or key
        make([('', text[: match.start()]), ('n', match[0]), ('', text[match.end() :])], ('How many {key} [are there|is it|{IS} shown|does it have|are given]?', '[Which|What] number [is given|is shown|stands] [for|with|after] {before}?', 'How [much|big|long|large|high|old] is {before}?', 'What is the [number|value|size|amount] of {before}?'), LINE_ANSWERS['number'], key=key, before=before)
    if kind == 'prose' and re.match(r'^#+ ', stripped):
        make([('', '# '), ('text', stripped.lstrip('# '))], family_of('heading').questions, LINE_ANSWERS['section'])
    if len(words_of(text)) >= 2:
        for _ in range(2):
            key = key_words(rng, text)
            make([('text', text)], ABOUT, rng.choice(SHORT), key=key, part='x')
        make([('text', text)], WHENS, rng.choice(SHORT), True, key=key_words(rng, text), part='x')
    return rng.choice(makers) if makers else None


REGIONS_OF = {
    'interface': ('popup', 'dialog', 'browser', 'tree', 'other', 'popup', 'editor', 'statusBar', 'popup'), 'code': ('editor', 'editor', 'editor', 'editor', 'other', 'browser', 'terminal', 'slide'), 'prose': ('browser', 'browser', 'slide', 'other', 'editor', 'popup'),
    'output': ('terminal', 'terminal', 'terminal', 'other'), 'help': ('terminal', 'terminal', 'browser', 'other'),
}  # fmt: skip


def region_of(rng: random.Random, kind: str) -> str:
    return rng.choice(REGIONS_OF[kind])


def answer_patterns() -> list[str]:
    """Every pattern of an answer or a title."""
    patterns = [*LINE_ANSWERS.values(), *SHORT]
    for family in FAMILIES:
        patterns += [family.answer, family.title, *(answer for _, answer in family.others)]
    return patterns
