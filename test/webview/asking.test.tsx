// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaMs, type HostToWebview } from '../../protocol/index.ts';
import type { Event } from '../../webview/reduce.ts';
import { saveState } from '../../webview/savedState.ts';
import { initialState } from '../../webview/state.ts';
import { mountPage, type MountedPage } from './mountPage.tsx';
import { after, answer, init, media, query, stats } from './rows.ts';

const playable: Event = { kind: 'media', body: media };
const moved = (seconds: number): Event => ({
  kind: 'moved',
  body: { positionMs: mediaMs(seconds * 1000) },
});
const answered = (requestId: string, row: HostToWebview['answer']['answer']): Event => ({
  kind: 'answer',
  body: { requestId, answer: row },
});

let page: MountedPage;
const box = (): HTMLTextAreaElement => page.find('textarea') as HTMLTextAreaElement;
const scope = (): HTMLSelectElement => page.find('select.scope') as HTMLSelectElement;
const choose = (value: string): Promise<void> =>
  page.act(() => {
    scope().value = value;
    scope().dispatchEvent(new Event('change', { bubbles: true }));
  });
/** Writes and sends a question. @returns its request's id */
async function ask(question: string): Promise<string> {
  await page.type(box(), question);
  await page.press(box(), 'Enter');
  return page.host.last('ask').requestId;
}
const conversation = (): string => page.find('.conversation').textContent;

beforeEach(async () => {
  page = await mountPage();
  await page.send(init, playable, moved(42));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a question', () => {
  it('is sent with Enter, about what was seen so far', async () => {
    const requestId = await ask('  What now?  ');
    expect(page.host.last('ask')).toEqual({
      requestId,
      question: 'What now?',
      scope: { kind: 'now', atMs: 42_000 },
    });
    expect(box().value).toBe('');
    expect(conversation()).toContain('What now?Up to 0:42');
  });

  it('may have lines, and may be composed', async () => {
    await page.type(box(), 'one');
    expect((await page.press(box(), 'Enter', { shiftKey: true })).defaultPrevented).toBe(false);
    await page.press(box(), 'Enter', { isComposing: true });
    await page.type(box(), '   ');
    await page.press(box(), 'Enter');
    expect(page.host.said).toEqual([]);
  });

  it('can be about a selection, or the whole', async () => {
    await page.send({
      kind: 'selected',
      body: { range: { fromMs: mediaMs(1000), toMs: mediaMs(9000) } },
    });
    expect(scope().value).toBe('range');
    await ask('What happens here?');
    expect(page.host.last('ask').scope).toEqual({ kind: 'range', fromMs: 1000, toMs: 9000 });
    await page.send({ kind: 'answerFailed', body: { requestId: page.host.last('ask').requestId } });
    await choose('whole');
    await ask('And all in all?');
    expect(page.host.last('ask').scope).toEqual({ kind: 'whole' });
  });

  it('offers a selection only where there is one', () => {
    const offered = [...scope().options].map(({ value }) => value);
    expect(offered).toEqual(['now', 'whole']);
  });

  it('that was asked by command is shown as if it was asked here', async () => {
    await page.send({
      kind: 'asked',
      body: { requestId: 'c', question: 'Elsewhere?', scope: { kind: 'whole' } },
    });
    expect(conversation()).toContain('Elsewhere?Whole video');
    expect(page.button('Stop')).toBeDefined();
  });

  it('begins where the host puts the cursor', async () => {
    await page.send({ kind: 'focusAsk', body: {} });
    expect(document.activeElement).toBe(box());
  });
});

