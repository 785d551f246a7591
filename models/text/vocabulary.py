"""Words and names of the simulated world: what things are called.

Training and test sessions share words but never *combinations* of words: a pair such as verb+noun belongs to one split by its hash, so
a name in a test session was never seen in training. A share of the words is invented (`zorbli`), so that copying cannot be
replaced by remembering.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import Literal

Split = Literal['train', 'test']

VERBS = ["add", "apply", "build", "cache", "calc", "check", "clean", "clear", "close", "collect", "compare", "compute", "connect", "convert", "copy", "count", "create", "decode", "delete", "detect", "dispatch", "draw", "emit", "encode", "enqueue", "evaluate", "export", "fetch", "fill", "filter", "find", "flush", "format", "generate", "get", "group", "handle", "hash", "import", "index", "init", "insert", "inspect", "join", "launch", "list", "load", "lock", "log", "make", "map", "merge", "move", "mount", "normalize", "notify", "open", "pack", "parse", "patch", "pause", "ping", "plot", "poll", "pop", "print", "process", "publish", "push", "query", "queue", "read", "rebuild", "receive", "reduce", "refresh", "register", "reload", "remove", "render", "replace", "report", "reset", "resize", "resolve", "restore", "resume", "retry", "reverse", "rotate", "route", "run", "sample", "save", "scale", "scan", "schedule", "search", "seed", "select", "send", "serialize", "set", "shift", "show", "sign", "skip", "slice", "solve", "sort", "split", "start", "stop", "store", "stream", "strip", "submit", "sum", "swap", "sync", "tag", "test", "toggle", "trace", "track", "train", "transform", "trim", "unlock", "unpack", "update", "upload", "validate", "verify", "visit", "wait", "watch", "wrap", "write", "zip"]

NOUNS = ["account", "action", "address", "agent", "alert", "amount", "anchor", "answer", "app", "archive", "array", "asset", "audio", "avatar", "backup", "badge", "balance", "bank", "banner", "basket", "batch", "billing", "block", "blog", "board", "body", "book", "border", "bot", "box", "branch", "bucket", "budget", "buffer", "bundle", "button", "byte", "cache", "calendar", "camera", "card", "cart", "case", "catalog", "category", "cell", "channel", "chapter", "chart", "chat", "check", "chunk", "city", "class", "client", "clock", "cluster", "code", "color", "column", "command", "comment", "company", "config", "contact", "content", "context", "cookie", "count", "counter", "country", "coupon", "course", "cover", "crawler", "cursor", "customer", "data", "date", "day", "deck", "default", "delay", "demo", "device", "diagram", "dialog", "digest", "disk", "document", "domain", "draft", "driver", "edge", "editor", "email", "emoji", "employee", "endpoint", "engine", "entry", "error", "event", "example", "export", "face", "factory", "feature", "feed", "field", "file", "filter", "flag", "flow", "folder", "font", "footer", "form", "format", "frame", "friend", "function", "gallery", "game", "gateway", "gear", "goal", "graph", "grid", "group", "guest", "guide", "handler", "hash", "header", "health", "hero", "hint", "history", "home", "hook", "hotel", "hour", "house", "icon", "image", "index", "info", "input", "invoice", "issue", "item", "job", "journal", "key", "keyboard", "label", "lamp", "language", "layer", "layout", "leader", "ledger", "lesson", "letter", "level", "library", "license", "light", "limit", "line", "link", "list", "loader", "location", "lock", "log", "login", "loop", "machine", "mail", "manager", "map", "margin", "marker", "market", "mask", "match", "matrix", "meal", "measure", "media", "meeting", "member", "memory", "menu", "message", "meter", "method", "metric", "minute", "mirror", "mode", "model", "module", "money", "monitor", "month", "motor", "mouse", "movie", "music", "name", "network", "news", "node", "note", "notice", "number", "object", "office", "offer", "option", "order", "output", "owner", "package", "packet", "page", "paint", "pair", "panel", "parent", "parser", "part", "party", "password", "path", "patient", "pattern", "payload", "payment", "person", "phone", "photo", "picture", "piece", "pipe", "pixel", "place", "planet", "player", "plugin", "pocket", "point", "policy", "pool", "port", "post", "power", "preview", "price", "printer", "product", "profile", "program", "project", "prompt", "proxy", "queue", "quote", "range", "rate", "reader", "recipe", "record", "region", "remote", "reply", "report", "request", "resource", "response", "result", "review", "reward", "road", "robot", "role", "room", "root", "route", "router", "row", "rule", "salary", "sample", "scene", "schedule", "schema", "school", "score", "screen", "script", "search", "season", "seat", "section", "sensor", "series", "server", "service", "session", "setting", "shape", "share", "sheet", "shelf", "shipment", "shop", "signal", "site", "size", "slide", "slot", "socket", "song", "source", "space", "speaker", "stack", "stage", "staff", "state", "station", "stats", "step", "stock", "store", "story", "stream", "street", "string", "student", "style", "subject", "summary", "supplier", "survey", "switch", "symbol", "system", "tab", "table", "tag", "target", "task", "team", "template", "tenant", "term", "test", "text", "theme", "thread", "ticket", "tile", "time", "timer", "title", "todo", "token", "tool", "topic", "total", "tower", "trace", "track", "trade", "traffic", "train", "transfer", "travel", "tree", "trend", "trip", "unit", "update", "upload", "user", "value", "vehicle", "vector", "vendor", "version", "video", "view", "visit", "voice", "volume", "vote", "voucher", "wallet", "watch", "weather", "week", "weight", "widget", "window", "winner", "wizard", "word", "worker", "world", "writer", "year", "zone"]

PACKAGES: dict[str, list[str]] = {
    'py': ["requests", "flask", "numpy", "pandas", "pydantic", "httpx", "rich", "typer", "click", "fastapi", "uvicorn", "redis", "celery", "pillow", "sqlalchemy", "django", "scipy", "matplotlib", "pytest", "black", "ruff", "mypy", "boto3", "jinja2", "aiohttp", "torch", "scikit-learn", "python-dotenv", "beautifulsoup4", "gunicorn", "alembic", "loguru"],
    'ts': ["express", "lodash", "axios", "zod", "react", "vite", "vitest", "jest", "chalk", "dotenv", "prisma", "three", "d3", "typescript", "eslint", "prettier", "rxjs", "nanoid", "uuid", "date-fns", "fastify", "hono", "drizzle-orm", "tailwindcss", "@tanstack/react-query", "@types/node", "react-router-dom", "socket.io", "zustand"],
    'go': ["github.com/gin-gonic/gin", "github.com/spf13/cobra", "github.com/spf13/viper", "go.uber.org/zap", "gorm.io/gorm", "github.com/labstack/echo/v4", "github.com/go-chi/chi/v5", "github.com/stretchr/testify"],
    'rs': ["serde", "tokio", "clap", "rand", "anyhow", "regex", "rayon", "reqwest", "axum", "tracing", "thiserror", "serde_json", "chrono", "itertools", "uuid", "sqlx"],
}
PACKAGES['js'] = PACKAGES['ts']

ERRORS: dict[str, list[str]] = {
    'py': ["ValueError", "TypeError", "KeyError", "IndexError", "AttributeError", "ImportError", "NameError", "SyntaxError", "RuntimeError", "AssertionError", "ZeroDivisionError", "TimeoutError", "FileNotFoundError", "ModuleNotFoundError", "PermissionError", "OverflowError", "ConnectionError", "UnicodeDecodeError", "IndentationError", "RecursionError", "NotImplementedError", "StopIteration"],
    'ts': ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError', 'URIError', 'AggregateError', 'AssertionError'],
}
ERRORS['js'] = ERRORS['go'] = ERRORS['rs'] = ERRORS['ts']

LANGUAGE_NAMES = {'py': 'Python', 'ts': 'TypeScript', 'js': 'JavaScript', 'go': 'Go', 'rs': 'Rust'}

_ONSETS = ['b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'qu', 'r', 's', 't', 'v', 'w', 'x', 'z', 'br', 'st', 'tr', 'pl', 'gr', 'fl', 'sk', 'th', 'ch']
_SYLLABLES = [onset + vowel for onset in _ONSETS for vowel in ('a', 'e', 'i', 'o', 'u', 'y', 'ee', 'ou')]


def is_held_out(key: str) -> bool:
    """Whether a name belongs to the test split: one in ten, decided by hash so it never changes."""
    return hashlib.md5(key.encode()).digest()[0] % 10 == 0


def pseudo_word(rng: random.Random) -> str:
    """An invented word; one in eight repeats a syllable (`zozorin`), which a copying model finds hard."""
    syllables = [rng.choice(_SYLLABLES) for _ in range(rng.choice((1, 2, 2, 3)))]
    if rng.random() < 0.125:
        syllables.insert(0, syllables[0])
    return ''.join(syllables) + rng.choice(('', '', 'n', 'r', 'x', 'l', 'm', 'th'))


class Names:
    """Draws names of one split. `pseudo_share` is the probability that a word is invented."""

    def __init__(self, rng: random.Random, split: Split, pseudo_share: float = 0.3) -> None:
        self.rng = rng
        self.split = split
        self.pseudo_share = pseudo_share

    def word(self, words: Sequence[str] = NOUNS) -> str:
        return pseudo_word(self.rng) if self.rng.random() < self.pseudo_share else self.rng.choice(words)

    def words(self, low: int, high: int) -> str:
        return ' '.join(self.word() for _ in range(self.rng.randint(low, high)))

    def pair(self, first: Sequence[str] = NOUNS, second: Sequence[str] = NOUNS) -> tuple[str, str]:
        """Two different words whose combination belongs to this split."""
        while True:
            pair = self.word(first), self.word(second)
            if pair[0] != pair[1] and is_held_out(pair[0] + pair[1]) == (self.split == 'test'):
                return pair

    def variable(self, language: str) -> str:
        """A local name; often one word, sometimes two."""
        if self.rng.random() < 0.7:
            return self.word()
        first, second = self.pair()
        return f'{first}_{second}' if language in ('py', 'rs') else first + second.capitalize()

    def function(self, language: str) -> str:
        verb, noun = self.pair(VERBS, NOUNS)
        tail = '' if self.rng.random() < 0.8 else self.word()
        if language in ('py', 'rs'):
            return '_'.join(part for part in (verb, noun, tail) if part)
        name = verb + noun.capitalize() + tail.capitalize()
        return name[0].upper() + name[1:] if language == 'go' and self.rng.random() < 0.5 else name

    def type_name(self) -> str:
        first, second = self.pair()
        return first.capitalize() + second.capitalize()

    def file(self, language: str) -> str:
        """A file name of the language, or now and then of a neighbour format."""
        extension = language
        roll = self.rng.random()
        if roll < 0.12:
            extension = self.rng.choice(('json', 'md', 'yml', 'toml', 'html', 'css', 'sh', 'txt', 'sql', 'env'))
        elif roll < 0.2 and language in ('ts', 'js'):
            extension += 'x'
        while True:
            if self.rng.random() < 0.35:
                stem = self.word()
                if is_held_out('file' + stem) == (self.split == 'test'):
                    break
                continue
            first, second = self.pair()
            joints = '_' if language in ('py', 'go', 'rs') else '-_C'
            joint = self.rng.choice(joints)
            stem = first.capitalize() + second.capitalize() if joint == 'C' else first + joint + second
            break
        if self.rng.random() < 0.12:
            stem = {'py': f'test_{stem}', 'go': f'{stem}_test', 'rs': stem}.get(language, f'{stem}.test')
        return f'{stem}.{extension}'

    def package(self, language: str) -> str:
        """A package name as its manager writes it."""
        if self.rng.random() < 0.45:
            return self.rng.choice(PACKAGES[language])
        first, second = self.pair()
        name = first if self.rng.random() < 0.3 else f'{first}{self.rng.choice("-_" if language == "rs" else "-")}{second}'
        if language == 'go':
            return f'github.com/{self.word()}/{name}'
        return f'@{self.word()}/{name}' if language in ('ts', 'js') and self.rng.random() < 0.15 else name

    def title(self) -> str:
        """A heading of a page or slide."""
        verb, noun = self.pair(VERBS, NOUNS)
        first, second = self.pair()
        rng = self.rng
        return rng.choice(
            (
                f'{verb.capitalize()} {noun}',
                f'How to {verb} a {noun}',
                f'{verb.capitalize()} the {noun}',
                f'Using {first} {second}',
                f'{first.capitalize()} and {second}',
                f'Why {first} {second}?',
                f'The {first} {second}',
                f'Part {rng.randint(1, 12)}: {first.capitalize()} {second}',
                f'{first.capitalize()} {second} {rng.randint(2, 5)}.{rng.randint(0, 9)}',
                f'{first.capitalize()} {second.capitalize()} Documentation',
            )
        )

    def sentence(self) -> str:
        text = self.words(3, 9)
        return text.capitalize() + self.rng.choice(('', '.', ':', '?'))

    def version(self) -> str:
        return f'{self.rng.randint(0, 9)}.{self.rng.randint(0, 30)}.{self.rng.randint(0, 12)}'

    def hash(self, length: int = 7) -> str:
        return ''.join(self.rng.choice('0123456789abcdef') for _ in range(length))
