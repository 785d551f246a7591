/** A hub and the daemons of its users, over real connections: what comes back is what the model said, to whom it belongs. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { HubRecall, HubStreamingModel } from '../../daemon/assistant/hubModel.ts';
import type { LoadedPack, ModelOptions } from '../../daemon/assistant/collaborators.ts';
import { systemClock, type Clock } from '../../daemon/base/clock.ts';
import { AppError } from '../../daemon/base/errors.ts';
import { silentLog } from '../../daemon/base/log.ts';
import { HubConnection } from '../../daemon/endpoint/hubConnection.ts';
import { hubAnswers } from '../../daemon/endpoint/hubWire.ts';
import { HubServer, usualHubLimits, type HubLimits } from '../../daemon/hub/hubServer.ts';
import { HubTokens } from '../../daemon/hub/tokens.ts';
import type { Frame } from '../../daemon/media/frameSource.ts';
import { mediaMs, servedModel } from '../../protocol/index.ts';
import { ScriptedRecall } from '../helpers/scriptedRecall.ts';
import { ScriptedModel } from '../helpers/scriptedSession.ts';

const { signal } = new AbortController();
const tokens = { ann: '0123456789abcdef', bob: 'fedcba9876543210' };

const frameAt = (ptsMs: number, grey: number): Frame => ({
  ...{ ptsMs: mediaMs(ptsMs), width: 32, height: 18 },
  data: new Uint8Array(32 * 18 * 3).fill(grey),
});

/** Remembers its pictures, and is disposed. */
class HubModel extends ScriptedModel {
  readonly pictures: Frame[] = [];
  isDisposed = false;
  /** Called before each frame is looked at. */
  onLook: (() => Promise<void>) | undefined;
  readonly options: ModelOptions;

  constructor(options: ModelOptions) {
    super({ 1000: 'Ran the tests.' });
    this.options = options;
  }

  override encode(frames: readonly Frame[]) {
    this.pictures.push(...frames);
    return super.encode(frames);
  }

  override async appendFrame(...args: Parameters<ScriptedModel['appendFrame']>) {
    await this.onLook?.();
    return super.appendFrame(...args);
  }

