/** Tarballs as npm makes them, and as nobody should make them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

export interface TarEntry {
  /** With its top folder. */
  readonly path: string;
  readonly content?: Buffer | string;
  /** 0: a plain file. 1, 2: links. 5: a folder. x: a header that changes the one behind it. */
  readonly kind?: string;
  /** Where a link leads. */
  readonly target?: string;
}

/** @source POSIX ustar */
function header({ path: name, kind = '0', target = '' }: TarEntry, bytes: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write('000644 \0', 100);
  block.write(`${bytes.toString(8).padStart(11, '0')} `, 124);
  block.write(' '.repeat(8), 148);
  block.write(kind, 156);
  block.write(target, 157);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

export function makeTarball(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? '');
    const rest = -content.length & 511;
    return [header(entry, content.length), content, Buffer.alloc(rest)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level: 1 });
}

/** Of a package that is installed. */
export function packFolder(folder: string): Buffer {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile());
  return makeTarball(
    files.map((name) => ({
      path: `package/${name.split(path.sep).join('/')}`,
      content: readFileSync(path.join(folder, name)),
    })),
  );
}
