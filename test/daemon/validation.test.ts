/** What a client may say that it wants to watch, and where libraries may come from. */
import { describe, expect, it } from 'vitest';
import { paramsSchemas, parseParams } from '../../daemon/validation.ts';

const accepts = (source: object): boolean => {
  try {
    parseParams(paramsSchemas.startSession, { source, options: {} });
    return true;
  } catch {
    return false;
  }
};

describe('a source', () => {
  it.each([
    'http://a/b',
    'https://a.org/live/x.m3u8?token=a%20b&c=d#e',
    'rtmp://a.org:1935/app/key',
    'rtmps://a/b',
    'rtsp://user:secret@10.0.0.1:554/stream',
    'srt://a.org:9000?mode=caller',
    'udp://@239.0.0.1:1234',
  ])('may be a stream at %s', (url) => {
    expect(accepts({ kind: 'stream', url })).toBe(true);
  });

  it.each([
    'file:///etc/passwd',
    '/etc/passwd',
    'concat:http://a/b|file:///etc/passwd',
    'subfile,,start,0,end,9,,:/etc/passwd',
    'crypto:http://a/b',
    'async:http://a/b',
    'data:video/mp4;base64,AAAA',
    'pipe:0',
    'http:/a',
    'http://',
    'HTTP://a/b',
    'hls+http://a/b',
    'http://a/b c',
    'http://a/b\nfile:///x',
    '-i http://a',
    'gopher://a/b',
    'unix:///run/x.sock',
    '',
  ])('may not be at %j', (url) => {
    expect(accepts({ kind: 'stream', url })).toBe(false);
  });

  it('may be a display, a window or a part of them', () => {
    for (const part of [
      {},
      { display: ':0' },
      { display: 'host:10.0', authority: '/home/me/.Xauthority' },
      { display: '1', window: '0x20000c', box: [0, 0, 100, 100] },
    ]) {
      expect(accepts({ kind: 'screen', ...part })).toBe(true);
    }
    for (const part of [
      { display: '-i' },
      { display: ':0+1,2' },
      { display: 'testsrc' },
      { authority: 'relative' },
      { window: 'desktop' },
      { box: [0, 0, 0, 100] },
    ]) {
      expect(accepts({ kind: 'screen', ...part })).toBe(false);
    }
  });

  it('may be a live session that is kept, by its id', () => {
    expect(accepts({ kind: 'kept', videoId: 'live-0123456789ab' })).toBe(true);
    expect(accepts({ kind: 'kept', videoId: '../x' })).toBe(false);
  });

  it('is asked about and played only when it has a timeline', () => {
    const kept = { kind: 'kept', videoId: 'live-0123456789ab' };
    const ask = (source: object) => (): unknown =>
      parseParams(paramsSchemas.ask, { source, question: 'What?' });
    const open = (source: object) => (): unknown =>
      parseParams(paramsSchemas.openMedia, { source });
    for (const use of [ask, open]) {
      expect(use(kept)).not.toThrow();
      expect(use({ kind: 'stream', url: 'http://a/b' })).toThrow();
      expect(use({ kind: 'screen' })).toThrow();
    }
  });
});

describe('an npm registry', () => {
  const parse = (registry: string) => (): unknown =>
    parseParams(paramsSchemas.installGpuLibrary, { registry });

  it.each(['https://registry.npmjs.org/', 'http://127.0.0.1:4873', 'https://a.org/npm/team/'])(
    'may be at %s',
    (registry) => {
      expect(parse(registry)).not.toThrow();
    },
  );

  it.each([
    'https://me:secret@a.org/',
    'https://secret@a.org/',
    'https://a.org/npm?key=secret',
    'https://a.org/npm#secret',
    'file:///etc',
    'a.org',
  ])('may not be at %s', (registry) => {
    const sentence =
      'registry: must be an address such as https://host/npm/, without a user name, a password or a query.';
    expect(parse(registry)).toThrow(sentence);
  });
});
