/** A daemon in hub mode with the shipped pack, and another daemon that watches with it: what is said is what is said without a hub. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, type TimelineRow } from '../../protocol/index.ts';
import { noAbort, until } from '../helpers/daemonHome.ts';
import { createTemporaryFolder, runFfmpeg } from '../helpers/fixtures.ts';
import { RealDaemon, sample } from '../helpers/realDaemon.ts';

const token = '0123456789abcdef';

const said = (rows: readonly TimelineRow[]) =>
  rows.flatMap((row) => (row.kind === 'guidance' ? [`${row.atMs} ${row.text}`] : []));

describe('a daemon in hub mode', () => {
  it('says to another daemon what that one would have said itself', async () => {
    await using folder = await createTemporaryFolder();
    const file = folder.path('short.mp4');
    await runFfmpeg(['-t', '25', '-i', sample.path, '-c', 'copy', `file:${file}`]);
    const source = { kind: 'file', path: file } as const;
    writeFileSync(folder.path('tokens'), `ann ${token}\n`);
    await using alone = new RealDaemon();
    const expected = await alone.watch(source);
    expect(said(expected.rows).length).toBeGreaterThan(0);

    await using hub = new RealDaemon();
    using running = await hub.connect(['--hub', '0', '--hub-tokens', folder.path('tokens')]);
    expect(running).toBeDefined();
    let address: string | undefined;
    await until('the hub listens', () => {
      const log = readFileSync(path.join(hub.home, 'log', 'daemon.log'), 'utf8');
      address = /"address":"([^"]+)"/.exec(log)?.[1];
      return address !== undefined;
    });
    await using daemon = new RealDaemon();
    const options = { model: address!, modelKey: token };
    const watched = await daemon.watch(source, undefined, options);
    expect(said(watched.rows)).toEqual(said(expected.rows));
    expect(watched.stats?.server).toMatchObject({ isLocal: true, isAway: false });
    using connection = await daemon.connect();
    const question = 'Which file was opened?';
    const there = await connection.request(ask, { source, question, options }, { signal: noAbort });
    using own = await alone.connect();
    const here = await own.request(ask, { source, question }, { signal: noAbort });
    expect(there.text).toBe(here.text);
  });
});
