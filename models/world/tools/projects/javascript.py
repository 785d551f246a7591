"""JavaScript and TypeScript: tests, programs, packages, compilers, bundlers."""

from __future__ import annotations

from world.tools.projects.project import Project

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
LINK = '!ln -s ../.tools/node_modules node_modules'

VITEST = Project(
    'vitest',
    {
        'package.json': '{"name": "orchard", "version": "1.4.2", "type": "module", "scripts": {"test": "vitest run"}}',
        'src/basket.js': _JS_BASKET,
        'src/basket.test.js': "import { describe, expect, it } from 'vitest';\nimport { applyVoucher, totalPrice } from './basket.js';\n" + _JS_TESTS,
        'src/parcel.test.js': "import { expect, it } from 'vitest';\n\nit('weighs a heavy one', () => {\n  expect(2 + 3).toBe(5);\n});\n",
    },
    f"""
{LINK}
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
{LINK}
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
{LINK}
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
{LINK}
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
{LINK}
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
