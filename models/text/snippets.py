"""Source text of the simulated files: imports, functions, types and data files in five languages."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from text.vocabulary import PACKAGES, VERBS, Names

DEFINITION = re.compile(r'\b(?:def|function|func|fn|class|struct|type|interface) (?:\([^)]*\) )?([A-Za-z_]\w*)')


@dataclass(frozen=True)
class Snippet:
    """Lines of code and the name they define."""

    name: str
    lines: tuple[str, ...]


def _body_py(names: Names, first: str, second: str) -> list[str]:
    rng = names.rng
    value, method, other = names.word(), rng.choice(VERBS), names.variable('py')
    options = [
        [f'    {value} = {first}.{method}({second})'],
        [f'    {value} = [{second} for {second} in {first}]'],
        [f'    {value} = {first}.get("{other}", {rng.randint(0, 99)})'],
        [f'    with open({first}) as {value}:', f'        {value} = {value}.read()'],
        [f'    {value} = len({first}) + {rng.randint(1, 50)}', f'    print(f"{other}: {{{value}}}")'],
        [f'    for {second} in {first}:', f'        {value} = {method}({second})'],
    ]
    lines = list(rng.choice(options))
    roll = rng.random()
    if roll < 0.3:
        lines += [f'    if not {value}:', '        return None']
    elif roll < 0.45:
        lines += [f'    if {value} is None:', f"        raise ValueError('{names.words(1, 3)}')"]
    elif roll < 0.6:
        lines.insert(0, f'    """{names.sentence()}"""')
    return [*lines, f'    return {value}']


def _body_ts(names: Names, first: str, second: str) -> list[str]:
    rng = names.rng
    value, method, other = names.word(), rng.choice(VERBS), names.variable('ts')
    options = [
        [f'  const {value} = {first}.{method}({second});'],
        [f'  const {value} = {first}.map(({second}) => {second}.{other});'],
        [f'  const {value} = await fetch(`/api/${{{first}}}`);'],
        [f'  let {value} = {rng.randint(0, 99)};', f'  {value} += {first}.length;'],
        [f'  const {{ {value}, {other} }} = {first};', f'  console.log({other});'],
    ]
    lines = list(rng.choice(options))
    if rng.random() < 0.35:
        lines += [f"  if (!{value}) throw new Error('{names.words(1, 3)}');"]
    elif rng.random() < 0.2:
        lines.insert(0, f'  // {names.sentence()}')
    return [*lines, f'  return {value};']


def function(names: Names, language: str, name: str | None = None) -> Snippet:
    """A short function of the language."""
    rng = names.rng
    name = name or names.function(language)
    first, second, kind = names.word(), names.word(), names.rng.choice(('str', 'int', 'list', 'dict'))
    if language == 'py':
        head = rng.choice((f'def {name}({first}, {second}):', f'def {name}({first}: {kind}, {second}=None) -> {kind}:', f'def {name}({first}):'))
        lines = [rng.choice(('async ', '', '', '')) + head, *_body_py(names, first, second)]
        if rng.random() < 0.15:
            lines.insert(0, rng.choice((f"@app.route('/{first}')", f'@{names.word()}', '@staticmethod', f"@app.get('/{first}/{{{second}}}')")))
    elif language in ('ts', 'js'):
        typed = language == 'ts' and rng.random() < 0.7
        kinds = ('string', 'number', 'boolean', f'{first.capitalize()}[]', 'any')
        parameters = f'{first}: {rng.choice(kinds)}, {second}: {rng.choice(kinds)}' if typed else f'{first}, {second}'
        lead = rng.choice(('', 'export ', 'async ', 'export async '))
        if rng.random() < 0.25:
            lines = [f'{rng.choice(("", "export "))}const {name} = ({parameters}) => {{', *_body_ts(names, first, second), '};']
        else:
            lines = [f'{lead}function {name}({parameters}) {{', *_body_ts(names, first, second), '}']
    elif language == 'go':
        receiver = '' if rng.random() < 0.6 else f'({first[0]} *{names.type_name()}) '
        value, method = names.word(), rng.choice(VERBS).capitalize()
        lines = [f'func {receiver}{name}({first} string, {second} int) error {{', f'    {value}, err := {second}.{method}({first})']
        if rng.random() < 0.6:
            lines += ['    if err != nil {', '        return err', '    }']
        lines += [f'    return {value}', '}']
    else:
        value = names.word()
        lines = [
            f'{rng.choice(("", "pub "))}fn {name}({first}: &str) -> {rng.choice(("usize", "String", "Option<u32>", "Result<()>"))} {{',
            f'    let {value} = {first}.{rng.choice(VERBS)}();',
            rng.choice((f'    {value}.len()', f'    Ok({value})', f'    println!("{{}}", {value});')),
            '}',
        ]
    return Snippet(name, (*lines, ''))


def definition(names: Names, language: str) -> Snippet:
    """A class, struct or interface of the language."""
    rng = names.rng
    name, field = names.type_name(), names.variable(language)
    if language == 'py':
        if rng.random() < 0.35:
            lines = ['@dataclass', f'class {name}:', f'    {field}: {rng.choice(("int", "str", "float"))}']
        else:
            base = rng.choice(('', '', f'({names.type_name()})', '(BaseModel)'))
            lines = [f'class {name}{base}:', f'    def __init__(self, {field}):', f'        self.{field} = {field}']
    elif language == 'ts' and rng.random() < 0.4:
        lines = [f'{rng.choice(("export ", ""))}interface {name} {{', f'  {field}: string;', f'  {names.word()}: number;', '}']
    elif language in ('ts', 'js'):
        lines = [f'class {name} {{', f'  constructor({field}) {{', f'    this.{field} = {field};', '  }', '}']
    elif language == 'go':
        lines = [f'type {name} struct {{', f'    {field.capitalize()} string', f'    {names.word().capitalize()} int', '}']
    else:
        lines = ['#[derive(Debug)]', f'{rng.choice(("", "pub "))}struct {name} {{', f'    {field}: String,', '}']
    return Snippet(name, (*lines, ''))


def import_of(names: Names, language: str) -> Snippet:
    """One import line; the name is the module."""
    rng = names.rng
    module = rng.choice((rng.choice(PACKAGES[language]), names.word(), names.function('py')))
    if language == 'py':
        module = re.sub(r'[^\w]', '_', module)
        member = rng.choice((names.type_name(), names.function('py')))
        line = rng.choice((f'import {module}', f'from {module} import {member}', f'import {module} as {module[:2]}'))
    elif language == 'ts':
        quote = rng.choice('\'"')
        member = rng.choice((f'{{ {names.type_name()} }}', names.word(), f'* as {names.word()}', f'{{ {names.function("ts")} }}'))
        line = f'import {member} from {quote}{module}{quote};'
    elif language == 'js':
        line = rng.choice((f"const {names.word()} = require('{module}');", f"import {names.word()} from '{module}';"))
    elif language == 'go':
        line = f'import "{module}"'
    else:
        module = module.replace('-', '_')
        line = f'use {module}::{rng.choice((names.type_name(), "prelude::*"))};'
    return Snippet(module, (line,))


def statement(names: Names, language: str) -> Snippet:
    """A line that sets a value; the name is `target=value` with both as written."""
    rng = names.rng
    target = names.variable(language)
    value = rng.choice((str(rng.randint(2, 9999)), f'"{names.word()}"', rng.choice(('true', 'false')), f'{rng.randint(1, 9)}.{rng.randint(0, 99)}'))
    if language == 'py':
        line = f'{target.upper() if rng.random() < 0.5 else target} = {value.capitalize() if value in ("true", "false") else value}'
        target, value = line.split(' = ')
    elif language in ('ts', 'js'):
        line = f'{rng.choice(("const", "let", "export const"))} {target} = {value};'
    elif language == 'go':
        line = f'var {target} = {value}'
    else:
        line = f'let {target} = {value};'
    return Snippet(f'{target}={value}', (line,))


def data_file(names: Names, extension: str) -> list[str]:
    """Contents of a file that is not code."""
    rng = names.rng
    count = rng.randint(4, 14)
    if extension == 'json':
        rows = [f'  "{names.variable("ts")}": {rng.choice((str(rng.randint(0, 999)), chr(34) + names.word() + chr(34), "true"))},' for _ in range(count)]
        return ['{', *rows, '}']
    if extension in ('yml', 'toml', 'env', 'txt', 'sh'):
        joint = {'yml': ': ', 'toml': ' = ', 'env': '='}.get(extension, ' ')
        return [('  ' if extension == 'yml' and i % 3 else '') + names.word() + joint + names.word() for i in range(count)]
    if extension == 'html':
        return ['<html>', *[f'  <{tag}>{names.words(1, 4)}</{tag}>' for tag in rng.choices(('h1', 'p', 'li', 'div', 'span'), k=count)], '</html>']
    if extension == 'css':
        return [row for _ in range(count // 2) for row in (f'.{names.word()} {{', f'  {rng.choice(("margin", "padding", "width"))}: {rng.randint(1, 64)}px;', '}')]
    if extension == 'sql':
        return [f'SELECT {names.word()} FROM {names.word()} WHERE {names.word()} = {rng.randint(1, 99)};' for _ in range(count)]
    return [f'# {names.title()}', *[names.sentence() for _ in range(count)]]


def source_file(names: Names, file: str, language: str, rows: int) -> list[str]:
    """Contents of a file of about `rows` lines."""
    rng = names.rng
    extension = file.rsplit('.', 1)[-1]
    if extension.removesuffix('x') != language:
        return data_file(names, extension)
    lines: list[str] = []
    for _ in range(rng.randint(0, 4)):
        lines += import_of(names, language).lines
    if lines:
        lines.append('')
    for _ in range(rng.randint(0, 2)):
        lines += statement(names, language).lines
    while len(lines) < rows:
        part = function(names, language) if rng.random() < 0.75 else definition(names, language)
        lines += part.lines
    return lines


def defined_names(lines: list[str]) -> list[tuple[int, str]]:
    """(row, name) of each function and type defined in the lines."""
    return [(row, match[1]) for row, line in enumerate(lines) if (match := DEFINITION.search(line))]


def typing_chunks(rng: random.Random, text: str, speed: int) -> list[int]:
    """Prefix lengths after each frame while `text` is typed at about `speed` characters a frame."""
    lengths, length = [], 0
    while length < len(text):
        length = min(len(text), length + rng.randint(max(1, speed // 2), speed))
        lengths.append(length)
    return lengths
