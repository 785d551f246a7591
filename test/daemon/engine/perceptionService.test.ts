import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RemotePerception } from '../../../daemon/engine/remotePerception.ts';
import { createPerceptionService } from '../../../daemon/engine/perceptionService.ts';
import { ScriptedChannel } from '../../helpers/scriptedChannel.ts';
import { sampleManifest, writePack } from '../weights/packs.ts';

const { signal } = new AbortController();
const picture = { width: 1, height: 1, data: new Uint8Array(3) };
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'codealong-perception-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

it('opens a pack anew that has taken the place of another', async () => {
  const { encode } = createPerceptionService(() => undefined);
  const channel = new ScriptedChannel({
    encode: (args) => encode?.(args, { signal }),
  });
  const look = (fingerprint: string): Promise<unknown> =>
    new RemotePerception(channel, folder, { fingerprint }).encode([picture], { signal });

  const manifest = sampleManifest();
  const { decoder } = manifest['files'] as Record<string, unknown>;
  const { vision: _, ...blind } = manifest;
  const folder = writePack(root, { ...blind, files: { decoder } });
  await expect(look('blind')).rejects.toMatchObject({ code: 'model.unsupported' });
  writePack(root, manifest);
  // Its vision file is no network, so it has been opened.
  await expect(look('seeing')).rejects.toMatchObject({ code: 'perception.modelUnreadable' });
  await expect(look('blind')).rejects.toMatchObject({ code: 'model.unsupported' });
});
