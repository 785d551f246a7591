/** The engine process dies and comes back: what callers notice, and what is left behind. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../daemon/base/errors.ts';
import type { EngineProcess } from '../../daemon/engine/engineProcess.ts';
import type { LlmSequence, SequencePart, TokenId } from '../../daemon/llm/backend.ts';
import { LlamaBackend } from '../../daemon/llm/llamaBackend.ts';
import {
  allProbabilities,
  openTinyBackend,
  signal,
  someRows,
  someTokens,
  startEngine,
  type TestEngine,
} from '../helpers/engine.ts';

const crashServices = resolve(import.meta.dirname, '../helpers/crashingEngine.ts');

let test: TestEngine;
afterEach(async () => {
  await (test as TestEngine | undefined)?.[Symbol.asyncDispose]();
});

const tokens = (ids: readonly TokenId[]): SequencePart => ({ kind: 'tokens', tokens: ids });

/** Ends the engine as the kernel would. */
async function kill(engine: EngineProcess): Promise<void> {
  const { pid, incarnation } = engine;
  if (pid === undefined) throw new Error('no engine runs');
  process.kill(pid, 'SIGKILL');
  while (engine.incarnation === incarnation) await nextTurn();
}

/** A stream of frames with replies: what is compared is the text and every probability at the end. */
async function watch(
  sequence: LlmSequence,
  disturb: (step: string) => Promise<void>,
): Promise<{ readonly said: readonly TokenId[]; readonly picks: readonly number[] }> {
  const said: TokenId[] = [];
  const picks: number[] = [];
  const onPick = (probability: number): void => void picks.push(probability);
  for (let frame = 0; frame < 12; frame++) {
    const picture = someRows(4, test.backend.rowWidth, frame);
    await sequence.append([tokens(someTokens(6, frame)), { kind: 'rows', rows: picture }], {
      probabilitiesOf: [6],
      signal,
    });
    await disturb(`frame ${frame}`);
    if (frame % 4 !== 3) continue;
    const reply = { maxTokens: 9, stopTokens: [], temperature: 0.8, seed: frame, onPick, signal };
    for await (const token of sequence.generate(reply)) {
      said.push(token);
      await disturb(`token ${said.length}`);
    }
    if (frame === 7) await sequence.removeRange(10, 30, { signal });
  }
  return { said, picks };
}

describe('an engine that nobody calls', () => {
  it('is ended, and what was in it comes back with the next call', async () => {
    await using engine = startEngine({ idleMs: 300 });
    test = await openTinyBackend({}, {}, engine);
    const { backend } = test;
    await using sequence = await backend.createSequence({ contextSize: 256, signal });
    await sequence.append([tokens(someTokens(20))], { signal });
    const before = await allProbabilities(sequence, backend.vocabularySize);
    const { pid } = engine;
    expect(pid).toBeDefined();
    while (engine.pid !== undefined) await pause(20);
    expect(await allProbabilities(sequence, backend.vocabularySize)).toEqual(before);
    expect(engine.pid).not.toBe(pid);
    // Nothing was lost.
    expect(backend.restarts).toBe(0);
  });

  it('is left alone as long as a call is not answered', async () => {
    await using engine = startEngine({ scriptPath: crashServices, idleMs: 50 });
    const answer = engine.call('test', 'slow', 400, { signal });
    expect(await answer).toBe('slow');
  });
});

describe('an engine that is killed', () => {
  it.each([
    ['between frames', ['frame 2', 'frame 5']],
    ['in the middle of a reply', ['token 4']],
    ['again and again', ['frame 0', 'token 1', 'token 11', 'frame 11']],
  ])('%s changes neither text nor numbers', async (_, moments) => {
    test = await openTinyBackend({}, { saveEveryPositions: 40 });
    const { backend, engine } = test;
    const open = (): Promise<LlmSequence> => backend.createSequence({ contextSize: 256, signal });

    await using undisturbed = await open();
    const expected = await watch(undisturbed, () => Promise.resolve());
    const expectedEnd = await allProbabilities(undisturbed, backend.vocabularySize);

    await using sequence = await open();
    const heard = await watch(sequence, async (step) => {
      if (moments.includes(step)) await kill(engine);
    });
    expect(heard).toEqual(expected);
    expect(await allProbabilities(sequence, backend.vocabularySize)).toEqual(expectedEnd);
    expect(backend.restarts).toBe(moments.length);
    // The other sequence lived in the same engine and is back as well.
    expect(await allProbabilities(undisturbed, backend.vocabularySize)).toEqual(expectedEnd);
  });

  it('during a native call repeats that call', async () => {
    test = await openTinyBackend({ layers: 8, width: 256 });
    const { backend, engine } = test;
    await using sequence = await backend.createSequence({ contextSize: 512, signal });
    const work = sequence.append([tokens(someTokens(500))], { signal });
    await nextTurn();
    await kill(engine);
    await work;
    expect(sequence.length).toBe(500);
    expect(backend.restarts).toBe(1);
  });

  it('keeps a grammar in step', async () => {
    test = await openTinyBackend();
    const { backend, engine } = test;
    await using sequence = await backend.createSequence({ contextSize: 256, signal });
    await sequence.append([tokens(someTokens(8))], { signal });
    const said: TokenId[] = [];
    const grammar = 'root ::= "abcdefgh" [0-9] [0-9] "z"';
    const reply = { maxTokens: 40, stopTokens: [], temperature: 1, seed: 2, grammar, signal };
    for await (const token of sequence.generate(reply)) {
      said.push(token);
      if (said.length === 5) await kill(engine);
    }
    expect(await backend.detokenize(said, { signal })).toMatch(/^abcdefgh\d\dz$/);
    expect(backend.restarts).toBe(1);
  });
});

