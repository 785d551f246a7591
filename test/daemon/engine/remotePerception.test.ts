import { describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
import { RemotePerception } from '../../../daemon/engine/remotePerception.ts';
import type { Frame } from '../../../daemon/media/frameSource.ts';
import { ScriptedChannel } from '../../helpers/scriptedChannel.ts';

const { signal } = new AbortController();
const frame: Frame = {
  ptsMs: 0 as Frame['ptsMs'],
  width: 1,
  height: 1,
  data: new Uint8Array(3),
};

describe('a stream that ends', () => {
  it('is forgotten by the engine that has read it', async () => {
    const channel = new ScriptedChannel({ read: () => [], endStream: () => undefined });
    const stream = new RemotePerception(channel, '/pack').openStream();
    await stream.readLines(frame, { signal });
    await stream[Symbol.asyncDispose]();
    expect(channel.calls).toEqual(['read', 'endStream']);
  });

  it('asks nothing of an engine that knows nothing of it', async () => {
    const channel = new ScriptedChannel({ read: () => [], endStream: () => undefined });
    const perception = new RemotePerception(channel, '/pack');
    await perception.openStream()[Symbol.asyncDispose]();
    const stream = perception.openStream();
    await stream.readLines(frame, { signal });
    channel.lose();
    await stream[Symbol.asyncDispose]();
    expect(channel.calls).toEqual(['read']);
  });

  it('is forgotten by the engine that came after a loss', async () => {
    const channel = new ScriptedChannel({
      read: () => {
        if (channel.incarnation > 0) return [];
        channel.lose();
        throw new AppError('engine.lost');
      },
      endStream: () => undefined,
    });
    const stream = new RemotePerception(channel, '/pack').openStream();
    await stream.readLines(frame, { signal });
    await stream[Symbol.asyncDispose]();
    expect(channel.calls).toEqual(['read', 'read', 'endStream']);
  });

  it.each([
    new AppError('engine.crashLoop'),
    new AppError('perception.modelUnreadable'),
    new DOMException('the engine was stopped', 'AbortError'),
  ])('keeps the failure that ended it: $message', async (failure) => {
    const fail = (): never => {
      throw failure;
    };
    const channel = new ScriptedChannel({ read: fail, endStream: fail });
    const watching = async (): Promise<void> => {
      await using stream = new RemotePerception(channel, '/pack').openStream();
      await stream.readLines(frame, { signal });
    };
    await expect(watching()).rejects.toBe(failure);
  });
});
