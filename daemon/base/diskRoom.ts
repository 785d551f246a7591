/** Room on a disk: who writes what cannot be seen again waits for it instead of losing a part. */
import { statfs } from 'node:fs/promises';
import type { Clock } from './clock.ts';

/** Bytes that may be written to the disk of a folder. @throws what the system says of a folder that cannot be asked */
export async function freeBytesOn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Tells whether there is room. */
export type RoomProbe = () => Promise<boolean>;

/** @param folder on the disk that is meant; what cannot be asked counts as room: the write itself tells then */
export function roomOn(folder: string, { leastBytes }: { readonly leastBytes: number }): RoomProbe {
  return async () => {
    try {
      return (await freeBytesOn(folder)) >= leastBytes;
    } catch {
      return true;
    }
  };
}

/** How often is asked while there is none. */
const pollMs = 1000;

export class DiskRoom {
  readonly #hasRoom: RoomProbe;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #onChange: (isFull: boolean) => void;

  /** @param parts.onChange hears once when there is no room, and once when there is again */
  constructor(parts: {
    readonly hasRoom: RoomProbe;
    readonly clock: Pick<Clock, 'sleep'>;
    readonly onChange: (isFull: boolean) => void;
  }) {
    this.#hasRoom = parts.hasRoom;
    this.#clock = parts.clock;
    this.#onChange = parts.onChange;
  }

  /** Resolves when there is room. */
  async wait({ signal }: { signal: AbortSignal }): Promise<void> {
    if (await this.#hasRoom()) return;
    this.#onChange(true);
    do await this.#clock.sleep(pollMs, { signal });
    while (!(await this.#hasRoom()));
    this.#onChange(false);
  }
}
