"""The projects and commands that record_tools.py records.

A script has one command a line: `command ## kind | slot=value | @tool`. Without a kind it is `command`; without a tool, the tool is the program that is run.
A line with `!` is run and not recorded. Options with `_` direct the recording: `_ready` is what a program that stays prints when it is ready, `_do` the steps
(`;;`) done meanwhile, `_clears` says that it draws anew each time, with `_then` the outcomes; `_any` any exit status is right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Whole tools that only test sessions show.
HELD_OUT = {
    'mocha', 'ava', 'ruby', 'rspec', 'minitest', 'rake', 'rubocop', 'php', 'phpunit', 'cmake', 'ctest', 'busted', 'shellcheck', 'sqlite3', 'yarn', 'rollup', 'uvicorn', 'pylint', 'hyperfine', 'nginx',
    'cloc', 'isort', 'nodemon', 'rg', 'httpie', 'shuf',
}  # fmt: skip

NPM_TOOLS = (
    'vitest', 'jest', 'mocha', 'typescript', 'eslint', 'prettier', 'vite', 'express', 'nodemon', 'tsx', 'webpack', 'webpack-cli', 'rollup', 'esbuild', 'pnpm', 'yarn', 'http-server',
    'ava', 'ts-node', 'concurrently', 'fastify', '@types/node',
)  # fmt: skip

# Names of the projects, and what a replay puts in their place.
NAMES = {
    'orchard': 'project',
    'basket': 'stem', 'voucher': 'stem', 'parcel': 'stem', 'courier': 'word', 'pantry': 'word', 'lantern': 'word', 'saffron': 'word', 'walnut': 'word', 'cobalt': 'word',
    'test_total_price': 'test:py', 'test_apply_voucher': 'test:py', 'test_weigh_parcel': 'test:py', 'test_empty_basket': 'test:py',
    'TestTotalPrice': 'test:go', 'TestApplyVoucher': 'test:go', 'TestWeighParcel': 'test:go',
    'testTotalPrice': 'function:js', 'testApplyVoucher': 'function:js',
    'total_price': 'function:py', 'apply_voucher': 'function:py', 'weigh_parcel': 'function:py',
    'totalPrice': 'function:js', 'applyVoucher': 'function:js', 'weighParcel': 'function:js',
    'TotalPrice': 'type', 'ApplyVoucher': 'type', 'WeighParcel': 'type',
    'adds up the prices': 'test:js', 'applies the discount': 'test:js', 'weighs a heavy one': 'test:js', 'is empty at first': 'test:js',
    'no such walnut in the pantry': 'message', 'the lantern is out of oil': 'message', 'cobalt must be positive': 'message',
    'plant the first walnut': 'commit', 'weigh the saffron twice': 'commit', 'light a lantern in the pantry': 'commit', 'fix: count cobalt only once': 'commit', 'feat: let the courier rest': 'commit', 'note where the walnut fell': 'commit',
    'walnut-harvest': 'branch', 'feature/lantern-oil': 'branch', 'fix/cobalt-count': 'branch',
    'Robin Vale': 'person', 'robin@vale.example': 'email',
}  # fmt: skip


@dataclass(frozen=True)
class Project:
    """Files and the commands run among them; every project lies in a folder of the same name, one after the other."""

    label: str
    files: dict[str, str]
    script: str
    names: dict[str, str] = field(default_factory=dict)
    name: str = 'orchard'


_PY_BASKET = '''
class Basket:
    """What a customer wants to buy."""

    def __init__(self):
        self.prices = []

    def total_price(self):
        return sum(self.prices)


def apply_voucher(price, percent):
    if percent < 0:
        raise ValueError('cobalt must be positive')
    return price * (100 - percent) / 100


def weigh_parcel(parts):
    return max(parts)
'''
_PY_TESTS = '''
import pytest

from basket import Basket, apply_voucher, weigh_parcel


def test_total_price():
    basket = Basket()
    basket.prices = [3, 4]
    assert basket.total_price() == 7


def test_apply_voucher():
    assert apply_voucher(200, 10) == 180


def test_weigh_parcel():
    assert weigh_parcel([2, 5]) == 5


def test_empty_basket():
    assert Basket().total_price() == 0
'''

PYTEST = Project(
    'pytest',
    {'basket.py': _PY_BASKET, 'test_basket.py': _PY_TESTS, 'voucher.py': _PY_BASKET, 'tests/test_parcel.py': "def test_weigh_parcel():\n    assert 2 + 3 == 5\n\n\ndef test_empty_basket():\n    assert not []\n"},
    """
pytest ## tests_pass | count=6
pytest -q ## tests_pass | count=6
pytest -v test_basket.py ## tests_pass | count=4
python -m pytest tests ## tests_pass | count=2
pytest -k voucher ## tests_pass | count=1
pytest -x --tb=short tests/test_parcel.py ## tests_pass | count=2
pytest --durations=3 -q ## tests_pass | count=6
pytest --collect-only -q
!sed -i 's/== 7/== 8/' test_basket.py
pytest ## tests_fail | test=test_total_price | error=AssertionError
pytest -q ## tests_fail | test=test_total_price | error=AssertionError
pytest -x test_basket.py ## tests_fail | test=test_total_price
pytest --tb=short ## tests_fail | test=test_total_price
pytest --tb=line -q ## tests_fail | test=test_total_price
pytest -v --tb=no ## tests_fail | test=test_total_price
pytest --lf ## tests_fail | test=test_total_price
!sed -i 's/== 8/== 7/; s/apply_voucher(200, 10)/apply_voucher(200, -10)/' test_basket.py
pytest --tb=short -q ## tests_fail | test=test_apply_voucher | error=ValueError
python -m pytest test_basket.py ## tests_fail | test=test_apply_voucher | error=ValueError
!sed -i 's/apply_voucher(200, -10)/apply_voucher(200)/' test_basket.py
pytest -x --tb=short ## tests_fail | test=test_apply_voucher | error=TypeError
pytest -ra -q --tb=no ## tests_fail | test=test_apply_voucher | error=TypeError
!sed -i 's/from basket import/from pantry import/' test_basket.py
pytest test_basket.py ## tests_fail | test=test_basket.py | error=ModuleNotFoundError
pytest -q ## tests_fail | test=test_basket.py
!sed -i 's/from pantry import/from basket import/; s/apply_voucher(200)/apply_voucher(200, 10)/; s/def test_empty_basket():/def test_empty_basket(:/' test_basket.py
pytest -q test_basket.py ## tests_fail | test=test_basket.py | error=SyntaxError
!sed -i 's/def test_empty_basket(:/def test_empty_basket():/' test_basket.py
pytest tests/test_walnut.py ## run_error | error=ERROR
pytest -k walnut ## command | _any=1
pytest --version
pytest --cobalt ## run_error | error=error: unrecognized arguments: --cobalt
python -m coverage run -m pytest -q ## tests_pass | count=6 | @coverage
python -m coverage report ## command | @coverage
""",
)

UNITTEST = Project(
    'unittest',
    {'basket.py': _PY_BASKET, 'test_basket.py': '''
import unittest

from basket import Basket, apply_voucher


class TestBasket(unittest.TestCase):
    def test_total_price(self):
        basket = Basket()
        basket.prices = [3, 4]
        self.assertEqual(basket.total_price(), 7)

    def test_apply_voucher(self):
        self.assertEqual(apply_voucher(200, 10), 180)

    def test_empty_basket(self):
        self.assertEqual(Basket().total_price(), 0)
'''},
    """
python -m unittest ## tests_pass | count=3
python -m unittest -v ## tests_pass | count=3
python -m unittest test_basket ## tests_pass | count=3
python3 -m unittest discover ## tests_pass | count=3
!sed -i 's/, 7)/, 9)/' test_basket.py
python -m unittest ## tests_fail | test=test_total_price | error=AssertionError
python -m unittest -v test_basket ## tests_fail | test=test_total_price | error=AssertionError
!sed -i 's/, 9)/, 7)/; s/(200, 10)/(200, -1)/' test_basket.py
python -m unittest -q ## tests_fail | test=test_apply_voucher | error=ValueError
python -m unittest -f test_basket ## tests_fail | test=test_apply_voucher | error=ValueError
""",
)

PYTHON = Project(
    'python',
    {
        'basket.py': _PY_BASKET,
        'voucher.py': "import sys\n\nfrom basket import apply_voucher\n\nif __name__ == '__main__':\n    percent = int(sys.argv[1]) if len(sys.argv) > 1 else 10\n    print('walnut', apply_voucher(480, percent))\n    print('saffron left:', 480 - percent)\n",
        'parcel.py': "parts = {'walnut': 3}\n\n\ndef weigh_parcel(name):\n    return parts[name]\n\n\nprint('weighing the saffron')\nprint(weigh_parcel('saffron'))\n",
        'courier.py': "import pantry\n\nprint(pantry.walnuts)\n",
        'nothing.py': "import lanterns\n",
        'lantern.py': "def light(lantern:\n    print('lit')\n",
        'cobalt.py': "total = 0\nfor each in [3, 5, 0]:\n    total += 30 / each\nprint(total)\n",
        'pantry/walnut.py': "import json\n\nprint(json.dumps({'walnut': 12, 'saffron': [3, 4]}, indent=2))\n",
        'saffron.py': "names = ['walnut', 'cobalt']\nfor index, name in enumerate(names):\n    print(f'{index + 21}: {name} in the pantry')\nprint(names.lenght)\n",
        'script.py': "def step(n):\n    return step(n + 1)\n\n\nstep(0)\n",
        'table.py': "for name, amount, price in (('walnut', 12, 3.5), ('saffron', 40, 12.25), ('cobalt', 7, 8.0)):\n    print(f'{name:<12}{amount:>6}{price:>10.2f}')\nprint('-' * 28)\nprint(f'{\"total\":<12}{59:>6}{23.75:>10.2f}')\n",
        'slow.py': "import time\n\nfor percent in range(0, 101, 20):\n    print(f'weighing walnut {percent}%')\n    time.sleep(0.05)\nprint('done after 6 steps')\n",
        'requirements.txt': 'iniconfig\npluggy\n',
    },
    """
