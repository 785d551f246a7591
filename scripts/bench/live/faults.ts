/** What goes wrong in eight hours, in minutes: the built daemon watches a broadcast that fails, with parts of it killed. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../daemon/base/clock.ts';
import type { TimelineRow } from '../../../protocol/index.ts';
import { Dice } from '../../lib/dice.mjs';
import { processesWith } from '../../processes.ts';
import type { Bench } from '../bench.ts';
import { DaemonRun } from '../daemonRun.ts';
import { processTree } from '../memory.ts';
import { Broadcast } from './broadcast.ts';
import { SmallDisk } from './smallDisk.ts';
import { LiveWatching, type Position } from './watching.ts';

const kinds = [
  'engine killed',
  'ffmpeg killed',
  'source stalls',
  'source breaks',
  'size changes',
  'disk full',
] as const;
type FaultKind = (typeof kinds)[number];

export interface FaultResult {
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Faults behind which no frame was seen within `recoveryMs`. */
  readonly notRecovered: number;
  /** Rows that were told and are not stored, and stretches that were neither seen nor told as a gap. */
  readonly eventsLost: number;
  /** Moments at which the newest counters were old, or told of less lag than there was; full disks that nobody was told of. */
  readonly falseClaims: number;
  /** Processes that are left when the daemon has gone. */
  readonly orphans: number;
}

const recoveryMs = 60_000;
/** The daemon gives an engine up that dies five times in three minutes: that is no fault but a broken installation. */
const engineRestMs = 60_000;
const stallMs = 5000;
/** Counters are told every second; a busy machine may take longer. */
const claimMs = 5000;
/** As small as lets everything else be written for an hour. */
const diskMegabytes = 300;
/** At two frames a second. */
const frameMs = 500;
/** What may be missing between two frames without being told: a start of ffmpeg takes so long. */
const holeMs = 3000;

