/** The start of a hub that cannot be: whoever starts it reads why. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DaemonHome, repositoryRoot } from '../helpers/daemonHome.ts';

/** @returns exit code, and what stands on stderr */
async function startHub(home: string, ...more: readonly string[]) {
  const tokens = path.join(home, 'tokens.txt');
  writeFileSync(tokens, 'ann 0123456789abcdef\n');
  const script = path.join(repositoryRoot, 'daemon', 'main.ts');
  const settings = ['--home', home, '--hub', '0', '--hub-tokens', tokens, ...more];
  const hub = spawn(process.execPath, [script, ...settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // One that does start is not left behind.
    timeout: 60_000,
  });
  let said = '';
  hub.stderr.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const [code] = (await once(hub, 'close')) as [number | null];
  return { code, said };
}

describe('a hub that cannot be started', () => {
  it('says that another daemon has its home', async () => {
    await using home = new DaemonHome();
    using leases = new DisposableStack();
    leases.use(await home.connect());
    const { code, said } = await startHub(home.home);
    expect(code).toBe(1);
    expect(said).toContain(`another daemon runs in ${home.paths.home}`);
  });

  it('says that its model is not there', async () => {
    await using home = new DaemonHome();
    const { code, said } = await startHub(home.home, '--hub-model', 'no-such-pack');
    expect(code).toBe(1);
    expect(said).toContain('There is no model pack named "no-such-pack".');
  });
});
