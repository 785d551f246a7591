"""How questions are worded: patterns of many wordings, words left out or changed as people change them, questions that no coding video answers.

In a pattern `[a|b|]` is a choice, `{slot}` a slot; `{DID}` is "did they", "does the presenter" …, `{IS}` is "is", "was", "gets" ….
"""

from __future__ import annotations

import random
import re

from text.corpus import words_of
from text.vocabulary import NOUNS, Names

DID = ('did they', 'did they', 'do they', 'did the developer', 'does the developer', 'did the presenter', 'does the presenter', 'does the author', 'did the author', 'did the instructor', 'does the speaker', 'did he', 'does she', 'did the user', 'does the person')
IS = ('is', 'was', 'is', 'was', 'gets', 'is being', 'has been')
MORE = ('', '', '', '', '', '', '', ' in the video', ' here', ' on screen', ' in this clip', ' in this recording', ' exactly', ' at that point', ' in the end', ' then')


def expand(rng: random.Random, pattern: str) -> str:
    """One of the wordings of a pattern; slots are left."""
    while '[' in pattern:
        pattern = re.sub(r'\[([^\[\]]*)\]', lambda match: rng.choice(match[1].split('|')), pattern)
    pattern = re.sub(r'\{DID\}', lambda _: rng.choice(DID), pattern)
    pattern = re.sub(r'\{IS\}', lambda _: rng.choice(IS), pattern)
    return re.sub(r' +', ' ', pattern).strip()


def filled(pattern: str, slots: dict[str, str]) -> str:
    return re.sub(r'\{(\w+)\}', lambda match: slots[match[1]], pattern)


SAME = {
    'remove': 'delete', 'delete': 'remove', 'folder': 'directory', 'directory': 'folder', 'show': 'display', 'shows': 'displays', 'open': 'launch', 'close': 'shut', 'run': 'execute', 'start': 'launch', 'stop': 'halt', 'create': 'make', 'add': 'insert', 'change': 'modify', 'select': 'choose', 'search': 'look', 'find': 'search', 'error': 'problem', 'errors': 'problems', 'warning': 'alert', 'option': 'flag', 'setting': 'preference',
    'settings': 'preferences', 'function': 'method', 'method': 'function', 'file': 'document', 'files': 'documents', 'print': 'output', 'output': 'result', 'enable': 'activate', 'enabled': 'activated', 'disable': 'deactivate', 'disabled': 'deactivated', 'color': 'colour', 'size': 'dimension', 'width': 'breadth', 'list': 'overview', 'user': 'account', 'message': 'text', 'current': 'present', 'default': 'standard', 'maximum': 'largest', 'minimum': 'smallest', 'number': 'count',
    'install': 'set up', 'update': 'upgrade', 'save': 'store', 'load': 'read', 'test': 'check', 'build': 'compile', 'copy': 'duplicate', 'rename': 'call', 'move': 'shift', 'window': 'screen', 'terminal': 'console', 'command': 'instruction', 'code': 'source', 'line': 'row', 'lines': 'rows', 'value': 'content', 'used': 'applied', 'use': 'apply', 'allow': 'permit', 'hide': 'conceal', 'toggle': 'switch', 'automatically': 'by itself', 'new': 'fresh', 'repository': 'repo',
    'directories': 'folders', 'argument': 'parameter', 'parameter': 'argument', 'arguments': 'parameters', 'keyboard': 'key', 'background': 'back', 'image': 'picture', 'page': 'site', 'password': 'secret', 'quickly': 'fast', 'fix': 'repair', 'failed': 'went wrong', 'missing': 'absent', 'available': 'there', 'version': 'release', 'branch': 'line of work', 'remote': 'server', 'package': 'library', 'packages': 'libraries', 'version control': 'git', 'extension': 'plugin', 'extensions': 'plugins',
}  # fmt: skip


def reworded(rng: random.Random, word: str) -> str:
    """Another word for the same thing, another form of it, or the word."""
    lower, roll = word.lower(), rng.random()
    if roll < 0.2 and lower in SAME:
        return SAME[lower]
    if roll < 0.28 and lower.isalpha() and len(lower) > 4:
        if lower.endswith('ing'):
            return lower[:-3]
        if lower.endswith('ed'):
            return lower[:-2]
        if lower.endswith('s') and not lower.endswith('ss'):
            return lower[:-1]
        return lower + rng.choice(('s', 'ing', 'ed') if not lower.endswith('e') else ('s', 'd'))
    return lower if rng.random() < 0.6 else word


def key_words(rng: random.Random, text: str, low: int = 1, high: int = 4) -> str:
    """Some of a line's words, as a question would name it: neighbours mostly."""
    found = [word for word in re.findall(r'[A-Za-z][\w.-]*\w', text) if words_of(word)]
    if not found:
        return ''
    count = min(len(found), rng.randint(low, high))
    first = rng.randint(0, len(found) - count)
    chosen = found[first : first + count] if rng.random() < 0.6 else [found[i] for i in sorted(rng.sample(range(len(found)), count))]
    return ' '.join(reworded(rng, word) for word in chosen)