python voucher.py ## run_ok | output=saffron left: 470
python voucher.py 25 ## run_ok
python3 pantry/walnut.py ## run_ok
python table.py ## run_ok
python slow.py ## run_ok | output=done after 6 steps
python -c "print(sum(range(40)))" ## run_ok | output=780
python -m json.tool basket.py ## run_error | error=Expecting value
python voucher.py -5 ## run_error | error=ValueError
python voucher.py many ## run_error | error=ValueError
python parcel.py ## run_error | error=KeyError
python courier.py ## run_error | error=AttributeError
python nothing.py ## run_error | error=ModuleNotFoundError
python -m pantry.saffron ## run_error | error=No module named
python lantern.py ## run_error | error=SyntaxError
python cobalt.py ## run_error | error=ZeroDivisionError
python saffron.py ## run_error | error=AttributeError
python script.py ## run_error | error=RecursionError
python walnut.py ## run_error | error=can't open file
python -c "import walnut" ## run_error | error=ModuleNotFoundError
python -c "open('/pantry/walnut.txt')" ## run_error | error=FileNotFoundError
python -c "int('walnut')" ## run_error | error=ValueError
python -c "'walnut' + 3" ## run_error | error=TypeError
python -c "assert 2 > 3, 'the lantern is out of oil'" ## run_error | error=AssertionError
python --version
python -m py_compile basket.py
python -m py_compile lantern.py ## run_error | error=SyntaxError
python -m timeit -n 5000 "sum(range(100))" ## run_ok
python -m venv .venv
pip --version
""",
)

PIP = Project(
    'pip',
    {'requirements.txt': 'iniconfig\npluggy\n', 'pyproject.toml': '[project]\nname = "orchard"\nversion = "0.3.1"\n\n[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'},
    """
!python3 -m venv .venv
!. .venv/bin/activate && pip install -q packaging
.venv/bin/pip install iniconfig ## install | package=iniconfig | tool=pip
.venv/bin/pip install iniconfig ## command
.venv/bin/pip install idna attrs ## install | package=idna | tool=pip
.venv/bin/python -m pip install certifi ## install | package=certifi | tool=pip | @pip
.venv/bin/pip install -r requirements.txt ## install | package=pluggy | tool=pip
.venv/bin/pip install "click<9" ## install | package=click | tool=pip
.venv/bin/pip list
.venv/bin/pip freeze
.venv/bin/pip show idna
.venv/bin/pip check
.venv/bin/pip uninstall -y idna
.venv/bin/pip install walnut-lantern ## run_error | error=ERROR: Could not find a version | _any=1
.venv/bin/pip install ./pantry ## run_error | error=ERROR: Invalid requirement
.venv/bin/pip install -r lantern.txt ## run_error | error=ERROR: Could not open requirements file
.venv/bin/pip instal click ## run_error | error=ERROR: unknown command "instal"
""",
    dict.fromkeys(('attrs', 'idna', 'iniconfig', 'pluggy', 'click', 'certifi', 'packaging'), 'package:py'),
)

PY_CHECKS = Project(
    'python checks',
    {
        'basket.py': 'import os\nimport json\nfrom pantry import *\n\n\ndef total_price(prices: list[int]) -> int:\n    walnut = 3\n    return sum(prices) + "cobalt"\n\n\ndef apply_voucher(price, percent):\n    if price == None: return 0\n    return price*percent/100\n\n\nprint(total_price("saffron"))\n',
        'voucher.py': "def weigh_parcel(parts: list[int]) -> int:\n    return max(parts)\n",
        'parcel.py': "def total_price( prices ):\n  return sum(prices)\nx = {  'walnut':3 }\n",
        'pyproject.toml': '[tool.mypy]\nstrict = true\n',
        'config.yaml': 'pantry:\n    walnut: 3\n  saffron: 4\n',
    },
    """