describe('an engine that keeps crashing', () => {
  it('is given up after five times, with a sentence', async () => {
    const lines: string[] = [];
    await using engine = startEngine({
      scriptPath: crashServices,
      log: (line) => void lines.push(line),
    });
    const crash = (): Promise<unknown> => engine.call('test', 'crash', undefined, { signal });
    for (let i = 0; i < 5; i++) {
      const error = await crash().catch((thrown: unknown) => thrown);
      expect(isAppError(error, 'engine.lost') && error.data['tail']).toEqual(['about to crash']);
    }
    await expect(crash()).rejects.toMatchObject({ code: 'engine.crashLoop' });
    expect(lines).toHaveLength(5);
  });

  it('is started again when the crashes have become old', async () => {
    let nowMs = 0;
    const clock = {
      now: () => 0 as never,
      monotonicMs: () => nowMs,
      sleep: () => Promise.resolve(),
    };
    await using engine = startEngine({ scriptPath: crashServices, clock });
    const call = (method: string): Promise<unknown> =>
      engine.call('test', method, 'hello', { signal });
    for (let i = 0; i < 5; i++) await call('crash').catch(() => undefined);
    await expect(call('echo')).rejects.toMatchObject({ code: 'engine.crashLoop' });
    nowMs += 180_001;
    expect(await call('echo')).toBe('hello');
  });

  it('is told to be cautious, until it is renewed', async () => {
    await using engine = startEngine({
      scriptPath: crashServices,
      arguments: ['usual'],
      cautiousArguments: ['--careful'],
    });
    const call = (method: string): Promise<unknown> =>
      engine.call('test', method, undefined, { signal });
    for (let i = 0; i < 2; i++) await call('crash').catch(() => undefined);
    expect(await call('told')).toEqual(['usual']);
    expect(engine.isCautious).toBe(false);
    await call('crash').catch(() => undefined);
    expect(await call('told')).toEqual(['usual', '--careful']);
    expect(engine.isCautious).toBe(true);
    await engine.renew(() => Promise.resolve());
    expect(await call('told')).toEqual(['usual']);
  });

  it('is given up when it cannot even be started', async () => {
    await using engine = startEngine({ nodePath: '/nowhere/node' });
    await using folder = await temporaryFolder();
    const open = LlamaBackend.open(
      {
        channel: engine,
        model: { path: join(folder.path, 'none.gguf'), device: 'cpu' },
        stateFolder: join(folder.path, 'states'),
      },
      { signal },
    );
    await expect(open).rejects.toMatchObject({
      code: 'engine.crashLoop',
      cause: { data: { error: { code: 'ENOENT' } } },
    });
  });

  it('is started on when the crashes lie far apart', async () => {
    let nowMs = 0;
    const clock = {
      now: () => 0 as never,
      monotonicMs: () => nowMs,
      sleep: () => Promise.resolve(),
    };
    await using engine = startEngine({ scriptPath: crashServices, clock });
    for (let i = 0; i < 7; i++) {
      nowMs += 50_000;
      await expect(engine.call('test', 'crash', undefined, { signal })).rejects.toMatchObject({
        code: 'engine.lost',
      });
    }
    expect(await engine.call('test', 'echo', [1, new Float32Array(2)], { signal })).toEqual([
      1,
      new Float32Array(2),
    ]);
    expect(engine.restarts).toBe(7);
  });
});

