import { describe, expect, it } from 'vitest';
import {
  ask,
  findCookie,
  helloMessage,
  parseDisplay,
  read,
} from '../../../daemon/media/x11Wire.ts';

describe('the name of a display', () => {
  it.each([
    [':0', { host: '', number: 0, screen: 0 }],
    ['unix:12.1', { host: '', number: 12, screen: 1 }],
    ['far.example:10.0', { host: 'far.example', number: 10, screen: 0 }],
    ['wayland-0', undefined],
    ['', undefined],
  ])('%j', (name, expected) => {
    expect(parseDisplay(name)).toEqual(expected);
  });
});

describe('the key of a display', () => {
  const field = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  };
  const entry = (family: number, number: string, name: string, key: string): Buffer =>
    Buffer.concat([
      Buffer.from([family >> 8, family & 255]),
      ...['host', number, name, key].map(field),
    ]);
  const cookie = 'MIT-MAGIC-COOKIE-1';
  const file = Buffer.concat([
    entry(256, '1', cookie, 'one'),
    entry(256, '0', 'OTHER-KIND', 'odd'),
    entry(256, '0', cookie, 'zero'),
    entry(65_535, '', cookie, 'any'),
  ]);

  it.each([
    [0, 'zero'],
    [1, 'one'],
    [5, 'any'],
  ])('is that of display %i', (number, expected) => {
    expect(findCookie(file, { host: '', number, screen: 0 }).toString()).toBe(expected);
  });

  it('is empty when there is none, or the file is cut off', () => {
    const display = { host: '', number: 0, screen: 0 };
    expect(findCookie(Buffer.alloc(0), display)).toHaveLength(0);
    expect(findCookie(file.subarray(0, 40), display)).toHaveLength(0);
  });
});

describe('messages', () => {
  it('say how long they are, in units of four bytes', () => {
    const all = [
      ...[ask.tree(1), ask.property(1, 2), ask.image(1, [-1, 2, 3, 4]), ask.atom('WM_NAME')],
      ...[ask.shape(130, 1), ask.cursor(140), ask.place(1, 2), ask.extension('SHAPE')],
    ];
    for (const message of all) expect(message.readUInt16LE(2) * 4).toBe(message.length);
    expect(helloMessage(Buffer.from('0123456789abcdef')).length).toBe(12 + 20 + 16);
  });

  it('have texts of any number in one property', () => {
    const reply = Buffer.alloc(32);
    reply[1] = 8;
    const text = Buffer.from('xterm\0XTerm\0');
    reply.writeUInt32LE(text.length, 16);
    expect(read.texts(Buffer.concat([reply, text]))).toEqual(['xterm', 'XTerm']);
    expect(read.numbers(Buffer.concat([reply, text]))).toEqual([]);
  });
});