export async function measureFaults(
  bench: Bench,
  {
    count,
    onFault,
    signal,
  }: {
    readonly count: number;
    readonly onFault: (kind: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<FaultResult> {
  const dice = new Dice(19_700_101);
  const faults = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  await using broadcast = await Broadcast.start(bench, { signal });
  const { address } = broadcast;
  let notRecovered = 0;
  let eventsLost = 0;
  const claims = new ClaimWatch();
  const home = path.join(bench.folder, 'small');
  await using disk = await SmallDisk.mount(home, diskMegabytes);
  const possible = kinds.filter((kind) => kind !== 'disk full' || disk);
  {
    await using daemon = await DaemonRun.start(bench, { home, signal });
    using watching = await LiveWatching.start(daemon, address, { signal });
    claims.follow(watching);
    if (!(await watching.seesMore({ frames: 2, withinMs: recoveryMs }, { signal }))) notRecovered++;
    const fillDisk = async (): Promise<void> => {
      await disk?.fill();
      const isTold = await watching.isToldTo('full', { withinMs: recoveryMs }, { signal });
      if (!isTold) claims.count++;
      await sleep(stallMs);
      await disk?.free();
    };
    let engineKilledMs = -Infinity;
    for (let index = 0; index < count; index++) {
      const isEngineDue = systemClock.monotonicMs() - engineKilledMs > engineRestMs;
      const kind = dice.pick(isEngineDue ? possible : possible.slice(1));
      if (kind === 'engine killed') engineKilledMs = systemClock.monotonicMs();
      onFault(kind);
      await inject(kind, { broadcast, pid: daemon.pid, address, fillDisk });
      faults[kind]++;
      const isBack = await watching.seesMore({ frames: 2, withinMs: recoveryMs }, { signal });
      if (!isBack) notRecovered++;
      if (watching.told.state !== undefined) break;
    }
    claims[Symbol.dispose]();
    await watching.stop({ signal });
    const stored = await watching.stored({ signal });
    const known = new Set(stored.map(({ id }) => id));
    const missing = new Set(watching.told.rows.map(({ id }) => id).filter((id) => !known.has(id)));
    eventsLost = missing.size + untold(watching.told.positions, stored);
  }
  const orphans = processesWith(address).length;
  return { faults, notRecovered, eventsLost, falseClaims: claims.count, orphans };
}

async function inject(
  kind: FaultKind,
  {
    broadcast,
    pid,
    address,
    fillDisk,
  }: {
    readonly broadcast: Broadcast;
    readonly pid: number;
    readonly address: string;
    readonly fillDisk: () => Promise<void>;
  },
): Promise<void> {
  switch (kind) {
    case 'engine killed':
    case 'ffmpeg killed': {
      const role = kind === 'engine killed' ? 'engine' : 'ffmpeg';
      const isMeant = (one: { readonly pid: number }): boolean =>
        role === 'engine' || processesWith(address).includes(one.pid);
      const victims = processTree(pid).filter((one) => one.role === role && isMeant(one));
      for (const victim of victims) process.kill(victim.pid, 'SIGKILL');
      return;
    }
    case 'source stalls':
      await broadcast.stall(stallMs);
      return;
    case 'source breaks':
      broadcast.cut();
      return;
    case 'size changes':
      broadcast.resize();
      return;
    case 'disk full':
      await fillDisk();
      return;
  }
}

/** Stretches in which no frame was seen and that no gap tells of. */
export function untold(positions: readonly Position[], rows: readonly TimelineRow[]): number {
  const gaps = rows.filter(({ kind }) => kind === 'gap');
  let count = 0;
  for (const [index, { atMs, frames }] of positions.entries()) {
    const before = positions[index - 1];
    if (before === undefined || atMs - before.atMs <= holeMs) continue;
    const covered = gaps.reduce((sum, { startMs, endMs }) => {
      return sum + Math.max(0, Math.min(endMs, atMs) - Math.max(startMs, before.atMs));
    }, 0);
    // Behind a fault, frames that have waited are seen faster than is told.
    const seenMs = (frames - before.frames) * frameMs;
    if (atMs - before.atMs - covered - seenMs > holeMs) count++;
  }
  return count;
}

/** Looks all the time at what a client would show. */
class ClaimWatch implements Disposable {
  count = 0;
  #timer: NodeJS.Timeout | undefined;
  #wasFalse = false;

  follow({ told }: LiveWatching): void {
    this.#timer = setInterval(() => {
      const { newest, state } = told;
      if (!newest || state !== undefined) return;
      const { stats, atMs } = newest;
      const ageMs = systemClock.monotonicMs() - atMs;
      const liveMs = Date.now() - (stats.startedMs ?? Date.now());
      const isFalse = ageMs > claimMs || liveMs - stats.positionMs - stats.lagMs - ageMs > claimMs;
      // One long moment is one.
      if (isFalse && !this.#wasFalse) this.count++;
      this.#wasFalse = isFalse;
    }, 500);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** Frame to cache while somebody asks one question after the other. @returns ages of the frames when they had been seen, ms */
export async function measureLag(
  bench: Bench,
  {
    minutes,
    questions,
    signal,
  }: {
    readonly minutes: number;
    readonly questions: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<{
  readonly lags: readonly number[];
  readonly answers: number;
  readonly dropped: number;
  readonly fps: number;
}> {
  await using broadcast = await Broadcast.start(bench, { signal });
  await using daemon = await DaemonRun.start(bench, { signal });
  using watching = await LiveWatching.start(daemon, broadcast.address, { signal });
  // The first picture is read as a whole, and starts the engine.
  await watching.seesMore({ frames: 20, withinMs: recoveryMs }, { signal });
  const first = watching.told.lags.length;
  const startMs = systemClock.monotonicMs();
  const endMs = startMs + minutes * 60_000;
  let answers = 0;
  while (systemClock.monotonicMs() < endMs) {
    await watching.ask(questions[answers % questions.length]!, { signal });
    answers++;
    await sleep(100);
  }
  const lags = watching.told.lags.slice(first);
  const seconds = (systemClock.monotonicMs() - startMs) / 1000;
  const dropped = watching.told.newest?.stats.framesDropped ?? 0;
  await watching.stop({ signal });
  return { lags, answers, dropped, fps: lags.length / seconds };
}
