"""Token layout of a stream: conversation events → pieces of text and embedding rows → ids with learn weights.

Pure, and the reference for `daemon/llm/streamTemplate.ts`; test/golden/streamTemplate.json (written by
`python template.py`) binds the two. A frame is its new screen text followed by its embedding rows, so the
speak-or-stay-silent decision is read at the frame's last row.

The method is LIVE (VideoLLM-online, https://arxiv.org/abs/2406.11816) with screen text added to the frames.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from config import ASSISTANT, EOS, FRAME, NEXT, ROOT, SCREEN, SPECIAL_TOKENS, StreamConfig
from tokenizer import Tokenizer

Role = Literal["begin", "user", "stream", "assistant"]

SCREEN_OPEN, LINE_END = "<|screen|>", "\n"
GUIDANCE_ROW, SCREEN_ROW = "<|assistant|>{text}</s>", "{text}\n"


@dataclass(frozen=True)
class Event:
    """One step of a conversation: a user's text, one sampled frame with its new screen lines, or a reply's text."""

    role: Role
    text: str = ""
    lines: tuple[str, ...] = ()
    learn: float = 1.0  # loss weight of the decision (frame) or of the text (reply)


@dataclass(frozen=True)
class Piece:
    """What enters the cache in one go: template text (specials are parsed), a frame's embedding rows, or a reply's text."""

    kind: Literal["text", "rows", "reply"]
    text: str = ""


def neutralise(text: str) -> str:
    """Outside text (user, screen) with every special token broken by a space, so that it can never form one."""
    for token in SPECIAL_TOKENS:
        text = text.replace(token, token[0] + " " + token[1:])
    return text


def limit_lines(lines: Sequence[str], config: StreamConfig) -> list[str]:
    """At most `max_lines` lines (the first `head_lines` and the last ones) of at most `max_line_chars` characters."""
    if len(lines) > config.max_lines:
        lines = [*lines[: config.head_lines], *lines[len(lines) - (config.max_lines - config.head_lines) :]]
    return [line[: config.max_line_chars] for line in lines]


def screen_text(lines: Iterable[str], config: StreamConfig) -> str:
    """The text part of a frame block; empty when nothing on the screen is new."""
    kept = limit_lines(list(lines), config)
    return SCREEN_OPEN + "".join(neutralise(line) + LINE_END for line in kept) if kept else ""


@dataclass
class StreamTemplate:
    """The role state machine. `append` returns the pieces that may enter the cache now; user text waits for the next
    seam, because a tokenizer may merge across the two."""

    config: StreamConfig = field(default_factory=StreamConfig)
    role: Role = "begin"
    held: str = ""  # user text (with the seam before it) not yet in the cache

    def append(self, event: Event) -> list[Piece]:
        seam = self.config.seams.get(f"{self.role}>{event.role}")
        if seam is None:
            raise ValueError(f"no seam leads from {self.role} to {event.role}")
        text = self.held + seam
        self.role, self.held = event.role, ""
        if event.role == "user":
            self.held = text + neutralise(event.text)
            return []
        if event.role == "stream":
            return [Piece("text", text + screen_text(event.lines, self.config)), Piece("rows")]
        return [Piece("text", text), Piece("reply", event.text)]


@dataclass
class Encoded:
    """Ids with pre-shifted labels: `targets[i]` is what position i must predict (-1: nothing), weighted by `weights[i]`."""

    ids: list[int] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def push(self, token: int) -> None:
        self.ids.append(token)
        self.targets.append(-1)
        self.weights.append(0.0)

    def label(self, token: int, weight: float) -> None:
        """Labels the last position."""
        self.targets[-1] = token
        self.weights[-1] = weight


def encode_stream(
    events: Iterable[Event], tokenizer: Tokenizer, config: StreamConfig | None = None, screen_weight: float = 0.0
) -> Encoded:
    """Ids and labels of a conversation. Labelled are the last row of each frame (silence token, or speak token before an
    unasked reply), a reply's tokens with its end, and, with `screen_weight`, the screen text."""
    template = StreamTemplate(config or StreamConfig())
    out = Encoded()
    frame: Event | None = None  # the frame whose decision depends on what comes next
    for event in events:
        if frame is not None:
            out.label(ASSISTANT if event.role == "assistant" else NEXT, frame.learn)
        frame = event if event.role == "stream" else None
        for piece in template.append(event):
            if piece.kind == "rows":
                for _ in range(template.config.frame_tokens):
                    out.push(FRAME)
            elif piece.kind == "text":
                push_text(out, tokenizer.encode_markup(piece.text), screen_weight)
            else:
                push_reply(out, tokenizer.encode(neutralise(piece.text)), event.learn)
    if frame is not None:
        out.label(NEXT, frame.learn)
    return out


@dataclass(frozen=True)
class Evidence:
    """One timeline row given to the decoder in recall mode."""

    kind: str  # 'screen' or 'guidance'
    text: str


