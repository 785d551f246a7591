"""What is said about a session: narration, alerts, answers, summaries.

The conversation follows the streaming scheme of the published LIVE models (an instruction, frames, replies at the due frame or
silence) with this project's own wording. Everything here works on a finished play (`frames` and `events`), so one play can carry many conversations.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from config import StreamConfig
from screen.view import ScreenLine, View
from text.vocabulary import NOUNS, pseudo_word
from world import screen_text
from world.narration import DIRECTIONS, MAX_CHARS, fill, narrate, say_less, sentences_of, shortened, templates, used, words_of_templates
from world.session import Event, Mode, Session, Turn

NOT_SEEN = StreamConfig.not_seen_reply

INSTRUCTIONS: dict[str, tuple[str, ...]] = {
    'narrate': (
        'Narrate the coding session.', 'Please narrate what happens.', 'Describe each step.', 'Tell me what the developer does.', 'Comment on the video as it goes.',
        'Say what happens on the screen.', 'Keep me informed about every step.',
    ),
    'quiet': ('Stay silent.', 'Please be quiet and only answer my questions.', 'Do not narrate.', 'Only speak when I ask something.', 'No comments, please.'),
}  # fmt: skip


@dataclass(frozen=True)
class Alert:
    """A standing request: which events it waits for, how people put it, and how its fulfilment is announced. `name` is the slot a request may ask for by name."""

    kinds: tuple[str, ...]
    clauses: tuple[str, ...]  # behind "tell me when"
    replies: tuple[str, ...]
    less: str  # the announcement when the name could not be read
    name: str = ''


ASKING = (
    'Tell me', 'Tell me', 'Let me know', 'Notify me', 'Warn me', 'Say something', 'Give me a sign', 'Inform me', 'Alert me', 'Ping me', 'Speak up', 'Report', 'Please tell me', 'Remind me', 'I want to know',
)  # fmt: skip
FIRST_TIME = ('when', 'when', 'when', 'once', 'as soon as', 'the moment', 'the first time')  # told once
EVERY_TIME = ('every time', 'whenever', 'each time', 'always when')
ALERTS = (
    Alert(('tests_pass', 'test_green'), ('the tests pass', 'the tests are green', 'all tests succeed', 'the test run is green', 'everything passes', 'the tests turn green', 'no test fails any more'), ('The tests pass now.',), 'The tests pass now.'),
    Alert(('tests_fail', 'test_red'), ('a test fails', 'the tests break', 'the tests are red', 'a test goes red', 'the test run fails'), ('A test fails now.',), 'A test fails now.'),
    Alert(('run_error', 'tests_fail', 'build_error'), ('there is an error', 'something fails', 'an error shows up', 'it crashes', 'something goes wrong', 'an exception appears'), ('An error: `{error}`.',), 'There is an error.'),
    Alert(('install',), ('they install something', 'a package is installed', 'a dependency is added', 'they add a package'), ('They installed `{package}`.',), 'They installed something.'),
    Alert(('commit',), ('they commit', 'a commit is made', 'they commit their work', 'something is committed'), ('They committed `{message}`.',), 'They made a commit.'),
    Alert(('push',), ('they push', 'the commits are pushed', 'they push to the remote', 'the changes are synchronised'), ('They pushed the commits.',), 'They pushed the commits.'),
    Alert(('open', 'create'), ('another file is opened', 'they open a file', 'they switch files', 'a file is opened'), ('They opened `{file}`.',), 'They opened a file.'),
    Alert(('function',), ('a function is written', 'they write a function', 'a new function appears', 'a function is added'), ('They wrote `{function}`.',), 'They wrote a function.'),
    Alert(('command', 'run_ok', 'run_error', 'tests_pass', 'tests_fail', 'build_ok', 'build_error'), ('they run a command', 'a command is run', 'something is run in the terminal'), ('They ran `{command}`.',), 'They ran a command.'),
    Alert(('build_ok',), ('the build is done', 'it builds', 'the build succeeds', 'the build passes'), ('The build with `{command}` succeeded.',), 'The build succeeded.'),
    Alert(('debug_start',), ('they start the debugger', 'debugging begins', 'a debug session starts'), ('The debugger is running now.',), 'The debugger is running now.'),
    Alert(('debug_pause',), ('a breakpoint is hit', 'it stops at the breakpoint', 'the debugger stops'), ('The program stopped at a breakpoint.',), 'The program stopped at a breakpoint.'),
    Alert(('server_start',), ('the server is up', 'a server runs', 'the server starts', 'the server is running'), ('The server runs on port `{port}`.',), 'The server runs.'),
    Alert(('browser',), ('they open the browser', 'a web page appears', 'the browser is shown', 'they look something up'), ('The browser shows `{title}`.',), 'The browser is shown.'),
    Alert(('notification',), ('a message appears', 'a notification pops up', 'there is a notification'), ('A message appeared: `{text}`.',), 'A message appeared.'),
    Alert(('open',), ('they open {file}', '{file} is opened', '{file} is on screen'), ('`{file}` is open now.',), 'The file is open now.', 'file'),
    Alert(('install',), ('{package} is installed', 'they install {package}'), ('`{package}` is installed now.',), 'It is installed now.', 'package'),
    Alert(('function',), ('they write {function}', '{function} is written'), ('They wrote `{function}`.',), 'They wrote the function.', 'function'),
    Alert(('run_error', 'tests_fail'), ('{error} appears', 'there is a {error}'), ('There is a `{error}`.',), 'The error appeared.', 'error'),
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question about the past; `kinds` are the events that answer it, the newest one counts."""

    kinds: tuple[str, ...]
    phrasings: tuple[str, ...]
    answer: str  # template over the event's slots
    named: tuple[str, ...] = ()  # phrasings about one certain event