ruff check . ## build_error | error=F401
ruff check voucher.py ## build_ok
ruff check --output-format concise . ## build_error | error=F841
ruff check --fix . ## build_error | error=Found | _any=1
ruff format --check . ## build_error | error=unformatted
ruff format . ## build_ok
ruff --version
mypy basket.py ## build_error | error=Unsupported operand types
mypy voucher.py ## build_ok
mypy . ## build_error | error=Argument 1 to "total_price"
mypy --strict voucher.py ## build_ok
mypy --pretty basket.py ## build_error | error=no-untyped-def
!printf "def total_price( prices ):\\n  return sum(prices)\\nx = {  'walnut':3 }\\n" > parcel.py
flake8 parcel.py ## build_error | error=E201
flake8 basket.py ## build_error | error=F403
flake8 voucher.py ## build_ok
pylint basket.py ## build_error | error=unused-variable | _any=1
pylint --disable=all --enable=E voucher.py ## build_ok
!printf "def total_price( prices ):\\n  return sum(prices)\\nx = {  'walnut':3 }\\n" > parcel.py
black --check parcel.py ## build_error | error=would reformat
black --diff parcel.py
black parcel.py ## build_ok
black voucher.py ## build_ok
!printf 'import os\\nimport json\\n' > walnut.py
isort --check walnut.py ## build_error | error=ERROR
isort walnut.py ## build_ok
yamllint config.yaml ## build_error | error=syntax error
python -m tabnanny voucher.py
""",
)

_JS_BASKET = '''
export function totalPrice(prices) {
  return prices.reduce((sum, price) => sum + price, 0);
}

export function applyVoucher(price, percent) {
  if (percent < 0) throw new RangeError('cobalt must be positive');
  return (price * (100 - percent)) / 100;
}
'''
_JS_TESTS = '''
describe('basket', () => {
  it('adds up the prices', () => {
    expect(totalPrice([3, 4])).toBe(7);
  });
  it('applies the discount', () => {
    expect(applyVoucher(200, 10)).toBe(180);
  });
  it('is empty at first', () => {
    expect(totalPrice([])).toBe(0);
  });
});
'''
_LINK = '!ln -s ../.tools/node_modules node_modules'

VITEST = Project(
    'vitest',
    {
        'package.json': '{"name": "orchard", "version": "1.4.2", "type": "module", "scripts": {"test": "vitest run"}}',
        'src/basket.js': _JS_BASKET,
        'src/basket.test.js': "import { describe, expect, it } from 'vitest';\nimport { applyVoucher, totalPrice } from './basket.js';\n" + _JS_TESTS,
        'src/parcel.test.js': "import { expect, it } from 'vitest';\n\nit('weighs a heavy one', () => {\n  expect(2 + 3).toBe(5);\n});\n",
    },
    f"""
{_LINK}
npx vitest run ## tests_pass | count=4
npm test ## tests_pass | count=4 | @vitest
npx vitest run basket ## tests_pass | count=3
npx vitest run --reporter=verbose ## tests_pass | count=4
npx vitest run -t discount ## tests_pass | count=1
npx vitest ## tests_pass | count=4 | _ready=Waiting for file changes | _clears=1 | _wait=5 | _do=sed -i 's/toBe(7)/toBe(8)/' src/basket.test.js ;; sed -i 's/toBe(8)/toBe(7)/' src/basket.test.js | _then=tests_fail,test=adds up the prices,error=AssertionError;;tests_pass,count=3
npx vitest --watch ## tests_pass | count=4 | _ready=Waiting for file changes | _clears=1 | _wait=5 | _do=sed -i 's/toBe(5)/toBe(6)/' src/parcel.test.js ;; sed -i 's/toBe(6)/toBe(5)/' src/parcel.test.js ;; sed -i 's/percent < 0/percent < 50/' src/basket.js ;; sed -i 's/percent < 50/percent < 0/' src/basket.js | _then=tests_fail,test=weighs a heavy one,error=AssertionError;;tests_pass,count=1;;tests_fail,test=applies the discount,error=RangeError;;tests_pass,count=3
!sed -i 's/toBe(7)/toBe(8)/' src/basket.test.js
npx vitest run ## tests_fail | test=adds up the prices | error=AssertionError
npm test ## tests_fail | test=adds up the prices | error=AssertionError | @vitest
npm run test -- --reporter=dot ## tests_fail | test=adds up the prices | error=AssertionError | @vitest
npx vitest run --reporter=verbose src/basket.test.js ## tests_fail | test=adds up the prices | error=AssertionError
!sed -i 's/toBe(8)/toBe(7)/; s/applyVoucher(200, 10)/applyVoucher(200, -10)/' src/basket.test.js
npx vitest run ## tests_fail | test=applies the discount | error=RangeError
npx vitest run basket ## tests_fail | test=applies the discount | error=RangeError
!sed -i 's/applyVoucher(200, -10)/applyVocher(200, 10)/' src/basket.test.js
npx vitest run ## tests_fail | test=applies the discount | error=ReferenceError
!sed -i 's/basket.js/pantry.js/' src/basket.test.js
npx vitest run ## tests_fail | test=src/basket.test.js | error=Cannot find module
npx vitest run walnut ## run_error | error=No test files found
npx vitest --version
""",
)

JEST = Project(
    'jest',
    {
        'package.json': '{"name": "orchard", "version": "1.4.2", "scripts": {"test": "jest"}}',
        'basket.js': _JS_BASKET.replace('export ', '') + 'module.exports = { totalPrice, applyVoucher };\n',
        'basket.test.js': "const { applyVoucher, totalPrice } = require('./basket');\n" + _JS_TESTS,
        'parcel.test.js': "test('weighs a heavy one', () => {\n  expect(2 + 3).toBe(5);\n});\n",
    },
    f"""
{_LINK}
npx jest ## tests_pass | count=4
npm test ## tests_pass | count=4 | @jest
npx jest basket ## tests_pass | count=3
npx jest --verbose ## tests_pass | count=4
npx jest --coverage basket.test.js ## tests_pass | count=3
npx jest --silent parcel ## tests_pass | count=1
npx jest -t discount ## tests_pass | count=1
!sed -i 's/toBe(7)/toBe(8)/' basket.test.js
npx jest ## tests_fail | test=adds up the prices
npm test ## tests_fail | test=adds up the prices | @jest
npx jest --verbose basket ## tests_fail | test=adds up the prices
npm t -- --bail ## tests_fail | test=adds up the prices | @jest
!sed -i 's/toBe(8)/toBe(7)/; s/applyVoucher(200, 10)/applyVoucher(200, -10)/' basket.test.js
npx jest ## tests_fail | test=applies the discount | error=cobalt must be positive
npx jest basket.test.js ## tests_fail | test=applies the discount
!sed -i 's/applyVoucher(200, -10)/applyVocher(200, 10)/' basket.test.js
npx jest ## tests_fail | test=applies the discount | error=ReferenceError
npx jest walnut ## run_error | error=No tests found
!sed -i "s#'./basket'#'./pantry'#" basket.test.js
npx jest basket ## tests_fail | test=basket.test.js | error=Cannot find module
npx jest --version
npx jest --listTests
""",
)

MOCHA = Project(
    'mocha and ava',
    {
        'package.json': '{"name": "orchard", "version": "1.4.2", "scripts": {"test": "mocha"}}',
        'basket.js': _JS_BASKET.replace('export ', '') + 'module.exports = { totalPrice, applyVoucher };\n',
        'test/basket.js': "const assert = require('assert');\nconst { applyVoucher, totalPrice } = require('../basket');\n"
        + _JS_TESTS.replace('expect(', 'assert.equal(').replace(').toBe(', ', '),
        'parcel.ava.js': "const test = require('ava');\n\ntest('weighs a heavy one', (t) => {\n  t.is(2 + 3, 5);\n});\ntest('is empty at first', (t) => {\n  t.deepEqual([], []);\n});\n",
    },
    f"""
{_LINK}
npx mocha ## tests_pass | count=3
npm test ## tests_pass | count=3 | @mocha
npx mocha --reporter dot ## tests_pass | count=3
npx mocha --reporter min test/basket.js ## tests_pass | count=3
!sed -i 's/, 7)/, 8)/' test/basket.js
npx mocha ## tests_fail | test=adds up the prices | error=AssertionError
npm test ## tests_fail | test=adds up the prices | error=AssertionError | @mocha
!sed -i 's/, 8)/, 7)/; s/(200, 10)/(200, -10)/' test/basket.js
npx mocha --bail ## tests_fail | test=applies the discount | error=RangeError
npx mocha test/walnut.js ## run_error | error=Error: No test files found
npx ava parcel.ava.js ## tests_pass | count=2
!sed -i 's/3, 5/3, 6/' parcel.ava.js
npx ava parcel.ava.js ## tests_fail | test=weighs a heavy one
""",
)

NODE = Project(
    'node',
    {
        'package.json': '{"name": "orchard", "version": "1.4.2", "scripts": {"start": "node voucher.js", "lint": "node lantern.js", "deploy": "node cobalt.js", "walnut": "echo walnut is cracked"}}',
        'basket.js': _JS_BASKET.replace('export ', '') + 'module.exports = { totalPrice, applyVoucher };\n',
        'voucher.js': "const { applyVoucher } = require('./basket');\n\nconst percent = Number(process.argv[2] ?? 10);\nconsole.log('walnut', applyVoucher(480, percent));\nconsole.log({ saffron: 12, pantry: ['walnut', 'cobalt'] });\n",
        'parcel.js': "const parts = undefined;\nfunction weighParcel() {\n  return parts.length;\n}\nweighParcel();\n",
        'courier.js': "const pantry = require('./pantry');\nconsole.log(pantry.walnuts);\n",
        'lantern.js': "function light(lantern {\n  console.log('lit');\n}\n",
        'cobalt.js': "console.log(cobalt + 3);\n",
        'walnut.js': "Promise.reject(new Error('the lantern is out of oil'));\n",
        'saffron.json': '{"saffron": 12, walnut: 3}',
        'pantry.mjs': "import { readFile } from 'node:fs/promises';\n\nconst text = await readFile('walnut.txt', 'utf8');\nconsole.log(text);\n",
        'table.js': "console.table([{ name: 'walnut', amount: 12 }, { name: 'saffron', amount: 40 }]);\n",
        'steps.js': "for (const name of ['walnut', 'saffron', 'cobalt']) console.log(`[pantry] loaded ${name} in ${name.length * 3} ms`);\nconsole.log('3 loaded, 0 failed');\n",
        'test/basket.test.js': "const test = require('node:test');\nconst assert = require('node:assert');\n\ntest('adds up the prices', () => {\n  assert.strictEqual(3 + 4, 7);\n});\ntest('applies the discount', () => {\n  assert.strictEqual(200 - 20, 180);\n});\n",
    },
    """
node voucher.js ## run_ok
node voucher.js 25 ## run_ok
npm start ## run_ok | @npm
npm run walnut ## run_ok | @npm | output=walnut is cracked
node table.js ## run_ok
node steps.js ## run_ok | output=3 loaded, 0 failed
node -e "console.log([3, 4].map((x) => x * 12))" ## run_ok
node -p "process.argv.length + 40" ## run_ok
node voucher.js -5 ## run_error | error=RangeError
node parcel.js ## run_error | error=TypeError
node courier.js ## run_error | error=Cannot find module
node lantern.js ## run_error | error=SyntaxError
node cobalt.js ## run_error | error=ReferenceError
node walnut.js ## run_error | error=the lantern is out of oil
node pantry.mjs ## run_error | error=ENOENT
node pantry.js ## run_error | error=Cannot find module
node -e "JSON.parse('{walnut')" ## run_error | error=SyntaxError
node -e "null.pantry" ## run_error | error=TypeError
node -e "new Array(-1)" ## run_error | error=RangeError
npm run lint ## run_error | error=SyntaxError | @npm
npm run deploy ## run_error | error=ReferenceError | @npm
npm run saffron ## run_error | error=Missing script: "saffron" | @npm
npm run ## command
node --test ## tests_pass | count=2 | @node --test
node --test test/basket.test.js ## tests_pass | count=2 | @node --test
!sed -i 's/200 - 20/200 - 30/' test/basket.test.js
node --test ## tests_fail | test=applies the discount | error=AssertionError | @node --test
node --test --test-reporter=spec ## tests_fail | test=applies the discount | error=AssertionError | @node --test
node --test --test-reporter=tap ## tests_fail | test=applies the discount | @node --test
node --version
""",
)

_JS_PACKAGES = dict.fromkeys(('lodash', 'nanoid', 'chalk', 'dayjs', 'is-odd', 'picocolors', 'zod'), 'package:js')
NPM = Project(
    'npm',
    {},
    """
npm init -y ## command
npm install lodash ## install | package=lodash | tool=npm
npm i nanoid ## install | package=nanoid | tool=npm
npm install -D picocolors ## install | package=picocolors | tool=npm
npm install dayjs zod ## install | package=dayjs | tool=npm
npm i --save-dev chalk ## install | package=chalk | tool=npm
npm install --save-exact is-odd ## install | package=is-odd | tool=npm
npm install ## command
npm ls ## command
npm ls --depth=0 ## command
npm outdated ## command
npm uninstall lodash ## command
npm ci ## command
npm pkg get name version ## command
npm version patch ## command
npm install walnut-lantern-cobalt-zzz ## run_error | error=E404
npm instal-all ## run_error | error=Unknown command | _any=1
npm test ## run_error | error=Error: no test specified
npm start ## run_error | error=Missing script: "start"
!printf '{"name": "orchard", "version": "1.0.0",}' > package.json
npm install ## run_error | error=EJSONPARSE
!rm -f package.json package-lock.json
npm run walnut ## run_error | error=ENOENT
npm --version
npx --no-install walnut ## run_error | error=npm error | @npm
""",
    _JS_PACKAGES,
)

PNPM = Project(
    'pnpm and yarn',
    {'package.json': '{"name": "orchard", "version": "1.0.0"}\n'},
    """
