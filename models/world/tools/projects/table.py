"""Which projects are recorded, and which tools only test sessions show."""

from __future__ import annotations

from world.tools.projects.compiled import CARGO, GO, JAVA, C
from world.tools.projects.javascript import BUNDLERS, JEST, MOCHA, NODE, NPM, PNPM, TYPESCRIPT, VITEST
from world.tools.projects.python import PIP, PY_CHECKS, PYTEST, PYTHON, UNITTEST
from world.tools.projects.scripting import PHP, RUBY
from world.tools.projects.servers import DJANGO, SERVERS
from world.tools.projects.shell import GIT, SHELL, SQL

# Whole tools that only test sessions show.
HELD_OUT = {
    'mocha', 'ava', 'ruby', 'rspec', 'minitest', 'rake', 'rubocop', 'php', 'phpunit', 'cmake', 'ctest', 'busted', 'shellcheck', 'sqlite3', 'yarn', 'rollup', 'uvicorn', 'pylint', 'hyperfine', 'nginx',
    'cloc', 'isort', 'nodemon', 'rg', 'httpie', 'shuf',
}  # fmt: skip

NPM_TOOLS = (
    'vitest', 'jest', 'mocha', 'typescript', 'eslint', 'prettier', 'vite', 'express', 'nodemon', 'tsx', 'webpack', 'webpack-cli', 'rollup', 'esbuild', 'pnpm', 'yarn', 'http-server',
    'ava', 'ts-node', 'concurrently', 'fastify', '@types/node',
)  # fmt: skip

PROJECTS = (
    PYTEST, UNITTEST, PYTHON, PIP, PY_CHECKS, VITEST, JEST, MOCHA, NODE, NPM, PNPM, TYPESCRIPT, BUNDLERS, GO, CARGO, C, JAVA, RUBY, PHP, GIT, SHELL, SQL, SERVERS, DJANGO,
)  # fmt: skip
