import { describe, expect, it } from 'vitest';
import { emptyHtml, panelHtml, uncoveredOrigins } from '../../extension/panelHtml.ts';

const page = {
  nonce: 'abc',
  cspSource: 'https://webview.test',
  scriptUri: 'https://webview.test/webview.js',
  styleUri: 'https://webview.test/webview.css',
  mediaOrigins: ['https://tunnel.test'],
  language: 'de',
  title: 'a "quoted" <video>.mp4',
};

function policyOf(html: string): Record<string, string> {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  return Object.fromEntries(
    policy.split('; ').map((rule) => {
      const [name, ...sources] = rule.split(' ');
      return [name, sources.join(' ')];
    }),
  ) as Record<string, string>;
}

describe('the page', () => {
  it('runs one script, takes one style sheet, and fetches pictures and video only', () => {
    const media = 'https://webview.test http://127.0.0.1:* http://localhost:* https://tunnel.test';
    expect(policyOf(panelHtml(page))).toEqual({
      'default-src': "'none'",
      'script-src': "'nonce-abc'",
      'style-src': 'https://webview.test',
      'img-src': media,
      'media-src': `${media} blob:`,
      'connect-src': media,
    });
  });

  it('has nothing that its own policy would refuse', () => {
    const html = panelHtml(page);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="abc" src="https://webview.test/webview.js"></script>');
    expect(html).not.toMatch(/<style|style=| on\w+=|unsafe/);
  });

  it('says its language and its title, whatever the video is called', () => {
    const html = panelHtml(page);
    expect(html).toContain('<html lang="de">');
    expect(html).toContain('<title>a &quot;quoted&quot; &lt;video&gt;.mp4</title>');
  });

  it('without a video holds a sentence and a link, and no script', () => {
    const html = emptyHtml(page, { sentence: 'a < b', command: 'codealong.x', link: 'Open…' });
    expect(html).toContain('<p>a &lt; b</p>');
    expect(html).toContain('<a href="command:codealong.x">Open…</a>');
    expect(policyOf(html)).toEqual({ 'default-src': "'none'" });
    expect(html).not.toContain('<script');
  });
});

describe('origins that the page must be made anew for', () => {
  const check = (
    addresses: (string | undefined)[],
    covered: string[],
    expected: string[],
  ): void => {
    expect(uncoveredOrigins(addresses, covered)).toEqual(expected);
  };

  it('are none on this machine', () => {
    check(['http://127.0.0.1:4321/a/video.mp4', 'http://localhost:5/b'], [], []);
  });

  it('are told once each', () => {
    check(['https://a.test:8/x', 'https://a.test:8/y', undefined, ''], [], ['https://a.test:8']);
  });

  it('are not told again', () => {
    check(['https://a.test/x', 'https://b.test/y'], ['https://a.test'], ['https://b.test']);
  });

  it('are not hidden by another scheme or a name that only looks like this machine', () => {
    check(
      ['https://127.0.0.1:5/x', 'http://127.0.0.1.evil.test/y'],
      [],
      ['https://127.0.0.1:5', 'http://127.0.0.1.evil.test'],
    );
  });
});