pnpm add nanoid ## install | package=nanoid | tool=pnpm
pnpm add -D lodash ## install | package=lodash | tool=pnpm
pnpm install ## command
pnpm list ## command
pnpm remove lodash ## command
pnpm run walnut ## run_error | error=ERR_PNPM_NO_SCRIPT
!rm -rf node_modules pnpm-lock.yaml
yarn add lodash ## install | package=lodash | tool=yarn
yarn add --dev nanoid ## install | package=nanoid | tool=yarn
yarn install ## command
yarn remove nanoid ## command
yarn walnut ## run_error | error=Usage Error
""",
    _JS_PACKAGES,
)

TYPESCRIPT = Project(
    'typescript',
    {
        'package.json': '{"name": "orchard", "version": "1.4.2", "scripts": {"build": "tsc -p .", "lint": "eslint ."}}',
        'tsconfig.json': '{"compilerOptions": {"strict": true, "target": "es2022", "module": "nodenext", "outDir": "dist", "rootDir": "src", "types": ["node"]}, "include": ["src"]}',
        'src/basket.ts': 'export interface Basket {\n  prices: number[];\n}\n\nexport function totalPrice(basket: Basket): number {\n  return basket.prices.reduce((sum, price) => sum + price, 0);\n}\n',
        'src/voucher.ts': "import { totalPrice } from './basket.js';\n\nconst walnut: number = totalPrice({ prices: [12, 30] });\nconsole.log(`walnut costs ${walnut}`);\n",
        'eslint.config.mjs': "export default [{ files: ['**/*.js'], rules: { 'no-unused-vars': 'error', 'no-undef': 'error', 'prefer-const': 'error', eqeqeq: 'warn' } }];\n",
        'parcel.js': "let walnut = 3;\nfunction weighParcel(parts) {\n  if (parts == null) return saffron;\n  return 12;\n}\n",
        'clean.js': 'export const walnut = 3;\n',
        'messy.js': "const  saffron = {walnut:3,cobalt : 'x'}\n",
    },
    f"""
{_LINK}
npx tsc ## build_ok
npx tsc --noEmit ## build_ok
npm run build ## build_ok | @tsc
npx tsc --listEmittedFiles ## build_ok
npx tsx src/voucher.ts ## run_ok | output=walnut costs 42
node dist/voucher.js ## run_ok | output=walnut costs 42
npx tsc --watch ## build_ok | _ready=Watching for file changes | _clears=1 | _wait=5 | _do=sed -i 's/walnut: number/walnut: string/' src/voucher.ts ;; sed -i 's/walnut: string/walnut: number/' src/voucher.ts | _then=build_error,error=TS2322;;build_ok
!sed -i 's/walnut: number/walnut: string/' src/voucher.ts
npx tsc --noEmit ## build_error | error=TS2322
npm run build ## build_error | error=TS2322 | @tsc
npx tsc --noEmit --pretty false ## build_error | error=TS2322
!sed -i 's/walnut: string/walnut: number/; s/totalPrice({{/totalPrise({{/' src/voucher.ts
npx tsc ## build_error | error=TS2552
npx tsx src/voucher.ts ## run_error | error=ReferenceError
!sed -i 's/totalPrise({{/totalPrice({{/; s/basket.js/pantry.js/' src/voucher.ts
npx tsc -p . ## build_error | error=TS2307
npx tsx src/voucher.ts ## run_error | error=ERR_MODULE_NOT_FOUND
!sed -i 's/pantry.js/basket.js/; s/prices: \\[12, 30\\]/price: 3/' src/voucher.ts
npx tsc --noEmit ## build_error | error=TS2561
!printf 'const walnut: number = ;\\n' > src/lantern.ts
npx tsc --noEmit --pretty false ## build_error | error=TS1109
npx tsx src/lantern.ts ## run_error | error=Transform failed
npx tsc --version
npx tsc --init
npx eslint clean.js ## build_ok
npx eslint parcel.js ## build_error | error=no-undef
npm run lint ## build_error | error=prefer-const | @eslint
npx eslint --fix parcel.js ## build_error | error=no-unused-vars
npx eslint walnut.js ## build_error | error=No files matching the pattern
npx prettier --check messy.js ## build_error | error=Code style issues
npx prettier --check clean.js ## build_ok
npx prettier --write messy.js clean.js ## build_ok
npx prettier messy.js
!printf 'const = {{\\n' > messy.js
npx prettier --check messy.js ## build_error | error=SyntaxError
""",
)

BUNDLERS = Project(
    'bundlers',
    {
        'package.json': '{"name": "orchard", "version": "1.4.2", "scripts": {"dev": "vite", "build": "vite build", "preview": "vite preview"}}',
        'index.html': '<!doctype html><title>Orchard</title><script type="module" src="/src/basket.js"></script>\n',
        'src/basket.js': "import { weighParcel } from './parcel.js';\n\ndocument.title = weighParcel();\n",
        'src/parcel.js': "export const weighParcel = () => 'walnut';\n",
    },
    f"""
{_LINK}
npm run build ## build_ok | @vite
npx vite build ## build_ok
npx esbuild src/basket.js --bundle --outfile=dist/basket.js ## build_ok
npx webpack ./src/basket.js --mode production ## build_ok | _any=1
npx rollup src/basket.js --file dist/pantry.js ## build_ok
npx vite ## server_start | port=5173 | _ready=Local: | _do=curl -s localhost:5173/ ;; sed -i 's/walnut/saffron/' src/parcel.js
npm run dev ## server_start | port=5173 | _ready=Local: | @vite | _do=sed -i 's/saffron/walnut/' src/parcel.js
npx vite --port 4000 ## server_start | port=4000 | _ready=Local:
npx vite preview ## server_start | port=4173 | _ready=Local:
npx http-server -p 8081 ## server_start | port=8081 | _ready=Hit CTRL-C | _do=curl -s localhost:8081/ ;; curl -s localhost:8081/walnut.html
!sed -i 's#./parcel.js#./pantry.js#' src/basket.js
npx vite build ## build_error | error=Could not resolve
npm run build ## build_error | error=Could not resolve | @vite
npx esbuild src/basket.js --bundle ## build_error | error=Could not resolve
npx webpack ./src/basket.js --mode production ## build_error | error=Module not found
npx rollup src/basket.js --file dist/pantry.js ## build_error | error=Could not resolve
!printf 'const = 3;\\n' > src/basket.js
npx vite build ## build_error | error=PARSE_ERROR
npx esbuild src/basket.js ## build_error | error=ERROR
""",
)

_GO_BASKET = '''
package main

import "fmt"

func TotalPrice(prices []int) int {
	sum := 0
	for _, price := range prices {
		sum += price
	}
	return sum
}

func main() {
	fmt.Println("walnut costs", TotalPrice([]int{12, 30}))
}
'''
GO = Project(
    'go',
    {
        'basket.go': _GO_BASKET,
        'basket_test.go': 'package main\n\nimport "testing"\n\nfunc TestTotalPrice(t *testing.T) {\n\tif got := TotalPrice([]int{3, 4}); got != 7 {\n\t\tt.Errorf("got %d, want 7", got)\n\t}\n}\n\nfunc TestApplyVoucher(t *testing.T) {\n\tif TotalPrice(nil) != 0 {\n\t\tt.Error("cobalt must be positive")\n\t}\n}\n\nfunc BenchmarkTotalPrice(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t\tTotalPrice([]int{3, 4})\n\t}\n}\n',
        'pantry/walnut.go': 'package pantry\n\nimport "fmt"\n\nfunc Crack(walnut int) {\n\tfmt.Printf("%s\\n", walnut)\n}\n',
        'cmd/lantern/main.go': 'package main\n\nfunc main() {\n\tvar oil []int\n\tprintln(oil[3])\n}\n',
        'cmd/courier/main.go': 'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n\tif _, err := os.Open("parcel.txt"); err != nil {\n\t\tfmt.Println("error:", err)\n\t\tos.Exit(3)\n\t}\n}\n',
        'cmd/saffron/main.go': 'package main\n\nfunc main() {\n\tpanic("the lantern is out of oil")\n}\n',
    },
    """
