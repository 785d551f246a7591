/**
 * A client in a process of its own, to be killed: `--home DIR --script FILE --video FILE`. It watches and plays the video, prints
 * `ready` and stays.
 */
import { parseArgs } from 'node:util';
import { connectDaemon } from '../../daemon/client/connect.ts';
import { openMedia, startSession } from '../../protocol/index.ts';
import { noAbort, repositoryRoot } from './daemonHome.ts';

const { values } = parseArgs({
  options: { home: { type: 'string' }, script: { type: 'string' }, video: { type: 'string' } },
});
const { home = '', script = '', video = '' } = values;
const source = { kind: 'file', path: video } as const;
const connection = await connectDaemon(
  {
    home,
    program: { script, packageFolder: repositoryRoot, arguments: ['--idle-exit-ms', '2000'] },
  },
  { signal: noAbort },
);
await connection.request(openMedia, { source }, { signal: noAbort });
await connection.request(startSession, { source, options: {} }, { signal: noAbort });
process.stdout.write('ready\n');
await connection.closed;
