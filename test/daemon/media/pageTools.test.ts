import { describe, expect, it } from 'vitest';
import { liveName } from '../../../daemon/media/liveName.ts';
import { failureOf, pageTools } from '../../../daemon/media/pageTools.ts';

const [ytDlp, streamlink] = pageTools;

describe('the tools that read pages', () => {
  it('are never given an address as an option', () => {
    for (const tool of pageTools) {
      expect(tool.findArgs('https://a/watch').slice(-2)).toEqual(['--', 'https://a/watch']);
    }
  });

  it('tell where the stream is, and what must be sent along', () => {
    const told = { url: 'https://b/c.m3u8', http_headers: { Referer: 'https://a', Bad: 'x\r\ny' } };
    const found = { url: 'https://b/c.m3u8', headers: { Referer: 'https://a' } };
    expect(ytDlp!.read(JSON.stringify(told))).toEqual(found);
    const downloads = JSON.stringify({ title: 'x', requested_downloads: [told] });
    expect(ytDlp!.read(downloads)).toEqual(found);
    const other = { type: 'hls', url: 'https://b/c.m3u8', headers: { Referer: 'https://a' } };
    expect(streamlink!.read(JSON.stringify(other))).toEqual(found);
    const master = { ...other, master: 'https://b/all.m3u8' };
    const playlist = { ...found, playlist: 'https://b/all.m3u8' };
    expect(streamlink!.read(JSON.stringify(master))).toEqual(playlist);
    const manifest = { ...told, manifest_url: 'https://b/all.m3u8' };
    expect(ytDlp!.read(JSON.stringify(manifest))).toEqual(playlist);
  });

  it.each(['', 'no json', '[]', '{"url":1}', '{"url":"file:///etc/passwd"}', '{"error":"none"}'])(
    'tell nothing that can be watched: %s',
    (output) => {
      for (const tool of pageTools) expect(tool.read(output)).toBeUndefined();
    },
  );

  it('say what went wrong in their own words', () => {
    expect(failureOf('WARNING: old\nERROR: [youtube] abc: Private video\n')).toBe(
      'ERROR: [youtube] abc: Private video',
    );
    expect(failureOf('[cli][error] Unable to open\n')).toBe('[cli][error] Unable to open');
    expect(failureOf('something\n\n')).toBe('something');
    expect(failureOf('')).toBeUndefined();
  });
});

describe('the name of a live session', () => {
  it.each([
    ['https://me:secret@a.org/live/x.m3u8?token=1#y', 'https://a.org/live/x.m3u8'],
    ['rtmp://a.org:1935/app/my-key', 'rtmp://a.org:1935/app/…'],
    ['srt://a.org:9000?passphrase=1', 'srt://a.org:9000'],
  ])('has nothing that opens the stream: %s', (url, name) => {
    expect(liveName({ kind: 'stream', url })).toBe(name);
  });

  it('says which part of which screen', () => {
    const screen = { kind: 'screen', display: ':0' } as const;
    expect(liveName(screen)).toBe('screen :0');
    expect(liveName({ ...screen, window: '0x2a' })).toBe('window 0x2a of screen :0');
    expect(liveName({ ...screen, box: [1, 2, 3, 4] })).toBe('screen :0, 3 × 4 at 1, 2');
  });
});