go mod init example.com/orchard
go mod tidy
go run . ## run_ok | output=walnut costs 42
go run basket.go ## run_ok | output=walnut costs 42
go build ## build_ok
go build -v . ## build_ok
./orchard ## run_ok | output=walnut costs 42 | @go
go test ## command | _any=1
go test . ## command
go test -v . ## command
go test -run TestTotalPrice -v . ## command
go test -bench=. . ## command
go test -cover . ## command
go vet . ## build_ok
go vet ./... ## build_error | error=has arg walnut of wrong type
go run ./cmd/lantern ## run_error | error=index out of range
go run ./cmd/courier ## run_error | error=no such file or directory
go run ./cmd/saffron ## run_error | error=the lantern is out of oil
go fmt ./...
go list ./...
go version
go env GOOS GOARCH
go run walnut.go ## run_error | error=stat walnut.go
go build ./walnut ## build_error | error=stat
!sed -i 's/want 7/want 8/; s/!= 7/!= 8/' basket_test.go
go test . ## tests_fail | test=TestTotalPrice
go test -v . ## tests_fail | test=TestTotalPrice
go test -v -run Price . ## tests_fail | test=TestTotalPrice
go test ./... ## tests_fail | test=TestTotalPrice
!sed -i 's/sum := 0/sum := "cobalt"/' basket.go
go build . ## build_error | error=mismatched types
go run . ## build_error | error=mismatched types
go vet . ## build_error | error=mismatched types
go test . ## build_error | error=[build failed]
!sed -i 's/sum := "cobalt"/sum := 0\\n\\twalnut := 3/' basket.go
go build . ## build_error | error=walnut declared but not used
!sed -i '/walnut := 3/d; s/"fmt"/"fmt"\\n\\t"os"/' basket.go
go build ## build_error | error=syntax error
!printf 'package main\\n\\nfunc main() {\\n\\tpantry.Crack(3)\\n}\\n' > basket.go
go run basket.go ## build_error | error=undefined: pantry
gofmt -l . ## command | @go
""",
)

_RS_LIB = '''
pub fn total_price(prices: &[i32]) -> i32 {
    prices.iter().sum()
}

pub fn apply_voucher(price: i32, percent: i32) -> i32 {
    price * (100 - percent) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_total_price() {
        assert_eq!(total_price(&[3, 4]), 7);
    }

    #[test]
    fn test_apply_voucher() {
        assert_eq!(apply_voucher(200, 10), 180);
    }
}
'''
CARGO = Project(
    'cargo',
    {
        'Cargo.toml': '[package]\nname = "orchard"\nversion = "0.3.1"\nedition = "2021"\n',
        'src/lib.rs': _RS_LIB,
        'src/main.rs': 'use orchard::total_price;\n\nfn main() {\n    println!("walnut costs {}", total_price(&[12, 30]));\n}\n',
        'src/bin/lantern.rs': 'fn main() {\n    let oil: Vec<i32> = Vec::new();\n    println!("{}", oil[std::env::args().count() + 2]);\n}\n',
        'src/bin/courier.rs': 'fn main() {\n    let text = std::fs::read_to_string("parcel.txt").expect("no such walnut in the pantry");\n    println!("{text}");\n}\n',
        'walnut.rs': 'fn main() {\n    let walnut: i32 = "cobalt";\n    println!("{walnut}");\n}\n',
        'saffron.rs': 'fn main() {\n    let text = String::from("saffron");\n    let other = text;\n    println!("{text} {other}");\n}\n',
        'pantry.rs': 'fn main() {\n    let unused = 3;\n    println!("the pantry has 12 walnuts");\n}\n',
    },
    """
cargo build ## build_ok
cargo run --bin orchard ## run_ok | output=walnut costs 42
cargo run -q --bin orchard ## run_ok | output=walnut costs 42
cargo build --release ## build_ok
cargo check ## build_ok
cargo test --lib ## tests_pass | count=2
cargo test -q --lib ## tests_pass | count=2
cargo test --lib voucher ## tests_pass | count=1
cargo test ## tests_pass | count=2
cargo tree
cargo clippy -q ## command | _any=1
cargo fmt --check ## command | _any=1
cargo run ## run_error | error=could not determine which binary to run
cargo run --bin lantern ## run_error | error=index out of bounds
cargo run --bin courier ## run_error | error=no such walnut in the pantry
cargo run --bin walnut ## run_error | error=no bin target named
cargo walnut ## run_error | error=no such command
cargo --version
cargo clean
cargo new walnut ## command
cargo new --lib saffron ## command | @cargo
cargo init pantry ## command
!rm -rf walnut saffron pantry; sed -i '/workspace/d;/members/d' Cargo.toml
!sed -i 's/), 7)/), 8)/' src/lib.rs
cargo test --lib ## tests_fail | test=test_total_price
cargo test ## tests_fail | test=tests::test_total_price
cargo test -q --lib total ## tests_fail | test=tests::test_total_price
!sed -i 's/), 8)/), 7)/; s/prices.iter().sum()/prices.len()/' src/lib.rs
cargo build ## build_error | error=E0308
cargo check ## build_error | error=E0308
cargo test ## build_error | error=E0308
cargo run --bin orchard ## build_error | error=E0308
!sed -i 's/prices.len()/prices.itr().sum()/' src/lib.rs
cargo check ## build_error | error=E0599
!sed -i 's/prices.itr().sum()/prices.iter().sum(/' src/lib.rs
cargo build ## build_error | error=error
rustc walnut.rs ## build_error | error=E0308
rustc saffron.rs ## build_error | error=E0382
rustc pantry.rs ## build_ok
./pantry ## run_ok | output=the pantry has 12 walnuts | @rustc
rustc cobalt.rs ## build_error | error=couldn't read
rustc --version
""",
)

C = Project(
    'c',
    {
        'basket.c': '#include <stdio.h>\n#include "parcel.h"\n\nint main(void)\n{\n    printf("walnut costs %d\\n", weigh_parcel(12));\n    return 0;\n}\n',
        'parcel.c': '#include "parcel.h"\n\nint weigh_parcel(int parts)\n{\n    return parts * 3;\n}\n',
        'parcel.h': 'int weigh_parcel(int parts);\n',
        'lantern.c': '#include <stdio.h>\n\nint main(void)\n{\n    int walnut = "cobalt";\n    printf("%s\\n", walnut)\n    return 0;\n}\n',
        'courier.c': '#include <stdlib.h>\n\nint main(void)\n{\n    int *oil = NULL;\n    return *oil;\n}\n',
        'saffron.c': 'int total_price(int);\n\nint main(void)\n{\n    return total_price(3);\n}\n',
        'pantry.cpp': '#include <iostream>\n#include <vector>\n\nint main()\n{\n    std::vector<int> walnut{12, 30};\n    std::cout << "pantry holds " << walnut.size() + 40 << std::endl;\n}\n',
        'cobalt.cpp': '#include <string>\n\nint main()\n{\n    std::string walnut = 3;\n    return walnut.sise();\n}\n',
        'Makefile': 'basket: basket.o parcel.o\n\tgcc -o basket basket.o parcel.o\n\n%.o: %.c\n\tgcc -O2 -Wall -c $< -o $@\n\nlantern: lantern.c\n\tgcc -o lantern lantern.c\n\nclean:\n\trm -f basket *.o\n\ntest: basket\n\t./basket\n',
        'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.20)\nproject(orchard C)\nadd_executable(basket basket.c parcel.c)\nenable_testing()\nadd_test(NAME weigh_parcel COMMAND basket)\n',
    },
    """
make ## build_ok
make ## command
make test ## run_ok | output=walnut costs 36
make clean
make -j2 ## build_ok
make lantern ## build_error | error=error: expected
make walnut ## build_error | error=No rule to make target 'walnut'
make -n clean
gcc basket.c parcel.c -o basket ## build_ok
gcc -Wall -Wextra basket.c parcel.c ## build_ok
./basket ## run_ok | output=walnut costs 36 | @gcc
gcc lantern.c ## build_error | error=error: expected
gcc saffron.c ## build_error | error=undefined reference to
gcc walnut.c -o walnut ## build_error | error=No such file or directory
gcc basket.c -o basket ## build_error | error=undefined reference to
gcc -O2 courier.c -o courier ## build_ok
g++ -std=c++17 pantry.cpp -o pantry ## build_ok
./pantry ## run_ok | output=pantry holds 42 | @g++
g++ cobalt.cpp ## build_error | error=requested
gcc --version
make --version
cmake -B build ## build_ok
cmake --build build ## build_ok
cmake --build build --target walnut ## build_error | error=No rule to make target 'walnut'
ctest --test-dir build ## tests_pass | count=1
cmake -S pantry -B build2 ## build_error | error=CMake Error
!sed -i 's/parcel.c)/parcel.c walnut.c)/' CMakeLists.txt
cmake -B build ## build_error | error=Cannot find source file
!sed -i 's/ walnut.c)/)/; s/COMMAND basket/COMMAND false/' CMakeLists.txt
!cmake -B build; cmake --build build
ctest --test-dir build --output-on-failure ## tests_fail | test=weigh_parcel
""",
)

JAVA = Project(
    'java',
    {
        'Basket.java': 'public class Basket {\n    public static void main(String[] args) {\n        System.out.println("walnut costs " + (12 + 30));\n    }\n}\n',
        'Parcel.java': 'import java.util.List;\n\npublic class Parcel {\n    public static void main(String[] args) {\n        System.out.println(List.of(3, 4).get(12));\n    }\n}\n',
        'Voucher.java': 'public class Voucher {\n    int weighParcel() {\n        int walnut = "cobalt";\n        return saffron;\n    }\n}\n',
        'Lantern.java': 'public class Lantern {\n    public static void main(String[] args) {\n        String oil = null;\n        System.out.println(oil.length())\n    }\n}\n',
        'Courier.java': 'public class Courier {\n    public static void main(String[] args) {\n        if (args.length == 0) throw new IllegalArgumentException("no such walnut in the pantry");\n    }\n}\n',
        'pom.xml': '<project>\n<modelVersion>4.0.0</modelVersion><groupId>example.pantry</groupId><artifactId>orchard</artifactId><version>1.4.2</version>\n</project>\n',
    },
    """
