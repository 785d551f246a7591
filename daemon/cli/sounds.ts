/** What `--microphone` and `--sound` name: what is heard beside a screen. */
import { listSounds, type SoundSource } from '../../protocol/index.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { UsageError, type OptionValues } from './arguments.ts';
import { printJson, type VerbContext } from './context.ts';

/** @returns undefined when nothing is to be heard. @throws UsageError */
export function soundOf(values: OptionValues): SoundSource | undefined {
  const { microphone, sound = false, screen, transcriber } = values;
  if (microphone === undefined && !sound) return undefined;
  const word = sound ? '--sound' : '--microphone';
  if (microphone !== undefined && sound) {
    throw new UsageError('Either --microphone or --sound is heard, not both.');
  }
  if (screen === undefined) {
    throw new UsageError(`The option ${word} goes with --screen: a stream has its own sound.`);
  }
  if (transcriber === undefined) {
    throw new UsageError(
      `The option ${word} needs --transcriber, which writes down what is spoken.`,
    );
  }
  if (sound) return { kind: 'machine' };
  return microphone === '' || microphone === undefined
    ? { kind: 'microphone' }
    : { kind: 'microphone', device: microphone };
}

/** Prints what can be heard, names first. */
export async function showSounds(
  { values, output, signal }: VerbContext,
  connection: DaemonConnection,
): Promise<void> {
  const found = await connection.request(listSounds, {}, { signal });
  if (values.json) {
    printJson(output, found);
    return;
  }
  for (const { source, name } of found.microphones) output.line(`${source.device ?? ''}  ${name}`);
  if (found.microphones.length === 0) output.note('No microphone was found.');
  if (found.isMachineHeard) output.note('What this machine plays is heard with --sound.');
}