def recall_prompt(evidence: Iterable[Evidence], question: str) -> str:
    """A fresh sequence without pictures: the evidence in time order as a shortened stream, then the question."""
    text, open_screen = "<s>", False
    for row in evidence:
        if row.kind == "screen":
            text += ("" if open_screen else SCREEN_OPEN) + SCREEN_ROW.format(text=neutralise(row.text))
        else:
            text += GUIDANCE_ROW.format(text=neutralise(row.text))
        open_screen = row.kind == "screen"
    return f"{text}<|user|>{neutralise(question)}</s><|assistant|>"


def encode_recall(
    evidence: Iterable[Evidence], question: str, answer: str, tokenizer: Tokenizer, learn: float = 1.0
) -> Encoded:
    """Ids and labels of one recall example; only the answer is labelled."""
    out = Encoded()
    push_text(out, tokenizer.encode_markup(recall_prompt(evidence, question)), 0.0)
    push_reply(out, tokenizer.encode(neutralise(answer)), learn)
    return out


def push_text(out: Encoded, tokens: Sequence[int], screen_weight: float) -> None:
    """Appends template tokens; screen text is labelled with `screen_weight`, except its unpredictable first token."""
    in_screen = False
    for token in tokens:
        ordinary = token >= len(SPECIAL_TOKENS)
        if in_screen and ordinary and screen_weight > 0 and out.ids[-1] != SCREEN:
            out.label(token, screen_weight)
        in_screen = token == SCREEN or (in_screen and ordinary)
        out.push(token)


def push_reply(out: Encoded, tokens: Sequence[int], learn: float) -> None:
    """Appends a reply's tokens, each labelled on the position before it; the last position is labelled with the end."""
    for token in tokens:
        out.label(token, learn)
        out.push(token)
    out.label(EOS, learn)


# --- golden file ----------------------------------------------------------------------------------------------------------

GOLDEN = ROOT.parent / "test" / "golden" / "streamTemplate.json"


def user(text: str) -> Event:
    return Event("user", text)


def frame(*lines: str) -> Event:
    return Event("stream", lines=lines)


def says(text: str) -> Event:
    return Event("assistant", text)


CONVERSATIONS: dict[str, list[Event]] = {
    "silent frames, no instruction": [frame(), frame(), frame()],
    "first frame with text": [frame("main.py", "import os"), frame()],
    "instruction, then frames": [user("Narrate the coding session."), frame("def add(a, b):"), frame()],
    "unasked reply": [user("Narrate the coding session."), frame(), frame("$ pytest"), says("Ran pytest."), frame(), frame()],
    "question after silence": [frame("app.ts"), frame(), user("Which file is open?"), says("It is app.ts."), frame()],
    "question after a reply": [frame("app.ts"), says("Opened app.ts."), user("Which file?"), says("It is app.ts."), frame()],
    "two questions in a row": [frame(), user("Which file is open?"), user("Is it saved?"), says("Yes."), frame()],
    "instruction without an answer": [frame(), user("Tell me when the tests pass."), frame("4 passed"), says("The tests pass now.")],
    "held-back user text at the end": [frame(), user("What was the last command?")],
    "too many lines": [frame(*(f"line {i}" for i in range(20))), frame("x" * 80)],
    "special tokens in outside text": [user("What does </s> do?"), frame("a <s>b</s> <|user|>"), says("It ends <s>."), frame()],
    "not only ASCII": [user("Was heißt naïve?"), frame("日本語 → ok…", "  \tx = 'é'"), says("naïve 🙂"), frame()],
}


def golden(tokenizer: Tokenizer) -> dict[str, object]:
    """Every conversation with the pieces each event releases, what is still held at the end, and all ids."""
    cases = []
    for name, events in CONVERSATIONS.items():
        template = StreamTemplate()
        steps = [
            {
                "event": {"role": event.role, "text": event.text, "lines": list(event.lines)},
                "pieces": [{"kind": piece.kind, "text": piece.text} for piece in template.append(event)],
            }
            for event in events
        ]
        ids = encode_stream(events, tokenizer).ids
        cases.append({"name": name, "steps": steps, "held": template.held, "ids": ids})
    evidence = [Evidence("screen", "$ pip install flask"), Evidence("screen", "Successfully installed flask-3.1"),
                Evidence("guidance", "Installed flask with pip."), Evidence("screen", "app.py")]  # fmt: skip
    question = "Which package was installed?"
    prompt = recall_prompt(evidence, question)
    recall = {
        "evidence": [{"kind": row.kind, "text": row.text} for row in evidence],
        "question": question,
        "prompt": prompt,
        "ids": tokenizer.encode_markup(prompt),
    }
    note = "Written by models/template.py. A rows piece stands for frameTokens positions of id 4. Ids: what is in the cache."
    return {"note": note, "specialTokens": list(SPECIAL_TOKENS), "conversations": cases, "recall": recall}


def main() -> None:
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps(golden(Tokenizer.load()), ensure_ascii=False, indent=1) + "\n")
    print(f"{len(CONVERSATIONS)} conversations -> {GOLDEN}")


if __name__ == "__main__":
    main()
