/**
 * Entry of the engine process: everything native that could crash runs here, and nothing else. Its arguments, which may be left out, are
 * the folder of the libraries for graphics cards, and --processor, which leaves graphics cards alone.
 */
import { parseArgs } from 'node:util';
import { createLlamaService } from '../llm/llamaService.ts';
import { llamaServiceName } from '../llm/llamaCalls.ts';
import { createEngineServer } from './engineServer.ts';
import { findGpuPackagesIn } from './gpuPackages.ts';
import type { ToEngine } from './messages.ts';
import { createPerceptionService, perceptionServiceName } from './perceptionService.ts';

/** The host keeps the tail of this stream for its log. */
function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

const { values, positionals } = parseArgs({
  options: { processor: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [libraries] = positionals;
if (libraries !== undefined) findGpuPackagesIn(libraries);
if (values.processor) log('warning: graphics cards are left out after crashes');

const services = {
  [llamaServiceName]: createLlamaService(log, { usesCards: !values.processor }),
  [perceptionServiceName]: createPerceptionService(log, { usesCards: !values.processor }),
};

const receive = createEngineServer(services, (message) => {
  // Sending fails only when the host is gone, and then this process is about to end.
  process.send?.(message, undefined, undefined, () => undefined);
});

process.on('message', (message) => {
  receive(message as ToEngine);
});

// Without its host this process is of no use. A plain exit would wait for a decode that is still running.
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGKILL');
});
