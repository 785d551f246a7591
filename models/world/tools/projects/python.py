"""Python: tests, programs, packages, checkers."""

from __future__ import annotations

from world.tools.projects.project import Project

PY_BASKET = '''
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
    {'basket.py': PY_BASKET, 'test_basket.py': _PY_TESTS, 'voucher.py': PY_BASKET, 'tests/test_parcel.py': "def test_weigh_parcel():\n    assert 2 + 3 == 5\n\n\ndef test_empty_basket():\n    assert not []\n"},
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
    {'basket.py': PY_BASKET, 'test_basket.py': '''
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
        'basket.py': PY_BASKET,
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
