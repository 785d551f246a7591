/** Which graphics cards the system knows, whether or not anything uses them. Linux alone: elsewhere llama.cpp itself tells. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Of cards that are worth using; every laptop has one of somebody else's beside its processor. @source PCI ID repository */
const makers: Readonly<Record<string, string>> = { '0x10de': 'NVIDIA', '0x1002': 'AMD' };

/** @param folder of the kernel, in which each card is a folder `cardN`. @returns the makers, one for each card */
export async function findGraphicsCards(folder = '/sys/class/drm'): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const cards = names.filter((name) => /^card\d+$/.test(name)).sort();
  const found = await Promise.all(
    cards.map(async (name) => {
      const file = path.join(folder, name, 'device', 'vendor');
      const vendor = await readFile(file, 'utf8').catch(() => '');
      return makers[vendor.trim()];
    }),
  );
  return found.filter((maker) => maker !== undefined);
}