def plain_words() -> list[str]:
    """Words that guidance says of its own accord, lower case: all others come from the screen, so the runtime can check them."""
    return words_of_templates([*_said_unasked(), *DIRECTIONS])


def sentences() -> list[str]:
    """All that guidance says, `{}` for what it quotes."""
    return sentences_of(_said_unasked())


def _said_unasked() -> list[str]:
    return [*templates(), *(reply for alert in ALERTS for reply in (*alert.replies, alert.less))]


_COMMANDS = ('command', 'tests_pass', 'tests_fail', 'run_ok', 'run_error', 'server_start')
QUESTIONS = (
    Question(('install',), ('What did they install?', 'Which package was installed?', 'What was installed last?', 'Name the installed package.'), 'They installed {package}.'),
    Question(('install',), ('Which tool did they install with?', 'Which package manager was used?'), 'They used {tool}.', ('How was {package} installed?', 'With which tool was {package} installed?')),
    Question(_COMMANDS, ('Which command was run last?', 'What was the last command?', 'Which command did they run?', 'What did they type in the terminal?'), 'They ran {command}.'),
    Question(('run_error', 'tests_fail'), ('What was the last error?', 'What went wrong?', 'Which error appeared?', 'Why did it fail?'), 'It was {error}.', ('Why did {test} fail?', 'Which error did {test} give?', 'Which error did {command} give?')),
    Question(('tests_fail',), ('Which test failed?', 'Name the failing test.'), 'The test {test} failed.'),
    Question(('tests_pass',), ('How many tests passed?', 'How many tests are there?'), '{count} tests passed.'),
    Question(('function',), ('Which function was written?', 'What function did they add?', 'Name the last function they wrote.'), 'They wrote {function}.'),
    Question(('type',), ('Which type was defined?', 'Which class did they write?', 'What class was added?'), 'They defined {type}.'),
    Question(('import',), ('What was imported?', 'Which module did they import?'), 'They imported {module}.'),
    Question(('create',), ('Which file was created?', 'What is the new file called?'), 'They created {file}.'),
    Question(('commit',), ('What is the commit message?', 'What did they commit?', 'Which commit message was used?'), 'The message is "{message}".'),
    Question(('branch',), ('Which branch was created?', 'What is the new branch called?'), 'The branch is {branch}.'),
    Question(('browser',), ('Which page did they open?', 'What did the browser show?'), 'The page was {title}.'),
    Question(('browser',), ('Which address was in the browser?', 'What was the URL?'), 'The address was {url}.'),
    Question(('slide',), ('What was the slide about?', 'Which slide was shown?'), 'The slide was {title}.'),
    Question(('server_start',), ('Which port does the server use?', 'On which port does it run?', 'On which port was the server started?'), 'It uses port {port}.'),
    Question(('value', 'change'), ('Which value was set?', 'To what value was it changed?'), '{name} was set to {value}.', ('What is {name} set to?', 'To what value was {name} changed?', 'Which value does {name} have?')),
    Question(('rename',), ('What was renamed?', 'Which name was changed?'), '{old} was renamed to {new}.', ('What was {old} renamed to?', 'What is the new name of {old}?')),
    Question(('find',), ('What did they search for?', 'What was the search term?'), 'They searched for {query}.'),
    Question(('palette',), ('Which palette command was chosen?', 'Which editor command did they run?'), 'They chose {command}.'),
    Question(('menu',), ('Which menu entry was chosen?', 'What did they pick in the menu?'), 'They chose {entry}.'),
    Question(('notification',), ('What did the message say?', 'What did the notification say?'), 'It said: {text}'),
    Question(('run_ok',), ('What did the program print?', 'What was the output?'), 'It printed: {output}', ('What did {command} print?',)),
    Question(('open', 'create'), ('Which file did they open last?', 'Which file was opened?'), 'They opened {file}.'),
)  # fmt: skip
FILE_NOW = ('Which file is open?', 'What file is this?', 'Which file are they editing?', 'What is the name of this file?')
STATE_QUESTIONS = (
    (('Is the debugger running?', 'Are they debugging?'), ('debug_start', 'debug_stop'), ('Yes, the debugger is running.', 'No, the debugger is not running.')),
    (('Are the tests green?', 'Is the test bar green?'), ('test_green', 'test_red'), ('Yes, the tests are green.', 'No, the tests are red.')),
    (('Is this a dark theme?', 'Is the theme dark?'), ('theme_dark', 'theme_light'), ('Yes, the theme is dark.', 'No, the theme is light.')),
    (('Do the tests pass?', 'Did the last test run succeed?'), ('tests_pass', 'tests_fail'), ('Yes, the tests pass.', 'No, a test fails.')),
)
WHENS: dict[str, tuple[str, ...]] = {  # answered with a time
    'open': ('When did they open {file}?', 'When was {file} opened?'), 'create': ('When was {file} created?', 'When did they create {file}?'), 'function': ('When did they write {function}?', 'When was {function} added?'),
    'install': ('When was {package} installed?', 'When did they install {package}?'), 'commit': ('When did they commit {message}?',), 'command': ('When did they run {command}?', 'When was {command} run?'),
    'tests_pass': ('When did {command} pass?', 'When did they run {command}?'), 'tests_fail': ('When did {test} fail?',), 'run_error': ('When did {error} appear?', 'When did they get {error}?'), 'browser': ('When did they look at {title}?', 'When was the page {title} shown?'),
    'slide': ('When was the slide {title} shown?',), 'typed': ('When did they type {text}?', 'When was {text} entered?'), 'view': ('When did they open {view}?',), 'notification': ('When did the message {text} appear?',), 'find': ('When did they search for {query}?',),
    'selected': ('When did they select {value}?',), 'rename': ('When was {old} renamed?',), 'menu': ('When did they choose {entry}?',), 'palette': ('When did they run {command}?',),
}  # fmt: skip
ODD_QUESTIONS = (
    'What is the date of birth of the developer?', 'What is their bank account number?', 'How old is the speaker?', 'What is the phone number of {word}?', 'Where does the developer live?',
    'What is the password of {word}?', 'Who is the mother of {word}?', 'What did they have for lunch?', 'What is the capital of {word}?', 'How much does {word} cost?',
    'What is the weather like?', 'Which car does the developer drive?', 'What is the salary of the developer?', 'Which song is playing?', 'When was {word} born?',
    'What is the email address of {word}?', 'Who won the match?', 'What does {word} think about {other}?', 'What is the credit card number?', 'How tall is the presenter?',
)  # fmt: skip
SUMMARY_PARTS: dict[str, str] = {  # in order of weight
    'function': 'wrote {function}', 'tests_fail': 'saw {test} fail', 'run_error': 'got {error}', 'tests_pass': 'passed {count} tests', 'install': 'installed {package}', 'commit': 'committed "{message}"',
    'rename': 'renamed {old} to {new}', 'create': 'created {file}', 'type': 'defined {type}', 'branch': 'created branch {branch}', 'server_start': 'started a server on port {port}', 'open': 'opened {file}',
    'command': 'ran {command}', 'run_ok': 'ran {command}', 'import': 'imported {module}', 'change': 'changed {name} to {value}', 'value': 'set {name} to {value}', 'browser': 'looked at {title}',
    'slide': 'showed {title}', 'palette': 'chose {command}', 'menu': 'chose {entry}', 'find': 'searched for {query}', 'debug_start': 'started the debugger', 'test_green': 'turned the tests green', 'test_red': 'turned the tests red',
}  # fmt: skip

