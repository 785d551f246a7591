/** The whole page in a browser that computes no layout: rows have heights because this says so. */
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { vi } from 'vitest';
import { App } from '../../webview/app.tsx';
import type { Host } from '../../webview/host.ts';
import { Page } from '../../webview/page.ts';
import type { Event } from '../../webview/reduce.ts';
import { initialState } from '../../webview/state.ts';
import { Store } from '../../webview/store.ts';
import { fakeHost, type FakeHost } from './fakeHost.ts';
import { FakeVideo } from './fakeVideo.ts';

const listHeight = 400;
const rowHeight = 40;

function giveHeights(): void {
  const height = (element: HTMLElement): number =>
    element.matches('.row') ? rowHeight : listHeight;
  for (const name of ['offsetHeight', 'clientHeight'] as const) {
    vi.spyOn(HTMLElement.prototype, name, 'get').mockImplementation(function (this: HTMLElement) {
      return height(this);
    });
  }
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(300);
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(function (
    this: HTMLElement,
  ) {
    const content = this.querySelector<HTMLElement>(':scope > .list-space');
    return content ? parseFloat(content.style.height) : listHeight;
  });
}

/** A page with what a test needs to look at it and to use it. */
export interface MountedPage {
  readonly page: Page;
  readonly host: FakeHost;
  readonly root: HTMLElement;
  readonly video: () => FakeVideo;
  /** Lets messages and acts happen, and the page be drawn. */
  readonly send: (...events: readonly Event[]) => Promise<void>;
  readonly act: (use: () => void) => Promise<void>;
  /** Lets time pass; needs fake timers. */
  readonly wait: (ms: number) => Promise<void>;
  /** @throws Error when there is not exactly one of that label or text */
  readonly button: (label: string | RegExp) => HTMLButtonElement;
  readonly click: (label: string | RegExp) => Promise<void>;
  /** The element for a selector. @throws Error when there is none */
  readonly find: (selector: string) => HTMLElement;
  readonly press: (
    target: Element,
    key: string,
    options?: KeyboardEventInit,
  ) => Promise<KeyboardEvent>;
  readonly type: (target: Element, text: string) => Promise<void>;
}

const labelOf = (element: Element): string =>
  element.getAttribute('aria-label') ?? element.textContent.replaceAll(/\s+/g, ' ').trim();

/** Mounts a page. @param makeHost to give it a host that has kept something */
export async function mountPage(
  makeHost: () => FakeHost = fakeHost,
  initial = initialState,
): Promise<MountedPage> {
  giveHeights();
  document.body.innerHTML = '';
  const root = document.body.appendChild(document.createElement('div'));
  const host = makeHost();
  const page = new Page(new Store(initial), host satisfies Host);
  await act(() => {
    render(<App page={page} />, root);
  });
  const run = (use: () => void): Promise<void> => act(use);
  const find = (selector: string): HTMLElement => {
    const found = root.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`there is no ${selector}`);
    return found;
  };
  const button = (label: string | RegExp): HTMLButtonElement => {
    const all = [...root.querySelectorAll('button')];
    const fitting = all.filter((one) =>
      typeof label === 'string' ? labelOf(one) === label : label.test(labelOf(one)),
    );
    const [only, second] = fitting;
    if (!only || second) {
      throw new Error(
        `${fitting.length} buttons ${String(label)} among ${all.map(labelOf).join(' | ')}`,
      );
    }
    return only;
  };
  let video: FakeVideo | undefined;
  return {
    page,
    host,
    root,
    find,
    button,
    act: run,
    wait: (ms) =>
      run(() => {
        vi.advanceTimersByTime(ms);
      }),
    video: () => (video ??= new FakeVideo(find('video') as HTMLVideoElement)),
    send: (...events) =>
      run(() => {
        for (const event of events) page.store.dispatch(event);
      }),
    click: (label) =>
      run(() => {
        button(label).click();
      }),
    press: async (target, key, options) => {
      const event = new KeyboardEvent('keydown', {
        key,
        bubbles: true,
        cancelable: true,
        ...options,
      });
      await run(() => {
        target.dispatchEvent(event);
      });
      return event;
    },
    type: (target, text) =>
      run(() => {
        (target as HTMLInputElement | HTMLTextAreaElement).value = text;
        target.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }),
  };
}