describe('a call', () => {
  it('tells expected failures, bugs and cancellation apart', async () => {
    await using engine = startEngine({ scriptPath: crashServices });
    const call = (method: string): Promise<unknown> =>
      engine.call('test', method, undefined, { signal });
    await expect(call('expected')).rejects.toMatchObject({
      code: 'model.unsupported',
      data: { a: 1 },
    });
    await expect(call('bug')).rejects.toThrow('a bug');
    await expect(call('nothing')).rejects.toThrow('no method test.nothing');
    const controller = new AbortController();
    const waiting = engine.call('test', 'wait', undefined, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect(call('wait')).resolves.toBe('was aborted before');
  });

  it('with handles of a lost engine is not sent to the next one', async () => {
    await using engine = startEngine({ scriptPath: crashServices });
    const { incarnation } = engine;
    await engine.call('test', 'crash', undefined, { signal }).catch(() => undefined);
    const stale = engine.call('test', 'echo', 1, { signal, incarnation });
    await expect(stale).rejects.toMatchObject({ code: 'engine.lost' });
    expect(engine.restarts).toBe(0);
  });
});

describe('an engine that is renewed', () => {
  it('is started again only when what had to be done meanwhile is done', async () => {
    await using engine = startEngine({ scriptPath: crashServices });
    const call = (method: string): Promise<unknown> => engine.call('test', method, 1, { signal });
    await call('echo');
    const { pid = 0 } = engine;
    const unanswered = call('wait');
    const work = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<boolean>();
    const renewing = engine.renew(() => {
      begun.resolve(isAlive(pid));
      return work.promise;
    });
    await expect(unanswered).rejects.toMatchObject({ code: 'engine.lost' });
    const waiting = call('echo');
    expect(await begun.promise).toBe(false);
    await nextTurn();
    expect(engine.pid).toBeUndefined();
    work.resolve('done');
    expect(await renewing).toBe('done');
    expect(await waiting).toBe(1);
    expect(engine.restarts).toBe(0);
  });

  it('is renewed once at a time, and goes on after work that failed', async () => {
    await using engine = startEngine({ scriptPath: crashServices });
    const steps: string[] = [];
    const step = (name: string) => async (): Promise<void> => {
      steps.push(`${name} begins`);
      await nextTurn();
      steps.push(`${name} ends`);
      if (name === 'first') throw new Error('it failed');
    };
    const first = engine.renew(step('first'));
    const second = engine.renew(step('second'));
    await expect(first).rejects.toThrow('it failed');
    await second;
    expect(steps).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(await engine.call('test', 'echo', 1, { signal })).toBe(1);
  });

  it('is not waited for when it has ended already, or never began', async () => {
    const done = (): Promise<string> => Promise.resolve('done');
    await using engine = startEngine({ scriptPath: crashServices });
    const heir = (await engine.call('test', 'leaveHeir', undefined, { signal })) as number;
    try {
      const { pid = 0 } = engine;
      process.kill(pid, 'SIGKILL');
      while (isAlive(pid)) await nextTurn();
      // Its error stream is still open.
      expect(engine.pid).toBe(pid);
      expect(await engine.renew(done)).toBe('done');
      expect(await engine.call('test', 'echo', 1, { signal })).toBe(1);
    } finally {
      process.kill(heir, 'SIGKILL');
    }
    await using broken = startEngine({ nodePath: '/nowhere/node' });
    const lost = broken.call('test', 'echo', 1, { signal });
    lost.catch(() => undefined);
    expect(await broken.renew(done)).toBe('done');
    await expect(lost).rejects.toMatchObject({ code: 'engine.lost' });
  });
});

describe('the event loop of the host', () => {
  it('keeps ticking while the engine decodes', async () => {
    test = await openTinyBackend({ layers: 4, width: 128 });
    const { backend } = test;
    await using sequence = await backend.createSequence({ contextSize: 512, signal });
    const decodes = 20;
    const ticks: number[] = [];
    for (let i = 0; i < decodes; i++) {
      await sequence.truncate(0, { signal });
      let isDone = false;
      // Long enough for the loop to get its share of a busy machine meanwhile.
      const work = sequence.append([tokens(someTokens(400, i))], { signal }).then(() => {
        isDone = true;
      });
      let count = 0;
      while (!(isDone as boolean)) {
        await nextTurn();
        count++;
      }
      await work;
      ticks.push(count);
    }
    // Blocked, the loop would turn once or twice a decode: to send, and to receive.
    expect(ticks.filter((count) => count > 4).length).toBeGreaterThan(decodes / 2);
  });
});

describe('an engine that is freed', () => {
  it('ends, and takes no more calls', async () => {
    const engine = startEngine({ scriptPath: crashServices });
    await engine.call('test', 'echo', 1, { signal });
    const { pid = 0 } = engine;
    const unanswered = engine.call('test', 'wait', undefined, { signal });
    unanswered.catch(() => undefined);
    await engine[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
    await expect(unanswered).rejects.toMatchObject({ name: 'AbortError' });
    await expect(engine.call('test', 'echo', 1, { signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('ends what works on it', async () => {
    test = await openTinyBackend();
    const { backend, engine } = test;
    await using sequence = await backend.createSequence({ contextSize: 256, signal });
    const work = sequence.append([tokens(someTokens(200))], { signal });
    work.catch(() => undefined);
    await engine[Symbol.asyncDispose]();
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    await expect(backend.tokenize('a', { parseSpecial: false, signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('when the host is killed', () => {
  it('its engine ends, even in the middle of a decode', async () => {
    test = await openTinyBackend({ layers: 8, width: 256 });
    const host = fork(
      resolve(import.meta.dirname, '../helpers/engineHost.ts'),
      [test.modelPath, join(test.folder, 'host')],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    const [pid] = (await once(host, 'message')) as [number];
    expect(isAlive(pid)).toBe(true);
    host.kill('SIGKILL');
    await once(host, 'exit');
    while (isAlive(pid)) await pause(20);
    expect(isAlive(pid)).toBe(false);
  });
});

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'codealong-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