Timed = tuple[int, Event]  # (due frame, event)


def compose(rng: random.Random, mode: Mode, frames: Sequence[View | None], events: Sequence[Timed]) -> list[Turn]:
    """The turns of a conversation in the given mode: instruction, replies at their due frames, questions and answers at random frames. Of a frame without a view nothing is asked that only the view answers."""
    turns: list[Turn] = []
    start = -1 if rng.random() < 0.85 else rng.randint(0, 8)
    switch = rng.randint(20, len(frames)) if rng.random() < 0.12 and len(frames) > 30 else len(frames)
    for phase_mode, first, last in ((mode, start, switch), (_other_mode(rng, mode), switch, len(frames))):
        if first >= len(frames):
            continue
        phase = [(frame, event) for frame, event in events if first < frame < last or (first == -1 == frame)]
        if phase_mode in INSTRUCTIONS:
            turns.append(Turn(first, 'user', rng.choice(INSTRUCTIONS[phase_mode]), phase_mode))
        if phase_mode == 'narrate':
            for frame, event in phase:
                text, slots = narrate(rng, event)
                turns.append(Turn(frame, 'assistant', text, event.kind, slots, say_less(rng, event.kind)))
        elif phase_mode == 'standing':
            turns += _requests(rng, first, phase)
    turns += _questions(rng, frames, events, turns, 0.06 if mode == 'questions' else 0.012)
    return sorted(turns, key=lambda turn: turn.frame)  # stable: a reply stays behind its question


