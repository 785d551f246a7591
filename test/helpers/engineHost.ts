/** A process that owns an engine and keeps it decoding, so that a test can kill it: `engineHost.ts MODEL STATE_FOLDER`. */
import { systemClock } from '../../daemon/base/clock.ts';
import { EngineProcess } from '../../daemon/engine/engineProcess.ts';
import { LlamaBackend } from '../../daemon/llm/llamaBackend.ts';
import { engineScript, signal, someTokens } from './engine.ts';

const [path = '', stateFolder = ''] = process.argv.slice(2);
const engine = new EngineProcess({
  nodePath: process.execPath,
  scriptPath: engineScript,
  clock: systemClock,
  log: () => undefined,
});
const backend = await LlamaBackend.open(
  { channel: engine, model: { path, device: 'cpu', threads: 1 }, stateFolder },
  { signal },
);
const sequence = await backend.createSequence({ contextSize: 512, signal });
process.send?.(engine.pid);
for (;;) {
  await sequence.append([{ kind: 'tokens', tokens: someTokens(400) }], { signal });
  await sequence.truncate(0, { signal });
}
