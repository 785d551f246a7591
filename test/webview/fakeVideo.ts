/** A `<video>` that loads and plays nothing, but says what it was told; a test says what happens to it. */
export class FakeVideo {
  readonly element: HTMLVideoElement;
  /** Addresses in the order of loading. */
  readonly loaded: string[] = [];
  currentTime = 0;
  duration = 100;
  paused = true;
  /** How the next `play()` ends. */
  refusal: DOMException | undefined;
  error: { readonly code: number; readonly message: string } | null = null;

  /** Takes over an element of the page. */
  constructor(element: HTMLVideoElement = document.createElement('video')) {
    this.element = element;
    for (const name of ['currentTime', 'duration', 'paused', 'error'] as const) {
      Object.defineProperty(element, name, {
        configurable: true,
        get: () => this[name],
        set: (value: never) => {
          this[name] = value;
        },
      });
    }
    Object.assign(element, {
      load: () => {
        const address = element.getAttribute('src');
        if (address === null) return;
        this.loaded.push(address);
        this.currentTime = 0;
        this.paused = true;
        this.error = null;
        element.playbackRate = element.defaultPlaybackRate;
      },
      play: () => {
        if (this.refusal) return Promise.reject(this.refusal);
        this.paused = false;
        this.say('play');
        return Promise.resolve();
      },
      pause: () => {
        this.paused = true;
        this.say('pause');
      },
    });
  }

  say(event: keyof HTMLMediaElementEventMap): void {
    this.element.dispatchEvent(new Event(event));
  }

  /** It has come so far in playing. */
  reach(seconds: number): void {
    this.currentTime = seconds;
    this.say('timeupdate');
  }

  fail(code: number, message: string): void {
    this.error = { code, message };
    this.say('error');
  }
}