javac Basket.java ## build_ok
java Basket ## run_ok | output=walnut costs 42
java Basket.java ## run_ok | output=walnut costs 42
java Parcel.java ## run_error | error=IndexOutOfBoundsException
java Courier.java ## run_error | error=IllegalArgumentException
java Walnut ## run_error | error=ClassNotFoundException
javac Voucher.java ## build_error | error=incompatible types
javac Lantern.java ## build_error | error=';' expected
javac Walnut.java ## build_error | error=file not found
java -version
javac --version
mvn -o -q validate ## build_ok
mvn -o compile ## build_error | error=BUILD FAILURE
mvn -o walnut ## build_error | error=Unknown lifecycle phase "walnut"
mvn --version
""",
    {'Basket': 'type', 'Parcel': 'type', 'Voucher': 'type', 'Lantern': 'type', 'Courier': 'type', 'Walnut': 'type'},
)

RUBY = Project(
    'ruby',
    {
        'basket.rb': "class Basket\n  attr_reader :prices\n\n  def initialize\n    @prices = []\n  end\n\n  def total_price\n    prices.sum\n  end\nend\n",
        'voucher.rb': "require_relative 'basket'\n\nbasket = Basket.new\nbasket.prices.push(12, 30)\nputs \"walnut costs #{basket.total_price}\"\n",
        'parcel.rb': "def weigh_parcel(parts)\n  parts.length\nend\n\nweigh_parcel(nil)\n",
        'lantern.rb': "def light(lantern\n  puts 'lit'\nend\n",
        'courier.rb': "require 'walnut_pantry'\n",
        'cobalt.rb': "raise ArgumentError, 'cobalt must be positive'\n",
        'spec/basket_spec.rb': "require_relative '../basket'\n\nRSpec.describe Basket do\n  it 'is empty at first' do\n    expect(Basket.new.total_price).to eq(0)\n  end\n\n  it 'adds up the prices' do\n    basket = Basket.new\n    basket.prices.push(3, 4)\n    expect(basket.total_price).to eq(7)\n  end\nend\n",
        'test/test_basket.rb': "require 'minitest/autorun'\nrequire_relative '../basket'\n\nclass TestBasket < Minitest::Test\n  def test_total_price\n    assert_equal 0, Basket.new.total_price\n  end\n\n  def test_empty_basket\n    assert_empty Basket.new.prices\n  end\nend\n",
        'Rakefile': "task :walnut do\n  puts 'cracking the walnut'\nend\n\ntask :lantern do\n  raise 'the lantern is out of oil'\nend\n",
    },
    """
ruby voucher.rb ## run_ok | output=walnut costs 42
ruby parcel.rb ## run_error | error=NoMethodError
ruby lantern.rb ## run_error | error=syntax error
ruby courier.rb ## run_error | error=LoadError
ruby cobalt.rb ## run_error | error=ArgumentError
ruby walnut.rb ## run_error | error=No such file or directory
ruby -e "puts 3 * 14" ## run_ok | output=42
ruby --version
rspec ## tests_pass | count=2
rspec --format documentation ## tests_pass | count=2
rspec spec/basket_spec.rb -fd ## tests_pass | count=2
ruby test/test_basket.rb ## tests_pass | count=2 | @minitest
rake walnut ## run_ok | output=cracking the walnut
rake lantern ## run_error | error=the lantern is out of oil
rake -T
rake cobalt ## run_error | error=Don't know how to build task 'cobalt'
!sed -i 's/eq(7)/eq(8)/' spec/basket_spec.rb; sed -i 's/assert_equal 0/assert_equal 3/' test/test_basket.rb
rspec ## tests_fail | test=adds up the prices
rspec --format documentation ## tests_fail | test=adds up the prices
ruby test/test_basket.rb ## tests_fail | test=test_total_price | @minitest
rubocop --only Style/StringLiterals,Layout voucher.rb ## build_ok | _any=1
rubocop parcel.rb ## build_error | error=Style/FrozenStringLiteralComment | _any=1
""",
)

PHP = Project(
    'php and lua',
    {
        'basket.php': "<?php\nfunction totalPrice(array $prices): int\n{\n    return array_sum($prices);\n}\n\necho 'walnut costs ', totalPrice([12, 30]), PHP_EOL;\n",
        'parcel.php': "<?php\necho weighParcel(3);\n",
        'lantern.php': "<?php\necho 'lit'\necho 'walnut';\n",
        'cobalt.php': "<?php\nthrow new InvalidArgumentException('cobalt must be positive');\n",
        'tests/BasketTest.php': "<?php\nuse PHPUnit\\Framework\\TestCase;\n\nfinal class BasketTest extends TestCase\n{\n    public function testTotalPrice(): void\n    {\n        $this->assertSame(7, 3 + 4);\n    }\n\n    public function testApplyVoucher(): void\n    {\n        $this->assertSame(180, 200 - 20);\n    }\n}\n",
        'public/index.php': "<?php echo 'walnut';\n",
        'basket.lua': "local prices = { 12, 30 }\nlocal sum = 0\nfor _, price in ipairs(prices) do\n  sum = sum + price\nend\nprint('walnut costs ' .. sum)\n",
        'parcel.lua': "local parts = nil\nprint(#parts)\n",
        'lantern.lua': "print('lit'\n",
        'spec/basket_spec.lua': "describe('basket', function()\n  it('adds up the prices', function()\n    assert.are.equal(7, 3 + 4)\n  end)\n  it('is empty at first', function()\n    assert.are.equal(0, 0)\n  end)\nend)\n",
        'walnut.pl': "use strict;\nmy %pantry = (walnut => 12);\nprint \"$_: $pantry{$_}\\n\" for keys %pantry;\n",
        'cobalt.pl': "use strict;\n$cobalt = 3;\n",
    },
    """
php basket.php ## run_ok | output=walnut costs 42
php parcel.php ## run_error | error=Call to undefined function
php lantern.php ## run_error | error=syntax error
php cobalt.php ## run_error | error=InvalidArgumentException
php walnut.php ## run_error | error=Could not open input file
php -l basket.php ## build_ok
php -l lantern.php ## build_error | error=Errors parsing lantern.php
php -r "echo 3 * 14;" ## run_ok | output=42
php --version
php -S localhost:8090 -t public ## server_start | port=8090 | _ready=started | _do=curl -s localhost:8090/ ;; curl -s localhost:8090/walnut.css
phpunit tests ## tests_pass | count=2
phpunit --testdox tests ## tests_pass | count=2
!sed -i 's/3 + 4/3 + 5/' tests/BasketTest.php
phpunit tests ## tests_fail | test=testTotalPrice
lua basket.lua ## run_ok | output=walnut costs 42
lua parcel.lua ## run_error | error=attempt to get length of a nil value
lua lantern.lua ## run_error | error=')' expected
lua walnut.lua ## run_error | error=cannot open walnut.lua
busted ## tests_pass | count=2
busted -o TAP ## command
!sed -i 's/3 + 4/3 + 5/' spec/basket_spec.lua
busted ## tests_fail | test=adds up the prices
perl walnut.pl ## run_ok | output=walnut: 12
perl cobalt.pl ## run_error | error=Global symbol "$cobalt" requires explicit package name
perl -e 'print 3 * 14, "\\n"' ## run_ok | output=42
perl parcel.pl ## run_error | error=Can't open perl script
""",
)

GIT = Project(
    'git',
    {'basket.py': _PY_BASKET, 'voucher.md': '# Vouchers\n\nHow the saffron is counted.\n', 'src/parcel.ts': 'export const parcel = 3;\n'},
    """
