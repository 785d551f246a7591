import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
import type { SequenceOptions } from '../../../daemon/llm/backend.ts';
import { LlamaBackend } from '../../../daemon/llm/llamaBackend.ts';
import { loadedModel, ScriptedChannel } from '../../helpers/scriptedChannel.ts';

const { signal } = new AbortController();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codealong-backend-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a decoder in a new engine', () => {
  it.each(['engine.crashLoop', 'engine.modelUnreadable'] as const)(
    'is loaded again after %s',
    async (code) => {
      const channel = new ScriptedChannel({ load: () => loadedModel, tokenize: () => [7] });
      const model = { path: '/decoder.gguf', device: 'cpu' } as const;
      const stateFolder = join(folder, 'states');
      await using backend = await LlamaBackend.open({ channel, model, stateFolder }, { signal });
      const tokenize = (): Promise<number[]> =>
        backend.tokenize('a', { parseSpecial: false, signal });
      expect(await tokenize()).toEqual([7]);

      channel.lose();
      channel.answers['load'] = () => {
        throw new AppError(code);
      };
      await expect(tokenize()).rejects.toMatchObject({ code });
      await expect(tokenize()).rejects.toMatchObject({ code });

      channel.answers['load'] = () => ({ ...loadedModel, release: 'b2' });
      expect(await tokenize()).toEqual([7]);
      expect(backend.runtime.release).toBe('b2');
      expect(channel.calls.filter((method) => method === 'load')).toHaveLength(4);
    },
  );

  it('gets caches laid out as they were, though its layers lie elsewhere now, and none that is of no use', async () => {
    const laidOut: unknown[] = [];
    const freed: number[] = [];
    const channel = new ScriptedChannel({
      load: () => ({ ...loadedModel, deviceLayers: 5 }),
      createSequence: ({ options }: { options: SequenceOptions }) => ({
        sequence: laidOut.push(options.flashAttention),
        length: 0,
      }),
      append: () => ({ sequence: 1, length: 1, reading: undefined }),
      save: () => undefined,
      restore: () => ({ sequence: 2, length: 1 }),
      freeSequence: ({ sequence }: { sequence: number }) => freed.push(sequence),
      freeModel: () => undefined,
    });
    const model = { path: '/decoder.gguf', device: 'auto' } as const;
    const options = { channel, model, stateFolder: join(folder, 'states'), saveEveryPositions: 1 };
    await using backend = await LlamaBackend.open(options, { signal });
    await using sequence = await backend.createSequence({ contextSize: 8, signal });
    const parts = [{ kind: 'tokens', tokens: [7] }] as const;
    await sequence.append(parts, { signal });

    channel.lose();
    channel.answers['load'] = () => loadedModel;
    const { restore } = channel.answers;
    channel.answers['restore'] = () => {
      throw new AppError('engine.stateMismatch');
    };
    await expect(sequence.append(parts, { signal })).rejects.toMatchObject({
      code: 'engine.stateMismatch',
    });
    channel.answers['restore'] = restore!;
    await sequence.append(parts, { signal });
    expect(laidOut).toEqual([true, true, true]);
    expect(freed).toEqual([2]);
  });
});
