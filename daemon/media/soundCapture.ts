/** Microphones of this machine, and what it plays: which there are, and how each is recorded. */
import type { ListSoundsResult, SoundDevice, SoundSource } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { devicesArgs, readDevices } from './liveArgs.ts';
import type { CaptureTools } from './screenCapture.ts';
import {
  chooseRecorders,
  listArgs,
  readListed,
  soundArgs,
  type ListedSound,
  type Recorder,
} from './soundArgs.ts';
import { runTool } from './toolRun.ts';

/** A tool that says nothing for so long waits for a sound server that does not answer. */
const toolStallMs = 5000;

/** @throws AppError ffmpeg.missing */
export async function listSounds(
  tools: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<ListSoundsResult> {
  const devices = await readAll(tools, { signal });
  const [recorder, ...others] = chooseRecorders(tools.platform, devices, { kind: 'microphone' });
  const isMachineHeard = chooseRecorders(tools.platform, devices, { kind: 'machine' }).length > 0;
  let listed: readonly ListedSound[] = [];
  for (const one of recorder ? [recorder, ...others] : []) {
    listed = await listOf(one, tools, { signal });
    if (listed.length > 0) break;
  }
  const microphones = listed.map(({ device, name }): SoundDevice => {
    return { name, source: { kind: 'microphone', device } };
  });
  return { microphones, isMachineHeard };
}

/** How a sound may be recorded, the first choice first. @throws AppError sound.*, ffmpeg.missing */
export async function findSound(
  sound: SoundSource,
  tools: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<readonly (readonly string[])[]> {
  const devices = await readAll(tools, { signal });
  const recorders = chooseRecorders(tools.platform, devices, sound);
  if (recorders.length === 0) throw new AppError('sound.unsupported');
  if (recorders[0] !== 'dshow' || sound.device !== undefined) {
    return recorders.map((recorder) => soundArgs(recorder, sound));
  }
  // There is no word for the usual one.
  const [first] = await listOf('dshow', tools, { signal });
  if (!first) throw new AppError('sound.noDevice');
  return [soundArgs('dshow', { ...sound, device: first.device })];
}

async function readAll(
  { ffmpeg, clock }: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  const options = { clock, stallMs: toolStallMs, signal };
  const answer = await runTool(await ffmpeg({ signal }), devicesArgs, options);
  return readDevices(answer?.output ?? '');
}

async function listOf(
  recorder: Recorder,
  { ffmpeg, clock }: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<ListedSound[]> {
  const options = { clock, stallMs: toolStallMs, signal };
  const answer = await runTool(await ffmpeg({ signal }), listArgs(recorder), options);
  return answer ? readListed(recorder, `${answer.output}\n${answer.errors}`) : [];
}
