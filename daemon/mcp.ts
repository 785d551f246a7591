/** `codealong mcp`: an MCP server on standard input and output, until its client hangs up. A program of its own: it is large. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { SessionOptions } from '../protocol/index.ts';
import { connectDaemon } from './client/connect.ts';
import { DaemonLink } from './mcp/daemonLink.ts';
import { createToolServer } from './mcp/toolServer.ts';

export interface McpOptions {
  /** Absolute home folder. */
  readonly home: string;
  /** Follow the daemon's `--home`, for whoever starts it. */
  readonly daemonArguments: readonly string[];
  readonly sessionOptions: SessionOptions;
}

/** The bundles lie side by side. */
const folder = path.dirname(fileURLToPath(import.meta.url));

/** Serves until standard input ends, or the signal is aborted. Never fails: failures are answers to calls. */
export async function serveMcp(
  { home, daemonArguments, sessionOptions }: McpOptions,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const life = new AbortController();
  using daemon = new DaemonLink(() =>
    connectDaemon(
      {
        home,
        program: {
          script: path.join(folder, 'daemon.js'),
          packageFolder: folder,
          arguments: daemonArguments,
        },
      },
      { signal: life.signal },
    ),
  );
  const server = createToolServer({ daemon, sessionOptions });
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    server.server.onclose = resolve;
    signal.addEventListener('abort', () => {
      resolve();
    });
    if (signal.aborted) resolve();
  });
  await server.connect(new StdioServerTransport());
  await ended;
  life.abort();
  await server.close();
}
