import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
import { WorkerChannel } from '../../../daemon/perception/workerChannel.ts';
import {
  packError,
  unpackError,
  type WorkerRequest,
} from '../../../daemon/perception/workerMessages.ts';

class FakeWorker extends EventEmitter {
  readonly requests: WorkerRequest[] = [];
  isTerminated = false;

  postMessage(request: WorkerRequest): void {
    this.requests.push(request);
  }

  terminate(): Promise<number> {
    this.isTerminated = true;
    this.emit('exit', 1);
    return Promise.resolve(1);
  }
}

function setUp() {
  const workers: FakeWorker[] = [];
  const channel = new WorkerChannel(() => {
    workers.push(new FakeWorker());
    return workers.at(-1) as unknown as Worker;
  });
  const picture = { width: 0, height: 0, data: new Uint8Array(0) };
  const never = new AbortController().signal;
  const read = (streamId: string, signal = never) =>
    channel.request('read', { streamId, picture }, { signal });
  return { channel, workers, read };
}

describe('WorkerChannel', () => {
  it('starts the thread with the first request and matches replies by id', async () => {
    const { workers, read } = setUp();
    expect(workers).toHaveLength(0);
    const a = read('a');
    const b = read('b');
    const [first, second] = workers[0]!.requests;
    workers[0]!.emit('message', { id: second!.id, result: ['b'] });
    workers[0]!.emit('message', { id: first!.id, result: ['a'] });
    expect(await a).toEqual(['a']);
    expect(await b).toEqual(['b']);
    expect(workers).toHaveLength(1);
  });

  it('keeps the code of an expected error', async () => {
    const { workers, read } = setUp();
    const failing = read('a');
    const error = packError(
      new AppError('perception.modelUnreadable', undefined, { data: { file: 'x' } }),
    );
    workers[0]!.emit('message', { id: 1, error });
    await expect(failing).rejects.toMatchObject({
      code: 'perception.modelUnreadable',
      data: { file: 'x' },
    });
  });

  it('fails what is in flight when the thread is lost, and starts another one', async () => {
    const { workers, read } = setUp();
    const lost = read('a');
    workers[0]!.emit('error', new Error('out of memory'));
    workers[0]!.emit('exit', 1);
    await expect(lost).rejects.toMatchObject({ code: 'perception.workerLost' });
    const next = read('a');
    workers[1]!.emit('message', { id: 2, result: [] });
    expect(await next).toEqual([]);
  });

  it('ends an aborted request at once and drops its late reply', async () => {
    const { workers, read } = setUp();
    const controller = new AbortController();
    const aborted = read('a', controller.signal);
    controller.abort();
    await expect(aborted).rejects.toThrow('aborted');
    workers[0]!.emit('message', { id: 1, result: [] });
    await expect(read('a', controller.signal)).rejects.toThrow('aborted');
    expect(workers[0]!.requests).toHaveLength(1);
  });

  it('refuses requests after it was closed', async () => {
    const { workers, channel, read } = setUp();
    const open = read('a');
    const failed = expect(open).rejects.toMatchObject({ code: 'perception.workerLost' });
    await channel[Symbol.asyncDispose]();
    await failed;
    expect(workers[0]!.isTerminated).toBe(true);
    await expect(read('a')).rejects.toMatchObject({ code: 'perception.workerLost' });
  });
});

describe('errors between threads', () => {
  it('keep their message when they are bugs', () => {
    const back = unpackError(structuredClone(packError(new TypeError('no such field'))));
    expect(back).not.toBeInstanceOf(AppError);
    expect(back.message).toBe('no such field');
  });
});