  override [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

async function openHub(limits: Partial<HubLimits> = {}, clock: Clock = systemClock) {
  const models: HubModel[] = [];
  /** Called before a model is there. */
  const opening: { wait?: () => Promise<void> } = {};
  const recall = new ScriptedRecall({ says: 'It was npm test.', names: ['$ npm test'] });
  const pack = {
    ...{ name: 'live-big 1', frameRateFps: 2, silenceThreshold: 0.6, isDemonstration: false },
    ...{ plainWords: new Set(['ran']), quote: undefined, minReplyLikelihood: 0.1 },
    ...{ requestSilenceThreshold: undefined, recall },
    createModel: async (options: ModelOptions) => {
      const model = new HubModel(options);
      models.push(model);
      await opening.wait?.();
      return model;
    },
  };
  const server = new HubServer({
    pack: () => Promise.resolve(pack as unknown as LoadedPack),
    tokens: new HubTokens(`ann ${tokens.ann}\nbob ${tokens.bob}`),
    ...{ clock, log: silentLog, limits: { ...usualHubLimits, ...limits } },
  });
  const address = await server.listen(0);
  const connectAs = (user: 'ann' | 'bob' | undefined): HubConnection =>
    new HubConnection({
      served: servedModel(address)!,
      key: user === undefined ? 'somebody-elses-token' : tokens[user],
      clock: systemClock,
    });
  const modelOf = (user: 'ann' | 'bob', instruction?: string) =>
    new HubStreamingModel({
      ...{ name: 'live-big 1 at hub', hub: connectAs(user), instruction },
      ...{ isUngrounded: false, isLive: true },
    });
  return {
    ...{ server, address, models, pack, opening, recall, connectAs, modelOf },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const look = async (model: HubStreamingModel, ptsMs: number, ...texts: string[]) => {
  const [frame] = await model.encode([frameAt(ptsMs, ptsMs / 100)]);
  const lines = texts.map((text) => ({ text, region: 'terminal' }));
  return model.appendFrame(frame!, lines, { signal });
};

/** A frame of half a second that its user no longer waits for while the hub looks at it, until `finish`. */
async function lostFrame(hub: Awaited<ReturnType<typeof openHub>>, model: HubStreamingModel) {
  const there = hub.models[0]!;
  const began = Promise.withResolvers<undefined>();
  const go = Promise.withResolvers<undefined>();
  there.onLook = () => {
    began.resolve(undefined);
    return go.promise;
  };
  const dropped = new AbortController();
  const frame = (await model.encode([frameAt(500, 5)]))[0]!;
  const lost = model.appendFrame(frame, [], { signal: dropped.signal });
  lost.catch(() => undefined);
  await began.promise;
  dropped.abort();
  const finish = () => {
    go.resolve(undefined);
  };
  return { frame, lost, there, finish };
}

describe('a hub', () => {
  it('tells what runs there', async () => {
    await using hub = await openHub();
    expect(await hub.connectAs('ann').describe({ signal })).toMatchObject({
      ...{
        name: 'live-big 1',
        silenceThreshold: 0.6,
        plainWords: ['ran'],
        minReplyLikelihood: 0.1,
      },
      recall: { maxRows: 24, order: 'time', notSeenReply: 'Not seen in this video.' },
    });
  });

  it('looks at the very pictures, says what its model says, and takes back what nobody heard', async () => {
    await using hub = await openHub();
    await using model = hub.modelOf('ann', 'Tell me when the tests pass.');
    expect(await look(model, 0)).toEqual({ silenceProbability: 0.95 });
    expect(await look(model, 1000, '3 passed')).toEqual({ silenceProbability: 0.1 });
    expect(await model.reply({ signal })).toMatchObject({
      text: 'Ran the tests.',
      ending: 'finished',
    });
    await model.rollback({ signal });
    // What is not there is not taken back twice.
    await model.rollback({ signal });
    await model.recite('As before.', { signal });
    const [there] = hub.models;
    expect(there?.calls).toEqual([
      ...['frame 0', 'frame 1000 3 passed', 'reply finished', 'rollback', 'recite As before.'],
    ]);
    expect(there?.pictures.map(({ data }) => [...new Set(data)])).toEqual([[0], [10]]);
    expect(there?.options).toMatchObject({
      instruction: 'Tell me when the tests pass.',
      isLive: true,
    });
    expect(model.server).toMatchObject({ isLocal: true, isAway: false, pictures: 2 });
  });

  it('is sent a picture once', async () => {
    await using hub = await openHub();
    await using model = hub.modelOf('ann');
    const [frame] = await model.encode([frameAt(0, 7)]);
    for (const ptsMs of [0, 500, 1000]) {
      await model.appendFrame({ ...frame!, ptsMs: mediaMs(ptsMs) }, [], { signal });
    }
    expect(hub.models[0]?.calls).toEqual(['frame 0', 'frame 500', 'frame 1000']);
    expect(model.server.pictures).toBe(1);
  });

  it('keeps the streams of its users apart, and lets them go', async () => {
    await using hub = await openHub();
    const [first, second] = [hub.modelOf('ann'), hub.modelOf('bob')];
    await Promise.all([look(first, 0, 'of ann'), look(second, 0, 'of bob')]);
    await Promise.all([look(first, 500), look(second, 500)]);
    const calls = hub.models.map((model) => model.calls.join()).sort();
    expect(calls).toEqual(['frame 0 of ann,frame 500', 'frame 0 of bob,frame 500']);
    await first[Symbol.asyncDispose]();
    expect(hub.server.streamCount).toBe(1);
    expect(hub.models.filter(({ isDisposed }) => isDisposed)).toHaveLength(1);
  });

  it('answers questions on rows', async () => {
    await using hub = await openHub();
    const connection = hub.connectAs('bob');
    const { recall: description } = await connection.describe({ signal });
    const recall = new HubRecall({ name: 'x', hub: connection, description });
    let heard = '';
    const reply = await recall.recall(
      {
        evidence: [{ kind: 'screen', text: '$ npm test', region: 'terminal' }],
        question: 'Which command?',
        times: [mediaMs(0)],
      },
      { signal, onText: (text) => void (heard += text) },
    );
    expect(reply).toMatchObject({ rows: [0], text: 'It was npm test.', notSeen: 0 });
    expect(heard).toBe('It was npm test.');
  });

  it('lets nobody in without a token, nor to the streams of others', async () => {
    await using hub = await openHub();
    await expect(hub.connectAs(undefined).describe({ signal })).rejects.toMatchObject({
      code: 'endpoint.keyRefused',
    });
    await using model = hub.modelOf('ann');
    await look(model, 0);
    const open = await fetch(`${hub.address}/streams`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${tokens.ann}` } },
      body: JSON.stringify({ isUngrounded: false, isLive: false }),
    });
    const { id } = (await open.json()) as { id: string };
    const asked = await fetch(`${hub.address}/streams/${id}/rollback`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${tokens.bob}` } },
    });
    expect(asked.status).toBe(404);
  });

  it('gives each user a turn, however much another one asks for', async () => {
    await using hub = await openHub();
    const order: string[] = [];
    const many = Array.from({ length: 4 }, () => hub.modelOf('ann'));
    const one = hub.modelOf('bob');
    await Promise.all([...many, one].map((model) => look(model, 0, model === one ? 'of bob' : '')));
    const began = Promise.withResolvers<undefined>();
    const go = Promise.withResolvers<undefined>();
    for (const model of hub.models) {
      model.onLook = () => {
        order.push(model.calls[0] === 'frame 0 of bob' ? 'bob' : 'ann');
        began.resolve(undefined);
        return go.promise;
      };
    }
    const waiting = many.map((model) => look(model, 500));
    await began.promise;
    waiting.push(look(one, 500));
    await expect.poll(() => hub.server.waiting).toBe(4);
    go.resolve(undefined);
    await Promise.all(waiting);
    expect(order).toEqual(['ann', 'bob', 'ann', 'ann', 'ann']);
    await Promise.all([...many, one].map((model) => model[Symbol.asyncDispose]()));
  });

  it('says that too much waits', async () => {
    await using hub = await openHub({ maxStreams: 1 });
    await using model = hub.modelOf('ann');
    await look(model, 0);
    await expect(look(hub.modelOf('ann'), 0)).rejects.toMatchObject({ code: 'endpoint.busy' });
    await using other = hub.modelOf('bob');
    await look(other, 0);
  });

  it('opens no more streams than it may, however many are asked for at once', async () => {
    await using hub = await openHub({ maxStreams: 2 });
    const go = Promise.withResolvers<undefined>();
    hub.opening.wait = () => go.promise;
    let refused = 0;
    const asked = Array.from({ length: 4 }, () =>
      look(hub.modelOf('ann'), 0).catch(() => {
        refused++;
      }),
    );
    // All four have been judged before one is open.
    await expect.poll(() => refused).toBe(2);
    go.resolve(undefined);
    await Promise.all(asked);
    expect(hub.server.streamCount).toBe(2);
  });

  it('keeps no stream of somebody who went before it was open', async () => {
    await using hub = await openHub({ maxStreams: 1 });
    const go = Promise.withResolvers<undefined>();
    hub.opening.wait = () => go.promise;
    const dropped = new AbortController();
    const gone = hub.connectAs('ann').ask('POST', 'streams', hubAnswers.opened, {
      ...{ signal: dropped.signal, body: { isUngrounded: false, isLive: true } },
    });
    gone.catch(() => undefined);
    await expect.poll(() => hub.models).toHaveLength(1);
    dropped.abort();
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
    // The hub has heard of it when it has heard of what came after.
    await hub.connectAs('bob').describe({ signal });
    go.resolve(undefined);
    await expect.poll(() => hub.models[0]?.isDisposed).toBe(true);
    expect(hub.server.streamCount).toBe(0);
  });

  it('lets idle streams go, also while nobody asks for anything', async () => {
    let nowMs = 0;
    const ticks: (() => void)[] = [];
    const sleep: Clock['sleep'] = (_, options) =>
      new Promise((resolve, reject) => {
        ticks.push(resolve);
        options.signal.addEventListener('abort', () => {
          reject(options.signal.reason as Error);
        });
      });
    const clock = { ...systemClock, monotonicMs: () => nowMs, sleep };
    await using hub = await openHub({ idleMs: 1000 }, clock);
    await look(hub.modelOf('ann'), 0);
    nowMs = 5000;
    ticks.shift()?.();
    await expect.poll(() => hub.models[0]?.isDisposed).toBe(true);
    expect(hub.server.streamCount).toBe(0);
  });

  it('turns away what is too much before it has read it', async () => {
    await using hub = await openHub({ maxWaiting: 0 });
    const head = `POST /hub/v1/recall HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.ann}\r\ncontent-length: 100\r\n\r\n{`;
    const { port } = new URL(hub.address);
    using sockets = new DisposableStack();
    const answers: string[] = [];
    for (let count = 0; count < 2; count++) {
      const socket = connect(Number(port), '127.0.0.1');
      sockets.defer(() => {
        socket.destroy();
      });
      socket.on('error', () => undefined);
      socket.on('data', (data: Buffer) => {
        answers.push(data.toString());
      });
      socket.write(head);
    }
    // Neither body ever comes to its end.
    await expect
      .poll(() => answers.map((answer) => answer.split('\r\n')[0]))
      .toEqual(['HTTP/1.1 429 Too Many Requests']);
  });

  it('looks at a frame once, though its answer got lost on the way', async () => {
    await using hub = await openHub();
    await using model = hub.modelOf('ann');
    await look(model, 0);
    const { frame, lost, there, finish } = await lostFrame(hub, model);
    await expect(lost).rejects.toMatchObject({ name: 'AbortError' });
    // The first one is still at work: the stream stays what it is.
    await expect(model.appendFrame(frame, [], { signal })).rejects.toMatchObject({
      code: 'endpoint.busy',
    });
    finish();
    await expect.poll(() => there.calls).toEqual(['frame 0', 'frame 500']);
    expect(await model.appendFrame(frame, [], { signal })).toEqual({ silenceProbability: 0.95 });
    expect(there.calls).toEqual(['frame 0', 'frame 500']);
    expect(hub.models).toHaveLength(1);
  });

  it('looks at the next frame of a user who has passed over the one whose answer got lost', async () => {
    await using hub = await openHub();
    await using model = hub.modelOf('ann');
    await look(model, 0);
    const { lost, there, finish } = await lostFrame(hub, model);
    await expect(lost).rejects.toMatchObject({ name: 'AbortError' });
    finish();
    await expect.poll(() => there.calls).toEqual(['frame 0', 'frame 500']);
    expect(await look(model, 1000, '3 passed')).toEqual({ silenceProbability: 0.1 });
    await look(model, 1500);
    expect(there.calls).toEqual(['frame 0', 'frame 500', 'frame 1000 3 passed', 'frame 1500']);
    expect(hub.models).toHaveLength(1);
  });

  it('looks at one of two frames that come at the same time under the same number', async () => {
    await using hub = await openHub();
    const headers = { authorization: `Bearer ${tokens.ann}` };
    const opened = await fetch(`${hub.address}/streams`, {
      ...{ method: 'POST', headers, body: '{"isUngrounded":false,"isLive":false}' },
    });
    const { id } = (await opened.json()) as { id: string };
    const [frame] = await hub.modelOf('ann').encode([frameAt(0, 7)]);
    const body = JSON.stringify({ number: 0, lines: [], ...frame });
    const post = async (): Promise<number> =>
      (await fetch(`${hub.address}/streams/${id}/frames`, { method: 'POST', headers, body }))
        .status;
    const statuses = await Promise.all([post(), post()]);
    expect(statuses).toContain(200);
    expect(statuses).not.toContain(409);
    expect(hub.models[0]?.calls).toEqual(['frame 0']);
  });

  it('goes on with a user whose hub was started anew', async () => {
    let nowMs = 0;
    const clock = { ...systemClock, monotonicMs: () => nowMs };
    await using hub = await openHub({ idleMs: 1000 }, clock);
    await using model = hub.modelOf('ann');
    await look(model, 0);
    // To the user it is the same as a stream that was idle for too long.
    nowMs = 5000;
    await look(model, 500, 'again');
    expect(hub.models.map(({ calls }) => calls.join())).toEqual(['frame 0', 'frame 500 again']);
  });

  it('is asked again what runs there when it was started anew', async () => {
    let nowMs = 0;
    const clock = { ...systemClock, monotonicMs: () => nowMs };
    await using hub = await openHub({ idleMs: 1000 }, clock);
    const connection = hub.connectAs('ann');
    const parts = { name: 'x', instruction: undefined, isUngrounded: false, isLive: true };
    await using model = new HubStreamingModel({ ...parts, hub: connection });
    await connection.describe({ signal });
    await look(model, 0);
    hub.pack.name = 'live-big 2';
    expect(await connection.describe({ signal })).toMatchObject({ name: 'live-big 1' });
    // To the user it is the same as a stream that was idle for too long.
    nowMs = 5000;
    await look(model, 500);
    expect(await connection.describe({ signal })).toMatchObject({ name: 'live-big 2' });
  });

  it('says at once that its model is not there, however patient somebody is', async () => {
    await using hub = await openHub();
    hub.opening.wait = () => Promise.reject(new AppError('model.notFound'));
    const connection = hub.connectAs('ann');
    const parts = { name: 'x', instruction: undefined, isUngrounded: false, isLive: false };
    await using model = new HubStreamingModel({ ...parts, hub: connection });
    await expect(look(model, 0)).rejects.toMatchObject({ code: 'endpoint.refused' });
  });

  it.each([
    ['no JSON', '{'],
    ['another request', '{"number":0}'],
    [
      'a picture that is not as large as it says',
      '{"number":0,"ptsMs":0,"lines":[],"picture":{"width":8,"height":8,"data":"eJwDAAAAAAE="}}',
    ],
  ])('refuses %s', async (_, body) => {
    await using hub = await openHub();
    const headers = { authorization: `Bearer ${tokens.ann}` };
    const opened = await fetch(`${hub.address}/streams`, {
      ...{ method: 'POST', headers, body: '{"isUngrounded":false,"isLive":false}' },
    });
    const { id } = (await opened.json()) as { id: string };
    const asked = await fetch(`${hub.address}/streams/${id}/frames`, {
      method: 'POST',
      headers,
      body,
    });
    expect(asked.status).toBe(400);
  });

  it('survives a connection that says nothing sensible', async () => {
    await using hub = await openHub();
    const { port } = new URL(hub.address);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end('POST /hub/v1/streams HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
    await new Promise((resolve) => {
      socket.once('close', resolve).resume();
    });
    expect(await hub.connectAs('ann').describe({ signal })).toBeDefined();
  });
});