def finish_question(rng: random.Random, question: str) -> str:
    """As people type: now and then a place or a time in the video, small letters, no mark at the end."""
    roll = rng.random()
    if roll < 0.1 and question.endswith('?'):
        question = question[:-1] + rng.choice(MORE) + '?'
    elif roll < 0.16:
        question = rng.choice(('In the terminal: ', 'In the editor, ', 'In the video, ', 'Please: ', 'Tell me: ', 'Do you know: ', 'And ', 'So, ', 'At the end, ', 'In the browser, ', 'On the slide, ')) + question[:1].lower() + question[1:]
    if rng.random() < 0.08:
        question = question.rstrip('?.')
    if rng.random() < 0.08:
        question = question.lower()
    question = re.sub(r' +', ' ', question).strip()
    return question[:1].upper() + question[1:] if rng.random() < 0.9 else question


ODD = (
    'birthday', 'salary', 'phone number', 'home address', 'age', 'nationality', 'favourite colour', 'shoe size', 'middle name', 'hobby', 'star sign', 'blood type', 'wife', 'husband', 'income', 'weight', 'height', 'hair colour', 'mother tongue', 'religion', 'marital status', 'tax number', 'insurance number', 'passport number',
    'licence plate', 'postcode', 'credit card', 'pension', 'rent', 'mortgage', 'bill', 'invoice amount', 'savings', 'loan', 'currency', 'tip', 'donation', 'recipe', 'breakfast', 'dinner', 'wine', 'coffee', 'cake', 'soup', 'restaurant', 'hotel', 'flight', 'train', 'bus', 'car', 'bicycle', 'ship', 'airport', 'station', 'street', 'city', 'country', 'mountain', 'river', 'island', 'beach',
    'dog', 'cat', 'horse', 'bird', 'fish', 'flower', 'tree species', 'planet', 'weather', 'temperature outside', 'season', 'holiday', 'horoscope', 'song', 'album', 'singer', 'band', 'instrument', 'film', 'actor', 'novel', 'poem', 'painting', 'museum', 'team', 'match', 'goal', 'trainer', 'medal', 'president', 'king', 'minister', 'party', 'election', 'war', 'century', 'doctor', 'vaccine', 'illness', 'medicine', 'hospital', 'lawyer', 'teacher', 'school', 'diploma', 'employer', 'boss', 'neighbour', 'friend', 'sister', 'father', 'child', 'wedding', 'jacket', 'shirt', 'hat', 'watch brand', 'perfume', 'furniture', 'chair', 'lamp', 'garden', 'kitchen',
)  # what no coding video tells
WHO = ('developer', 'author', 'speaker', 'instructor', 'user', 'viewer', 'presenter', 'teacher', 'host', 'narrator', 'person in the video', 'programmer')
UNANSWERABLE = (
    "What is the {who}'s {odd}?", "What is the {who}'s {odd}?", "[Which|What] is the {who}'s [favourite |first |new |]{odd}?", 'What is the {odd} of the {who}?', 'Does the {who} have a {odd}?', 'How [old|tall|rich|tired|heavy|young|happy] is the {who}?', 'Where does the {who} [live|work|come from|sleep|study]?', 'When was the {who} [born|hired|married|fired]?', 'Who is the {who}\'s {odd}?',
    '[Which|What] {odd} {IS} [entered|shown|booked|chosen|given|typed|mentioned|bought|visited|named|opened]?', '[Which|What] {odd} {DID} [choose|enter|mention|buy|visit|like|prefer|show|book]?', '[Which|What] {odd} number {IS} [entered|given|shown|typed|mentioned]?', 'How much [is|was] the {odd}?', 'When {IS} the {odd} [bought|sold|booked|opened|shown]?', 'Where is the {odd}?', 'What colour is the {odd}?', 'Who [paid for|won|called about|brought] the {odd}?',
    'What did they [eat|drink|buy|sing|wear|cook] [for lunch|today|yesterday|before]?', 'Who [won|called|paid|is the king|is the mother|invented it]?', 'What is the [weather|capital|price|distance|temperature] [like|of {word}|to {word}|in {word}]?', 'How much [money|milk|time|rain] [is left|was paid|did they spend] [on {word}|]?', 'Why did they [leave|cry|sell|buy|divorce|move] [{word}|]?', 'When was {word} [born|founded|sold|elected|built]?', 'What is the [meaning of life|square root of {word}|opposite of {word}]?', 'What does {word} think [about|of] {other}?',
)  # fmt: skip


def odd_question(rng: random.Random, names: Names) -> str:
    """A question no coding video answers."""
    pattern = expand(rng, rng.choice(UNANSWERABLE))
    return finish_question(rng, filled(pattern, {'word': rng.choice((names.word(), rng.choice(NOUNS))), 'other': names.word(), 'odd': rng.choice(ODD), 'who': rng.choice(WHO)}))