def _other_mode(rng: random.Random, mode: Mode) -> Mode:
    options: list[Mode] = ['narrate', 'quiet', 'standing']
    return rng.choice([option for option in options if option != mode])


NEXT_STEP = (
    'Tell me what they do next.', 'What do they do next?', 'What happens next?', 'Tell me the next step.', 'What is the next step?', 'Let me know what comes next.', 'Which step comes next? Tell me when it happens.',
    'Describe the next thing they do.', 'What will the developer do next?',
)  # fmt: skip


def _next_step(rng: random.Random, first: int, events: Sequence[Timed]) -> list[Turn]:
    """Asks for the next step, which is told when it happens; nothing after it."""
    turns = [Turn(first, 'user', rng.choice(NEXT_STEP), 'standing')]
    for frame, event in events[:1]:
        text, slots = narrate(rng, event)
        turns.append(Turn(frame, 'assistant', text, 'alert', slots, say_less(rng, event.kind)))
    return turns


def _requests(rng: random.Random, first: int, events: Sequence[Timed]) -> list[Turn]:
    """One to four standing requests, no two of them fulfilled at the same frame."""
    turns: list[Turn] = []
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4))):
        new = _standing(rng, first, events)
        taken = {turn.frame for turn in turns if turn.kind == 'alert'}
        if new and not any(turn.text == new[0].text for turn in turns) and not any(turn.frame in taken for turn in new[1:]):
            turns += new
    return turns


def _standing(rng: random.Random, first: int, events: Sequence[Timed]) -> list[Turn]:
    """A standing request and its alerts, one or each time: mostly one that will be fulfilled."""
    if rng.random() < 0.1:
        return _next_step(rng, first, events)
    happening = [alert for alert in ALERTS if any(event.kind in alert.kinds for _, event in events)]
    alert = rng.choice(happening if happening and rng.random() < 0.85 else ALERTS)
    matching = [(frame, event) for frame, event in events if event.kind in alert.kinds and (not alert.name or alert.name in event.slots)]
    request_slots: dict[str, str] = {}
    if alert.name:
        if not matching:
            return _standing(rng, first, events) if happening else []
        request_slots = {alert.name: rng.choice(matching)[1].slots[alert.name]}
        matching = [(frame, event) for frame, event in matching if event.slots[alert.name] == request_slots[alert.name]]
    clause = rng.choice(alert.clauses).format(**request_slots)
    is_once = rng.random() < 0.65
    request = f'{rng.choice(ASKING)} {rng.choice(FIRST_TIME if is_once else EVERY_TIME)} {clause}{rng.choice((".", ".", ""))}'
    turns = [Turn(first, 'user', request if rng.random() < 0.9 else request.lower(), 'standing')]
    for frame, event in matching[:1] if is_once else matching:
        slots = {name: shortened(value) for name, value in event.slots.items()}
        template = rng.choice(alert.replies)
        text = fill(template, slots)
        if text is None or len(text) > MAX_CHARS:
            template = text = alert.less
        turns.append(Turn(frame, 'assistant', text, 'alert', used(template, slots), alert.less))
    return turns


