/** A process that watches a clip: prints the pid of its ffmpeg after the first frame, then reads no further. */
import { argv, stdout } from 'node:process';
import { setInterval } from 'node:timers';
import { sampleArgs } from '../../daemon/media/ffmpegArgs.ts';
import { FfmpegProcess } from '../../daemon/media/ffmpegProcess.ts';
import { NutReader } from '../../daemon/media/nutReader.ts';

const path = argv[2]!;
const ffmpeg = new FfmpegProcess('ffmpeg', sampleArgs({ path, frameRateFps: 25 }));
const nut = await NutReader.open(ffmpeg.stdout);
await nut?.next();
stdout.write(`${ffmpeg.pid ?? 0}\n`);
setInterval(() => undefined, 60_000);
