/** A process that plays a clip in a home until it is killed: `node playbackChild.ts <home> <clip> <ffmpeg>`. */
import { argv } from 'node:process';
import { setInterval } from 'node:timers';
import { TestPlayback } from '../helpers/playback.ts';

const [home, clip, ffmpeg] = argv.slice(2) as [string, string, string];
const playback = await TestPlayback.create({ home, ffmpeg });
await playback.open(clip);
setInterval(() => undefined, 60_000);