def _questions(rng: random.Random, frames: Sequence[View | None], events: Sequence[Timed], turns: Sequence[Turn], rate: float) -> list[Turn]:
    """Question and answer pairs at random frames where nothing else is said."""
    taken = {turn.frame + offset for turn in turns for offset in (-1, 0, 1)}
    pairs: list[Turn] = []
    for frame in range(4, len(frames)):
        if rng.random() >= rate or frame in taken:
            continue
        past = [(due, event) for due, event in events if due <= frame]
        asked = ask(rng, past, frames[frame])
        pairs.append(Turn(frame, 'user', asked.question, 'question'))
        pairs.append(Turn(frame, 'assistant', asked.answer, asked.kind, asked.slots, asked=True, evidence=asked.evidence))
    return pairs


@dataclass(frozen=True)
class Asked:
    """A question and its answer."""

    question: str
    answer: str
    slots: dict[str, str]
    kind: str  # answer, answer_now, answer_state, answer_none
    evidence: int = -1  # frame that showed the answer
    about: tuple[str, ...] = ()  # kinds of events that could have answered it


def ask(rng: random.Random, past: Sequence[Timed], view: View | None, answerable_share: float = 0.75) -> Asked:
    """A question about `past` and, if given, the current `view`."""
    roll = rng.random()
    if roll < 0.06:
        return Asked(odd_question(rng), NOT_SEEN, {}, 'answer_none')
    if view is not None and roll < 0.24:
        return _ask_file(rng, past, view)
    if roll < 0.3:
        known = [state for state in STATE_QUESTIONS if any(event.kind in state[1] for _, event in past)]
        if known:
            phrasings, kinds, answers = rng.choice(known)
            due, last = [item for item in past if item[1].kind in kinds][-1]
            return Asked(rng.choice(phrasings), answers[kinds.index(last.kind)], {}, 'answer_state', due, kinds)
    seen = {event.kind for _, event in past}
    known_questions = [question for question in QUESTIONS if seen.intersection(question.kinds)]
    question = rng.choice(known_questions if known_questions and rng.random() < answerable_share else QUESTIONS)
    fitting = [(due, event) for due, event in past if event.kind in question.kinds and fill(question.answer, event.slots)]
    named = rng.choice(question.named) if question.named and rng.random() < 0.5 else ''
    if named and not fitting:
        invented = {name: pseudo_word(rng) for name in ('package', 'test', 'command', 'name', 'old')}
        return Asked(vary(rng, named).format(**invented), NOT_SEEN, {}, 'answer_none', -1, question.kinds)
    if fitting:
        due, event = rng.choice(fitting) if named else fitting[-1]
        text = fill(vary(rng, named), event.slots) if named else None
        if text is None:  # about no certain event, so about the newest one
            due, event = fitting[-1]
            text = vary(rng, rng.choice(question.phrasings))
        return Asked(text, fill(question.answer, event.slots) or NOT_SEEN, used(question.answer, event.slots), 'answer', due, question.kinds)
    return Asked(vary(rng, rng.choice(question.phrasings)), NOT_SEEN, {}, 'answer_none', -1, question.kinds)


def _ask_file(rng: random.Random, past: Sequence[Timed], view: View) -> Asked:
    question = vary(rng, rng.choice(FILE_NOW))
    if view.app != 'editor':
        return Asked(question, 'The editor is not visible right now.', {}, 'answer_now')
    file = view.tabs[view.active_tab]
    shown = [due for due, event in past if event.slots.get('file') == file]
    return Asked(question, f'It is {file}.', {'file': file}, 'answer_now', shown[-1] if shown else 0)


def vary(rng: random.Random, question: str) -> str:
    """The question about "the developer" instead of "them", in the present or the past, with or without its mark."""
    roll = rng.random()
    if roll < 0.3:
        question = question.replace('did they', 'did the developer').replace('are they', 'is the developer')
    elif roll < 0.5:
        question = question.replace('did they', 'does the developer').replace('are they', 'is the developer')
    if rng.random() < 0.08:
        question = question[0].lower() + question[1:].rstrip('?')
    return question