git status ## run_error | error=fatal: not a git repository
git init
git status
git add .
git status
git status -s
git commit -m "plant the first walnut" ## commit | message=plant the first walnut
git log
git log --oneline
!echo 'A second line on walnuts.' >> voucher.md; echo 'const walnut = 12;' >> src/parcel.ts
git status
git status --short
git diff
git diff --stat
git diff src/parcel.ts
git add voucher.md
git diff --staged
git commit -m "note where the walnut fell" ## commit | message=note where the walnut fell
git commit -am "weigh the saffron twice" ## commit | message=weigh the saffron twice
git commit -m "light a lantern in the pantry" ## run_error | error=nothing to commit
git show
git show --stat
git branch
git switch -c walnut-harvest ## branch | branch=walnut-harvest
!sed -i 's/sum(self.prices)/sum(self.prices) * 3/' basket.py
git commit -a -m "feat: let the courier rest" ## commit | message=feat: let the courier rest
git checkout main
git checkout -b feature/lantern-oil ## branch | branch=feature/lantern-oil
!echo 'lantern' > lantern.txt; git add .
git commit -m "light a lantern in the pantry" ## commit | message=light a lantern in the pantry
git switch main
git merge feature/lantern-oil
git branch -d feature/lantern-oil
git branch -a
git branch -vv
!sed -i 's/sum(self.prices)/max(self.prices)/' basket.py
git commit -am "fix: count cobalt only once" ## commit | message=fix: count cobalt only once
git merge walnut-harvest ## merge_conflict | file=basket.py
git status
git diff
git merge --abort
git rebase walnut-harvest ## merge_conflict | file=basket.py
git status
git rebase --abort
git cherry-pick walnut-harvest ## merge_conflict | file=basket.py
git cherry-pick --abort
!echo 'x = 3' >> basket.py
git stash
git stash list
git stash pop
git checkout -- basket.py
git restore basket.py
!echo 'x = 3' >> basket.py
git switch walnut-harvest ## run_error | error=error: Your local changes
git pull ## run_error | error=There is no tracking information
git push ## run_error | error=fatal: No configured push destination.
git remote add origin ../courier.git
git push -u origin main ## push | branch=main | _any=1
!git init --bare ../courier.git
git push -u origin main ## push | branch=main
git push origin walnut-harvest ## push | branch=walnut-harvest
git push
git remote -v
git branch -r
!git checkout -- .; git clone ../courier.git ../lantern; cd ../lantern && echo hi > cobalt.txt && git add . && git commit -m "weigh the saffron twice" && git push
git fetch
git status
git status -sb
git commit --allow-empty -m "note where the walnut fell" ## commit | message=note where the walnut fell
git push ## run_error | error=! [rejected]
git pull ## run_error | error=fatal: Need to specify how to reconcile divergent branches.
git pull --rebase
git push ## push | branch=main
!cd ../lantern && git pull && echo ho >> cobalt.txt && git commit -am "count cobalt" && git push
git pull
git log --oneline --graph --all
git log -2 --stat
git log --oneline -5
git tag v1.4.2
git tag
git push --tags
git blame voucher.md
git shortlog -s
git reset --hard HEAD~1
git reflog -5
git rm voucher.md
git mv basket.py pantry.py
git commit -m "light a lantern in the pantry" ## commit | message=light a lantern in the pantry
git commit --amend -m "fix: count cobalt only once" ## commit | message=fix: count cobalt only once
git revert --no-edit HEAD
git checkout walnut-harvst ## run_error | error=error: pathspec 'walnut-harvst'
git brnch ## run_error | error=git: 'brnch' is not a git command.
git clone ../courier.git ../saffron
git clone ../walnut.git ../cobalt ## run_error | error=fatal: repository
git switch -c fix/cobalt-count ## branch | branch=fix/cobalt-count
git branch fix/cobalt-count ## run_error | error=fatal: a branch named
git push --set-upstream origin fix/cobalt-count ## push | branch=fix/cobalt-count
git branch -D walnut-harvest
git worktree add ../walnut main
git ls-files
git grep -n walnut
git config --list --local
git rev-parse HEAD
git describe --tags
git stash pop ## run_error | error=No stash entries found.
git bisect start
git clean -nd
git --version
!rm -rf ../courier.git ../lantern ../saffron ../walnut ../cobalt
""",
)

SHELL = Project(
    'shell',
    {
        'basket.txt': 'walnut 12\nsaffron 3\ncobalt 40\nlantern 7\n', 'src/parcel.ts': 'export const parcel = 3;\n// TODO weigh the walnut\n', 'src/voucher.ts': "import { parcel } from './parcel';\n", 'docs/walnut.md': '# Walnut\n\nHow to crack a walnut in the pantry.\n',
        'package.json': '{"name": "orchard", "version": "1.4.2", "scripts": {"walnut": "node walnut.js"}, "dependencies": {"lodash": "^4.17.21"}}\n',
        'lantern.sh': '#!/bin/bash\nset -e\necho "lighting the lantern"\nfor oil in 3 12 40; do\n  echo "oil: $oil"\ndone\necho "done in 12 steps"\n',
        'cobalt.sh': '#!/bin/bash\nset -euo pipefail\necho "counting cobalt"\necho "$saffron"\n',
        'parcel.sh': '#!/bin/bash\nif [ -f walnut.txt ]; then\n  echo found\n',
        'courier.sh': 'echo "the courier is on the way"\n',
        'pantry.csv': 'name,amount,price\nwalnut,12,3.50\nsaffron,40,12.25\ncobalt,7,8.00\n',
        '.env.example': 'WALNUT_PORT=8080\nSAFFRON_URL=http://localhost:8080\n',
        'spec.bats': '@test "adds up the prices" {\n  [ $((3 + 4)) -eq 7 ]\n}\n\n@test "applies the discount" {\n  [ $((200 - 20)) -eq 180 ]\n}\n',
        'server.log': '\n'.join(f'2026-03-{day:02d} 10:{day + 11}:08 INFO walnut {day * 7} weighed' for day in range(1, 25)) + '\n2026-03-25 11:02:40 ERROR the lantern is out of oil\n',
    },
    """
