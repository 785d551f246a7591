// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { wallMs, type HostToWebview, type PanelSettings } from '../../protocol/index.ts';
import type { Event } from '../../webview/reduce.ts';
import { mountPage, type MountedPage } from './mountPage.tsx';
import { guidance, init, stats } from './rows.ts';

const rows: Event = {
  kind: 'rows',
  body: {
    rows: [
      { ...guidance(1, 1, 'sure'), silenceProbability: 0.05 },
      { ...guidance(2, 2, 'likely'), silenceProbability: 0.3 },
      { ...guidance(3, 3, 'hardly'), silenceProbability: 0.7 },
      { ...guidance(4, 4, 'asked'), silenceProbability: 0.9, request: 'when they pass' },
    ],
    isReset: false,
  },
};
const manner = (body: HostToWebview['manner']): Event => ({ kind: 'manner', body });
const set = (chattiness: PanelSettings['chattiness']): Event => ({
  kind: 'settings',
  body: { revealGuidance: 'asIndexed', announceGuidance: true, chattiness },
});
const watching: Event = { kind: 'status', body: { state: 'watching', stats: stats(1, 1) } };

let page: MountedPage;
const listed = (): string[] =>
  [...page.root.querySelectorAll('.row-text')].map((one) => one.textContent);
const slider = (): HTMLInputElement => page.find('.chattiness input') as HTMLInputElement;

beforeEach(async () => {
  page = await mountPage();
  await page.send(init);
});

describe('the slider', () => {
  it('lists what would be said at its setting, and what was asked for at every one', async () => {
    await page.send(manner({ silenceThreshold: 0.5, requests: [] }), rows);
    expect(listed()).toEqual(['sure', 'likely', 'asked']);
    await page.send(set('quietest'));
    expect(listed()).toEqual(['sure', 'asked']);
    expect(page.find('.manner').textContent).toContain('Not listed at this setting: 2');
    await page.send(set('chattiest'));
    expect(listed()).toEqual(['sure', 'likely', 'hardly', 'asked']);
  });

  it('lists everything as long as nobody knows how the pack was calibrated', async () => {
    await page.send(rows, set('quietest'));
    expect(listed()).toHaveLength(4);
  });

  it('has words for its stops, and says once what was chosen', async () => {
    expect(slider().getAttribute('aria-valuetext')).toBe('As the model was calibrated');
    await page.send(manner({ silenceThreshold: 0.5, requests: [] }), rows);
    await page.type(slider(), '0');
    expect(listed()).toEqual(['sure', 'asked']);
    expect(page.host.said.filter(({ kind }) => kind === 'setChattiness')).toEqual([]);
    await page.act(() => {
      slider().dispatchEvent(new window.Event('change', { bubbles: true }));
    });
    expect(page.host.last('setChattiness')).toEqual({ chattiness: 'quietest' });
  });

  it('says why nothing is listed', async () => {
    await page.send(manner({ silenceThreshold: 0.5, requests: [] }), set('quietest'), {
      kind: 'rows',
      body: { rows: [{ ...guidance(1, 1), silenceProbability: 0.4 }], isReset: false },
    });
    expect(page.find('.empty').textContent).toContain('wanted at this setting');
  });
});

describe('standing requests', () => {
  it('can be made while it is watched', async () => {
    expect(page.find('.manner').textContent).toContain('Tell me when…');
    await page.send(watching);
    await page.click('Tell me when…');
    expect(page.host.last('tellMeWhen')).toEqual({});
    await page.send({ kind: 'status', body: { state: 'finished' } });
    expect(page.find('.manner').textContent).not.toContain('Tell me when…');
  });

  it('are listed with a way to end each, and mark what answers them', async () => {
    await page.send(manner({ requests: ['when they pass'] }), rows);
    expect(page.find('.requests').textContent).toBe('Tell me when they pass');
    expect(page.find('.row-request').textContent).toBe('You asked to be told when they pass');
    await page.click('No longer tell me when they pass');
    expect(page.host.last('forgetRequest')).toEqual({ request: 'when they pass' });
  });
});

describe('snooze', () => {
  it('is begun and ended by a button that says how it stands', async () => {
    await page.click('Snooze guidance…');
    expect(page.host.last('snooze')).toEqual({ isOver: false });
    await page.send({
      kind: 'attention',
      body: { snooze: { untilMs: wallMs(Date.now()) }, isTyping: false },
    });
    expect(page.button('Announce guidance again').getAttribute('aria-pressed')).toBe('true');
    expect(page.find('.manner-note').textContent).toMatch(/^Snoozed until .+: listed/);
    await page.click('Announce guidance again');
    expect(page.host.last('snooze')).toEqual({ isOver: true });
  });
});

describe('a row that a notification leads to', () => {
  it('comes into sight with the cursor on it, also when its row comes later', async () => {
    await page.send({ kind: 'viewed', body: { tab: 'search', filter: 'x' } });
    await page.send({ kind: 'reveal', body: { rowId: 3 } });
    await page.send(rows);
    expect(document.activeElement?.textContent).toContain('hardly');
    expect(page.page.store.state.view).toMatchObject({
      ...{ tab: 'guidance', filter: '', isFollowing: false, revealRowId: undefined },
    });
  });
});
