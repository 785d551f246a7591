/** Looks at a path before anything opens it as a video. */
import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { AppError } from '../base/errors.ts';

/**
 * Facts of a regular, readable file that is not empty. Pipes and devices are refused: reading them may never end.
 * @throws AppError source.notFound, source.unreadable
 */
export async function statSourceFile(path: string): Promise<Stats> {
  const facts = await describe(path, () => stat(path));
  if (facts.isDirectory()) {
    throw new AppError('source.unreadable', 'This is a folder, not a video.');
  }
  if (!facts.isFile()) throw new AppError('source.unreadable', 'This is not a regular file.');
  if (facts.size === 0) throw new AppError('source.unreadable', 'The file is empty.');
  await describe(path, () => access(path, constants.R_OK));
  return facts;
}

async function describe<Result>(path: string, look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const options = { cause, data: { path } };
    if (code === 'EACCES' || code === 'EPERM') {
      throw new AppError('source.unreadable', 'The file may not be read by you.', options);
    }
    // A name with a zero byte, too long, or below a file: none of them can exist.
    throw new AppError('source.notFound', undefined, options);
  }
}
