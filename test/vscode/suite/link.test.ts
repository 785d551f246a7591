/** One connection to a daemon that does not behave: what people are not bothered with. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { preparePaths } from '../../../daemon/client/paths.ts';
import { openLanguageLink } from '../../../extension/languageLink.ts';
import { ShownMessages } from './support.ts';

suite('a connection', () => {
  let home: string;
  let shown: ShownMessages;
  let channel: vscode.LogOutputChannel;
  setup(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'codealong-link-'));
    shown = new ShownMessages();
    channel = vscode.window.createOutputChannel('Test of connections', { log: true });
  });
  teardown(async () => {
    shown.dispose();
    channel.dispose();
    await rm(home, { recursive: true });
  });

  /** Connects to a daemon that treats every client alike. */
  async function connectTo(treat: (socket: Socket) => void): Promise<number> {
    const buildId = 'test-of-link-000';
    let count = 0;
    const server = createServer((socket) => {
      count++;
      treat(socket);
    }).listen(preparePaths({ home, buildId }).socket);
    await once(server, 'listening');
    const program = { script: 'none: one listens already', packageFolder: '/' };
    const { signal } = new AbortController();
    try {
      const link = openLanguageLink({ home, buildId, program }, channel, { signal });
      await assert.rejects(link, { code: 'connection.refused' });
      return count;
    } finally {
      server.close();
    }
  }

  test('that is refused is tried again, and told to whoever asked, and nobody else', async () => {
    const count = await connectTo((socket) => {
      socket.destroy();
    });
    assert.equal(count, 5);
    assert.deepEqual(shown.texts, []);
  });

  test('that breaks in the middle of the handshake is no different', async () => {
    const count = await connectTo((socket) => {
      socket.once('data', () => {
        socket.destroy();
      });
    });
    assert.equal(count, 5);
    assert.deepEqual(shown.texts, []);
  });
});
