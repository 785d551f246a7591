import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
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
});