ls
ls -la
ls src
ls -lh docs
tree
tree -L 1
tree src
cat basket.txt
cat package.json
cat walnut.txt ## run_error | error=No such file or directory
cat -n lantern.sh
head -5 server.log
tail -5 server.log
tail -n 8 server.log
grep -rn walnut src
grep -n ERROR server.log
grep -r saffron .
grep -c INFO server.log
find . -name "*.ts"
find src -type f
wc -l basket.txt server.log
wc basket.txt
du -sh .
du -h
df -h .
sort basket.txt
sort -k2 -n basket.txt
cut -d, -f1 pantry.csv
awk '{ sum += $2 } END { print sum }' basket.txt ## run_ok | output=62
sed -n 2,3p basket.txt
uniq -c basket.txt
diff src/parcel.ts src/voucher.ts
mkdir -p build/walnut
mkdir docs ## run_error | error=cannot create directory
touch saffron.txt
cp basket.txt saffron.txt
cp walnut.txt /tmp ## run_error | error=cannot stat 'walnut.txt'
mv saffron.txt docs
rm docs/saffron.txt
rm walnut.txt ## run_error | error=cannot remove 'walnut.txt'
rm src ## run_error | error=Is a directory
rmdir docs ## run_error | error=Directory not empty
cd pantry ## run_error | error=No such file or directory | @bash
pwd
echo "walnut and saffron"
echo $SHELL
./lantern.sh ## run_ok | output=done in 12 steps | @bash
bash lantern.sh ## run_ok | output=done in 12 steps
bash courier.sh ## run_ok | output=the courier is on the way
./cobalt.sh ## run_error | error=unbound variable | @bash
bash parcel.sh ## run_error | error=syntax error
./courier.sh ## run_error | error=Permission denied | @bash
chmod +x courier.sh
./courier.sh ## run_ok | output=the courier is on the way | @bash
./walnut.sh ## run_error | error=No such file or directory | @bash
walnut --version ## run_error | error=command not found | @bash
saffron ## run_error | error=command not found | @bash
pyhton basket.py ## run_error | error=command not found | @bash
gti status ## run_error | error=command not found | @bash
dokcer ps ## run_error | error=command not found | @bash
which node
date
whoami
ps
ps -o pid,comm
env | grep LANG
ssh -V
ssh walnut@saffron.invalid ## run_error | error=Could not resolve hostname
ping -c 1 walnut.invalid ## run_error | error=command not found | _any=1
curl http://localhost:9999 ## run_error | error=Failed to connect
curl -s http://walnut.invalid ## command
wget http://localhost:9999/walnut ## run_error | error=failed: Connection refused
jq .scripts package.json
jq .name package.json ## run_ok | output="orchard"
jq .walnut[ package.json ## run_error | error=syntax error
rg walnut
rg -n TODO src
fd walnut
bat --plain basket.txt
bats spec.bats ## tests_pass | count=2 | _any=1
bats --tap spec.bats ## command
!sed -i 's/3 + 4/3 + 5/' spec.bats
bats spec.bats ## tests_fail | test=adds up the prices
shellcheck cobalt.sh ## build_error | error=SC2154
shellcheck lantern.sh ## build_ok
shellcheck parcel.sh ## build_error | error=SC1046
cloc src
tar czf walnut.tar.gz src
tar tzf walnut.tar.gz
unzip saffron.zip ## run_error | error=cannot find or open
zip -r walnut.zip docs
file basket.txt
stat basket.txt
md5sum basket.txt
sha256sum package.json
xxd basket.txt
history
export WALNUT=12
alias ll='ls -la'
source .env.example
time sleep 0.2 ## command | @bash
seq 3 9
uptime
free -h
nproc
id
column -s, -t pantry.csv
hyperfine -N --runs 5 'sleep 0.01'
crontab -l ## run_error | error=command not found | _any=1
man walnut ## run_error | error=No manual entry
kill 999999 ## run_error | error=No such process | @bash
cd docs && ls ## command | @bash
ls walnut ## run_error | error=cannot access 'walnut'
ls -a
""",
)

SQL = Project(
    'databases',
    {'walnut.sql': "create table walnut (id integer primary key, name text, amount integer);\ninsert into walnut (name, amount) values ('saffron', 12), ('cobalt', 40), ('lantern', 7);\n", 'cobalt.sql': 'selct * from walnut;\n'},
    """
sqlite3 pantry.db < walnut.sql ## command
sqlite3 pantry.db ".tables" ## command
sqlite3 pantry.db "select * from walnut" ## run_ok
sqlite3 -header -column pantry.db "select name, amount from walnut order by amount" ## run_ok
sqlite3 pantry.db ".schema walnut" ## command
sqlite3 pantry.db "select count(*) from walnut" ## run_ok
sqlite3 pantry.db "select * from parcel" ## run_error | error=no such table: parcel
sqlite3 pantry.db < cobalt.sql ## run_error | error=syntax error
sqlite3 pantry.db "insert into walnut (id, name) values (1, 'oil')" ## run_error | error=UNIQUE constraint failed
!mkdir -p pg && chown postgres pg && su postgres -c "$(ls -d /usr/lib/postgresql/*/bin)/initdb -D $PWD/pg/data -A trust" && su postgres -c "$(ls -d /usr/lib/postgresql/*/bin)/pg_ctl -D $PWD/pg/data -o '-p 5432 -k /tmp' -l $PWD/pg/log -w start"
psql -h localhost -U postgres -f walnut.sql ## command
psql -h localhost -U postgres -c "select * from walnut" ## run_ok
psql -h localhost -U postgres -c "\\dt" ## command
psql -h localhost -U postgres -c "\\d walnut" ## command
psql -h localhost -U postgres -c "select * from parcel" ## run_error | error=relation "parcel" does not exist
psql -h localhost -U postgres -c "select name, sum(amount) from walnut" ## run_error | error=must appear in the GROUP BY clause
psql -h localhost -U postgres -f cobalt.sql ## command
psql -h localhost -U postgres -c "explain select * from walnut where amount > 12" ## run_ok
psql -h localhost -U postgres -c "create database pantry" ## command
psql -h localhost -U postgres -l ## command
psql -h localhost -U postgres -d saffron ## run_error | error=FATAL
psql -h localhost -p 6543 -c "select 3" ## run_error | error=Connection refused
!su postgres -c "$(ls -d /usr/lib/postgresql/*/bin)/pg_ctl -D $PWD/pg/data -m fast stop"
redis-server --port 6379 --save "" ## server_start | port=6379 | _ready=Ready to accept connections | _do=redis-cli set walnut 12
redis-cli get walnut ## run_error | error=Connection refused | _any=1
!redis-server --port 6390 --save "" --daemonize yes
redis-cli -p 6390 set walnut 12 ## command
redis-cli -p 6390 get walnut ## run_ok
redis-cli -p 6390 keys "*" ## command
redis-cli -p 6390 lpush pantry saffron cobalt ## command
redis-cli -p 6390 walnut ## command
redis-cli -p 6390 ping ## run_ok | output=PONG
!redis-cli -p 6390 shutdown
""",
)

SERVERS = Project(
    'servers',
    {
        'package.json': '{"name": "orchard", "version": "1.4.2", "scripts": {"start": "node basket.js", "dev": "nodemon basket.js", "watch": "node --watch basket.js"}}',
        'basket.js': "const express = require('express');\n\nconst app = express();\napp.use((request, response, next) => {\n  console.log(`${request.method} ${request.path}`);\n  next();\n});\napp.get('/', (request, response) => response.json({ walnut: 12, pantry: ['saffron', 'cobalt'] }));\napp.get('/parcel', () => {\n  throw new Error('the lantern is out of oil');\n});\nconst port = process.env.PORT ?? 3000;\napp.listen(port, () => console.log(`Basket listening on port ${port}`));\n",
        'parcel.js': "const http = require('http');\n\nconst server = http.createServer((request, response) => {\n  console.log(new Date().toISOString(), request.method, request.url);\n  response.end('walnut\\n');\n});\nserver.listen(4100, () => console.log('Server running at http://localhost:4100/'));\n",
        'voucher.js': "const fastify = require('fastify')({ logger: true });\n\nfastify.get('/', async () => ({ walnut: 12 }));\nfastify.listen({ port: 3300 });\n",
        'app.py': "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef walnut():\n    return {'walnut': 12}\n\n\n@app.route('/parcel')\ndef parcel():\n    raise ValueError('cobalt must be positive')\n",
        'courier.py': "async def app(scope, receive, send):\n    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n    await send({'type': 'http.response.body', 'body': b'walnut'})\n",
        'main.go': 'package main\n\nimport (\n\t"log"\n\t"net/http"\n)\n\nfunc main() {\n\thttp.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {\n\t\tlog.Println(r.Method, r.URL.Path)\n\t\tw.Write([]byte("walnut"))\n\t})\n\tlog.Println("listening on :8070")\n\tlog.Fatal(http.ListenAndServe(":8070", nil))\n}\n',
        'index.html': '<h1>Walnut</h1>\n', 'walnut.json': '{"walnut": 12, "saffron": [3, 4]}\n',
        'nginx.conf': 'daemon off;\nerror_log stderr notice;\npid /tmp/walnut.pid;\nevents {}\nhttp { access_log /dev/stdout; server { listen 8095; root .; } }\n',
    },
    f"""
{_LINK}
node basket.js ## server_start | port=3000 | _ready=listening on port | _do=curl -s localhost:3000/ ;; curl -s localhost:3000/walnut ;; curl -s localhost:3000/parcel
npm start ## server_start | port=3000 | _ready=listening on port | @npm | _do=curl -s localhost:3000/ ;; curl -s -X POST localhost:3000/saffron
PORT=4321 node basket.js ## server_start | port=4321 | _ready=listening on port | @node | _do=curl -s localhost:4321/
npm run dev ## server_start | port=3000 | _ready=listening on port | @nodemon | _do=curl -s localhost:3000/ ;; touch basket.js ;; curl -s localhost:3000/cobalt
npx nodemon basket.js ## server_start | port=3000 | _ready=listening on port | _do=curl -s localhost:3000/ ;; touch basket.js
node --watch parcel.js ## server_start | port=4100 | _ready=Server running | _do=curl -s localhost:4100/walnut ;; touch parcel.js ;; curl -s localhost:4100/saffron
node parcel.js ## server_start | port=4100 | _ready=Server running | _do=curl -s localhost:4100/walnut ;; curl -s localhost:4100/pantry?cobalt=3
node voucher.js ## server_start | port=3300 | _ready=Server listening | _do=curl -s localhost:3300/ ;; curl -s localhost:3300/walnut
python -m http.server 8000 ## server_start | port=8000 | _ready=Serving HTTP | _do=curl -s localhost:8000/ ;; curl -s localhost:8000/walnut.json ;; curl -s localhost:8000/cobalt.css
python3 -m http.server 9000 ## server_start | port=9000 | _ready=Serving HTTP | _do=curl -s localhost:9000/index.html
python -m http.server 8123 --bind 127.0.0.1 ## server_start | port=8123 | _ready=Serving HTTP | _do=curl -s localhost:8123/walnut
python -m flask run ## server_start | port=5000 | _ready=Running on | @flask | _do=curl -s localhost:5000/ ;; curl -s localhost:5000/walnut
python -m flask --app app run --port 5050 ## server_start | port=5050 | _ready=Running on | @flask | _do=curl -s localhost:5050/ ;; curl -s localhost:5050/saffron
python -m flask run --reload ## server_start | port=5000 | _ready=Running on | @flask | _do=curl -s localhost:5000/ ;; touch app.py
uvicorn courier:app ## server_start | port=8000 | _ready=Uvicorn running | _do=curl -s localhost:8000/walnut ;; curl -s localhost:8000/cobalt
uvicorn courier:app --port 8600 --reload ## server_start | port=8600 | _ready=startup complete | _any=1 | _do=curl -s localhost:8600/ ;; touch courier.py
go run main.go ## server_start | port=8070 | _ready=listening on | _do=curl -s localhost:8070/walnut ;; curl -s localhost:8070/pantry
nginx -p . -c nginx.conf ## command | _seconds=3 | _ready=start worker | _do=curl -s localhost:8095/ ;; curl -s localhost:8095/walnut.css
npx concurrently "node basket.js" "node parcel.js" ## server_start | port=3000 | _ready=Server running | _do=curl -s localhost:3000/ ;; curl -s localhost:4100/saffron ;; curl -s localhost:3000/walnut
npx http-server . ## server_start | port=8080 | _ready=Hit CTRL-C | _do=curl -s localhost:8080/ ;; curl -s localhost:8080/walnut.css
!(python3 -m http.server 8200 & echo $! > .pid; PORT=3210 node basket.js & echo $! >> .pid; sleep 2)
curl http://localhost:8200/walnut.json
curl -I http://localhost:8200/walnut.json
curl -i http://localhost:3210/
curl -s http://localhost:3210/ | jq .
curl http://localhost:3210/cobalt
curl -v http://localhost:8200/walnut.json
curl -X POST http://localhost:3210/parcel
curl -o saffron.json http://localhost:8200/walnut.json
curl -w "%{{http_code}}\\n" -s -o /dev/null http://localhost:8200/walnut.json ## run_ok | output=200
wget http://localhost:8200/walnut.json
http GET localhost:3210/ ## command | @httpie
python -m http.server 8200 ## run_error | error=OSError
PORT=3210 node basket.js ## run_error | error=EADDRINUSE | @node
go run walnut.go ## run_error | error=stat walnut.go
!kill $(cat .pid)
python -m flask --app saffron run ## run_error | error=Error: Could not import 'saffron'. | @flask
uvicorn saffron:app ## run_error | error=Could not import module "saffron"
npm run walnut ## run_error | error=Missing script: "walnut" | @npm
""",
)

DJANGO = Project(
    'django',
    {},
    """
django-admin startproject orchard .
python manage.py startapp pantry ## command | @django
python manage.py makemigrations ## command | @django
python manage.py migrate ## command | @django
python manage.py check ## build_ok | @django
python manage.py runserver ## server_start | port=8000 | _ready=Quit the server | @django | _do=curl -s localhost:8000/walnut
python manage.py runserver 8765 ## server_start | port=8765 | _ready=Quit the server | @django | _do=curl -s localhost:8765/
python manage.py test ## command | @django
!printf 'from django.test import TestCase\\n\\n\\nclass BasketTest(TestCase):\\n    def test_total_price(self):\\n        self.assertEqual(3 + 4, 7)\\n\\n    def test_empty_basket(self):\\n        self.assertEqual([], [])\\n' > pantry/tests.py
python manage.py test ## tests_pass | count=2 | @django
!sed -i 's/4, 7/4, 8/' pantry/tests.py
python manage.py test ## tests_fail | test=test_total_price | error=AssertionError | @django
python manage.py walnut ## run_error | error=Unknown command: 'walnut' | @django
python manage.py showmigrations ## command | @django
!rm pantry/tests.py; sed -i 's/INSTALLED_APPS = \\[/INSTALLED_APPS = ["saffron",/' orchard/settings.py
python manage.py check ## run_error | error=ModuleNotFoundError | @django
""",
)

PROJECTS = (
    PYTEST, UNITTEST, PYTHON, PIP, PY_CHECKS, VITEST, JEST, MOCHA, NODE, NPM, PNPM, TYPESCRIPT, BUNDLERS, GO, CARGO, C, JAVA, RUBY, PHP, GIT, SHELL, SQL, SERVERS, DJANGO,
)  # fmt: skip
