/** What both finding and installing packs ask of a disk. */
import { stat } from 'node:fs/promises';

/** Whether anything lies there, a file or a folder. */
export const exists = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  );