describe('an answer', () => {
  it('comes word by word, and its citations lead to their moments', async () => {
    const requestId = await ask('Which function?');
    await page.send({ kind: 'answerDelta', body: { requestId, text: 'The one ' } });
    await page.send({ kind: 'answerDelta', body: { requestId, text: 'at 0:08' } });
    expect(page.find('.answer').textContent).toContain('The one at 0:08');
    expect(page.find('.answer').getAttribute('aria-busy')).toBe('true');
    await page.send(answered(requestId, { ...answer(9, 8, 8, 23), text: 'The one at 0:08.' }));
    expect(page.find('.answer').getAttribute('aria-busy')).toBe('false');
    const pictures = [...page.root.querySelectorAll('.citation img')];
    expect(pictures.map((one) => one.getAttribute('src'))).toEqual([
      `${media.frameUrl}/8000.jpg?width=480`,
      `${media.frameUrl}/23000.jpg?width=480`,
    ]);
    expect(page.find('.visually-hidden').textContent).toBe('Answer: The one at 0:08.');
    await page.click('Go to 0:23: seen at 23');
    expect(page.page.store.state.seek.atMs).toBe(23_000);
    await page.click('0:08');
    expect(page.page.store.state.seek.atMs).toBe(8000);
  });

  it('says that its part is still being watched', async () => {
    await page.send({ kind: 'status', body: { state: 'watching', stats: stats(30, 3) } });
    await ask('What now?');
    expect(page.find('.answer').textContent).toBe('This part is still being watched.');
    await page.send({ kind: 'status', body: { state: 'watching', stats: stats(50, 5) } });
    expect(page.find('.answer').textContent).toBe('Answering');
  });

  it('that is none says so once', async () => {
    const requestId = await ask('Who?');
    await page.send(answered(requestId, { ...answer(9, 8), text: 'Not seen in this video.' }));
    expect(page.find('.not-seen-title').textContent).toBe('Not seen in this video');
  });

  it('can be stopped', async () => {
    const requestId = await ask('Why?');
    await page.send({ kind: 'answerDelta', body: { requestId, text: 'Half of' } });
    await page.click('Stop');
    expect(page.host.last('stopAnswer')).toEqual({ requestId });
    expect(page.find('.answer').textContent).toBe('Half ofStopped');
    expect(page.button('Ask')).toBeDefined();
  });

  it('leaves the focus on the button that it was sent with', async () => {
    await page.type(box(), 'Why?');
    page.button('Ask').focus();
    await page.click('Ask');
    const { requestId } = page.host.last('ask');
    expect(document.activeElement).toBe(page.button('Stop'));
    await page.send(answered(requestId, answer(9, 8, 1)));
    expect(document.activeElement).toBe(page.button('Ask'));
    expect(page.button('Ask').disabled).toBe(false);
  });

  it('holds back the next question until it is there', async () => {
    await ask('First?');
    await ask('Second?');
    expect(page.host.said.filter(({ kind }) => kind === 'ask')).toHaveLength(1);
    expect(box().value).toBe('Second?');
  });

  it('that failed says why, with what to do', async () => {
    const requestId = await ask('Why?');
    const error = {
      message: 'The engine is gone.',
      remedy: 'Restart.',
      action: 'restartDaemon',
    } as const;
    await page.send({ kind: 'answerFailed', body: { requestId, error } });
    expect(page.find('[role="alert"]').textContent).toBe('The engine is gone.Restart');
    await page.click('Restart');
    expect(page.host.last('action')).toEqual({ action: 'restartDaemon' });
  });

  it('that failed can be asked for again, as it was', async () => {
    const first = await ask('Which function?');
    await page.send(answered(first, answer(9, 8, 1)));
    const second = await ask('What does it return?');
    const error = { message: 'The daemon is gone.', remedy: '', action: 'retry' } as const;
    await page.send({ kind: 'answerFailed', body: { requestId: second, error } }, moved(50));
    const { requestId: _, ...question } = page.host.last('ask');
    await page.click('Try again');
    const again = page.host.last('ask');
    expect(again).toEqual({ ...question, requestId: again.requestId });
    expect(again.requestId).not.toBe(second);
    expect(page.root.querySelectorAll('.exchange')).toHaveLength(2);
    expect(page.find('.answer[aria-busy="true"]').textContent).toBe('Answering');
  });

  it('is text, whatever it looks like', async () => {
    const requestId = await ask('Why?');
    const text = '<b onclick="x()">no</b> 99:99 and 3:07';
    await page.send(answered(requestId, { ...answer(9, 8, 1), text }));
    expect(page.root.querySelector('.answer b')).toBeNull();
    expect(page.find('.answer-text').textContent).toBe(text);
    // Neither is a moment of this video.
    expect(page.root.querySelectorAll('.answer-text button')).toHaveLength(0);
  });
});

describe('a thread', () => {
  it('goes on from the last answer until it is left', async () => {
    const first = await ask('Which function?');
    expect(page.host.last('ask')).not.toHaveProperty('followUpOf');
    await page.send(answered(first, answer(9, 8, 1)));
    expect(page.find('.thread').textContent).toContain('Follow-up to “Which function?”');
    const second = await ask('What does it return?');
    expect(page.host.last('ask')).toMatchObject({ followUpOf: 9 });
    expect(conversation()).toContain('Follow-up · Up to 0:42');
    await page.send(answered(second, answer(11, 10, 1)));
    await ask('And then?');
    expect(page.host.last('ask')).toMatchObject({ followUpOf: 11 });
    await page.send(answered(page.host.last('ask').requestId, answer(13, 12)));
    await page.click('New question');
    expect(page.root.querySelector('.thread')).toBeNull();
    expect(document.activeElement).toBe(box());
    await ask('Something else?');
    expect(page.host.last('ask')).not.toHaveProperty('followUpOf');
  });
});

