/** A daemon process with the fake service: `--home DIR [--idle-exit-ms N]`. Its journal is `<home>/journal.txt`. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../daemon/base/clock.ts';
import { LogFile } from '../../daemon/base/log.ts';
import { preparePaths } from '../../daemon/client/paths.ts';
import { runDaemon } from '../../daemon/runDaemon.ts';
import { createFakeService } from './fakeService.ts';
import { createFakeServices } from './fakeServices.ts';

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    'idle-exit-ms': { type: 'string', default: '1000' },
    'build-id': { type: 'string' },
  },
});
const buildId = values['build-id'];
const home = values.home;
if (home === undefined) throw new Error('--home is missing');
const paths = preparePaths({ home, ...(buildId === undefined ? {} : { buildId }) });
const journal = (event: string): void => {
  appendFileSync(path.join(paths.home, 'journal.txt'), `${process.pid} ${event}\n`);
};
journal('born');
process.exit(
  await runDaemon({
    paths,
    logFile: new LogFile({ path: paths.log, clock: systemClock }),
    createServices: () => Promise.resolve(createFakeServices(createFakeService(journal))),
    idleExitMs: Number(values['idle-exit-ms']),
    handshakeLimitMs: 500,
  }),
);