def odd_question(rng: random.Random) -> str:
    """A question no coding video answers."""
    words = {'word': rng.choice((rng.choice(NOUNS), pseudo_word(rng).capitalize())), 'other': rng.choice(NOUNS)}
    return rng.choice(ODD_QUESTIONS).format(**words)


def summarize(events: Sequence[Event], max_chars: int = 115) -> str:
    """One paragraph naming the most important events in the order they happened."""
    weights = list(SUMMARY_PARTS)
    parts = [(weights.index(event.kind), order, text) for order, event in enumerate(events) if event.kind in SUMMARY_PARTS and (text := fill(SUMMARY_PARTS[event.kind], event.slots))]
    chosen: list[tuple[int, int, str]] = []
    for part in sorted(parts):
        if len(chosen) < 5 and sum(len(text) + 2 for _, _, text in chosen) + len(part[2]) < max_chars - 12:
            chosen.append(part)
    texts = [text for _, _, text in sorted(chosen, key=lambda part: part[1])]
    if not texts:
        return NOT_SEEN
    return 'They ' + (texts[0] if len(texts) == 1 else ', '.join(texts[:-1]) + ' and ' + texts[-1]) + '.'


# --- recall: questions on stored evidence ---------------------------------------------------------------------------

Row = tuple[str, str, int]  # (region of a screen line or 'guidance', text, frame)
Recall = tuple[list[Row], str, str, dict[str, str]]  # rows in time order, question, answer, slots


def recall_examples(session: Session, rng: random.Random, questions: int = 4) -> list[Recall]:
    """Questions on evidence rows retrieved from one session, some of which the rows cannot answer, and one summary.

    Rows are what the store would hold: narrations (guidance) and screen text as a good reader read it. An answer copies from the rows; where they hold none it is
    exactly `NOT_SEEN`.
    """
    texts = screen_text.deltas(session, rng, rng.choice((0.0, 0.005, 0.01)), 0.01)
    said = [(due, event, *narrate(rng, event)) for due, event in session.events]
    examples: list[Recall] = []
    for _ in range(questions):
        subset = sorted(rng.sample(range(len(said)), min(len(said), rng.randint(0, 8))))
        chosen = [said[index] for index in subset]
        rows: list[Row] = []
        for due, event, sentence, _ in chosen:
            on_screen = [line for line in texts[due] if any(value in line.text for value in event.slots.values())]
            is_guided = not on_screen or rng.random() < 0.6
            if is_guided:
                rows.append(('guidance', sentence, due))
            if on_screen and (not is_guided or rng.random() < 0.5):
                rows += [(*line, due) for line in texts[due][-4:] if line not in on_screen] if rng.random() < 0.5 else []
                rows += [(*line, due) for line in on_screen]
        asked = ask(rng, [(due, event) for due, event, _, _ in chosen], None, 0.8)
        rows += _distractors(rng, texts, session.events, asked.about)
        rows.sort(key=lambda row: row[2])
        known = '\n'.join(row[1] for row in rows)
        if not all(value in known for value in asked.slots.values()):
            continue  # the rows say it less fully than the answer would
        examples.append((rows, asked.question, asked.answer, asked.slots))
    count = rng.randint(1, 14) if rng.random() < 0.95 else 0
    first = rng.randint(0, max(0, len(said) - count))
    span = said[first : first + count]
    told = [Event(event.kind, slots) for _, event, _, slots in span]
    summary_rows: list[Row] = [('guidance', sentence, due) for due, _, sentence, _ in span]
    examples.append((summary_rows, StreamConfig.summary_prompt, summarize(told), {}))
    return examples


def _distractors(rng: random.Random, texts: Sequence[Sequence[ScreenLine]], events: Sequence[Timed], avoided: Sequence[str]) -> list[Row]:
    """Screen rows from frames that cannot hold an answer."""
    near = {due + offset for due, event in events if event.kind in avoided for offset in range(-8, 3)}
    frames = [frame for frame, lines in enumerate(texts) if lines and frame not in near]
    rows: list[Row] = []
    for frame in rng.sample(frames, min(len(frames), rng.randint(0, 6))):
        lines = texts[frame]
        first = rng.randrange(len(lines))
        rows += [(*line, frame) for line in lines[first : first + rng.randint(1, 4)]]
    return rows