describe('a thread whose answer is gone', () => {
  it('is not followed, since nobody could leave it', async () => {
    const first = await ask('Which function?');
    await page.send(answered(first, answer(9, 8, 1)));
    await page.send({ kind: 'rows', body: { rows: [], isReset: true } });
    expect(page.root.querySelector('.thread')).toBeNull();
    await ask('And then?');
    expect(page.host.last('ask')).not.toHaveProperty('followUpOf');
  });
});

describe('after a reload', () => {
  const stored: Event = {
    kind: 'rows',
    body: {
      rows: [query(1, 'One?'), answer(2, 1, 5), query(3, 'Two?'), answer(4, 3)],
      isReset: true,
    },
  };

  it('the conversation is there again', async () => {
    await page.send(stored);
    await page.click(/^Questions/);
    const asked = [...page.root.querySelectorAll('.question-text')].map((one) => one.textContent);
    expect(asked).toEqual(['One?', 'Two?']);
    expect(page.root.querySelectorAll('.not-seen')).toHaveLength(1);
    // Nobody is told again what was answered long ago.
    expect(page.find('.visually-hidden').textContent).toBe('');
  });

  it('what followed an answer still does', async () => {
    const followUp = { ...query(3, 'Two?'), followUpOf: 2 };
    const rows = [query(1, 'One?'), answer(2, 1, 5), followUp, answer(4, 3)];
    await page.send({ kind: 'rows', body: { rows, isReset: true } });
    await page.click(/^Questions/);
    const about = [...page.root.querySelectorAll('.question-about')].map((one) => one.textContent);
    expect(about).toEqual(['', 'Follow-up']);
  });

  it('a question that was not answered yet is in the box, unless it is being answered', async () => {
    const body = { requestId: 'r', question: 'Two?', scope: { kind: 'whole' } } as const;
    const saved = saveState(after(init, { kind: 'asked', body }));
    page = await mountPage(undefined, { ...initialState, saved });
    await page.send(init);
    expect(box().value).toBe('Two?');
    await page.send({ kind: 'asked', body });
    expect(box().value).toBe('');
  });

  it('the thread, the draft and the tab are there again', async () => {
    const used = after(
      init,
      { kind: 'asked', body: { requestId: 'r', question: 'Two?', scope: { kind: 'whole' } } },
      answered('r', answer(4, 3, 5)),
      { kind: 'drafted', body: { draft: 'And' } },
    );
    page = await mountPage(undefined, { ...initialState, saved: saveState(used) });
    await page.send(init, stored);
    expect(box().value).toBe('And');
    expect(page.find('.thread').textContent).toContain('Two?');
    expect(page.find('[role="tab"][aria-selected="true"]').textContent).toContain('Questions');
    await page.press(box(), 'Enter');
    expect(page.host.last('ask')).toMatchObject({ question: 'And', followUpOf: 4 });
  });
});

describe('a summary', () => {
  it('is of the selection, or of what the extension asks for', async () => {
    await page.click('Summarize');
    expect(page.host.last('summarize')).toEqual({});
    const range = { fromMs: mediaMs(1000), toMs: mediaMs(9000) };
    await page.send({ kind: 'selected', body: { range } });
    page.find('.ask-tools [aria-label="Summarize"]').click();
    expect(page.host.last('summarize')).toEqual(range);
  });
});

it('has tabs that are named wherever their names have no room', () => {
  const tabs = [...page.root.querySelectorAll<HTMLElement>('[role="tab"]')];
  expect(tabs.map(({ title }) => title)).toEqual(['Guidance', 'Questions', 'Code', 'Search']);
  for (const tab of tabs) expect(tab.textContent).toContain(tab.title);
});

it('has tabs that Home and End and the arrow keys go round, and keeps the chosen one in sight', async () => {
  const scrolled = vi.spyOn(HTMLElement.prototype, 'scrollIntoView');
  page.find('#tab-guidance').focus();
  for (const [key, id] of [
    ['End', 'tab-search'],
    ['ArrowRight', 'tab-guidance'],
    ['ArrowLeft', 'tab-search'],
    ['Home', 'tab-guidance'],
  ] as const) {
    await page.press(document.activeElement!, key);
    expect(document.activeElement?.id).toBe(id);
    expect(page.find('[role="tab"][aria-selected="true"]').id).toBe(id);
    expect(scrolled.mock.contexts.at(-1)).toBe(document.activeElement);
  }
});

it('has tabs that the arrow keys change', async () => {
  const tab = page.find('#tab-guidance');
  tab.focus();
  await page.press(tab, 'ArrowRight');
  expect(document.activeElement?.id).toBe('tab-questions');
  expect(page.find('[role="tabpanel"]').getAttribute('aria-labelledby')).toBe('tab-questions');
  expect(page.find('.empty').textContent).toContain('Ask what the video shows.');
});
