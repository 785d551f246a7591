import { describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
import type { DenseTensor } from '../../../daemon/perception/ortSession.ts';
import { openFirst, visionProvidersFor } from '../../../daemon/perception/visionProviders.ts';

describe('the providers of an encoder', () => {
  const large = { bytes: 400e6, hasDevice: true };
  it.each([
    ['linux', large, ['cuda', 'webgpu', 'cpu']],
    ['win32', large, ['dml', 'cpu']],
    ['darwin', large, ['coreml', 'cpu']],
    ['freebsd', large, ['cpu']],
    ['linux', { ...large, hasDevice: false }, ['cpu']],
    ['linux', { ...large, bytes: 4_937_779 }, ['cpu']],
  ] as const)('on %s', (platform, encoder, expected) => {
    expect(visionProvidersFor(platform, encoder)).toEqual(expected);
  });
});

describe('an encoder', () => {
  const size = { width: 8, height: 4 };
  const providers = ['cuda', 'webgpu', 'cpu'];
  /** Computes the sums of a picture's rows, as `spoil` lets it. */
  class Session {
    isReleased = false;
    readonly provider: string;
    readonly #spoil: (value: number) => number;

    constructor(provider: string, spoil: (value: number) => number = (value) => value) {
      this.provider = provider;
      this.#spoil = spoil;
    }

    run({ data, dims }: DenseTensor): Promise<DenseTensor> {
      expect(dims).toEqual([1, 3, 4, 8]);
      const rows = Array.from({ length: 12 }, (_, row) =>
        this.#spoil(data.subarray(8 * row, 8 * row + 8).reduce((sum, x) => sum + x, 0)),
      );
      return Promise.resolve({ data: Float32Array.from(rows), dims: [1, 12] });
    }

    [Symbol.asyncDispose](): Promise<void> {
      this.isReleased = true;
      return Promise.resolve();
    }
  }

  /** What the providers of a machine do; the ones left out do not start. */
  async function open(machine: Readonly<Record<string, (value: number) => number>>) {
    const opened: Session[] = [];
    const { session, place } = await openFirst(providers, size, (provider) => {
      const spoil = machine[provider];
      if (!spoil) {
        const cause = new Error(`no ${provider}\n  here`);
        return Promise.reject(new AppError('model.unsupported', undefined, { cause }));
      }
      const one = new Session(provider, spoil);
      opened.push(one);
      return Promise.resolve(one);
    });
    const running = opened.filter(({ isReleased }) => !isReleased);
    expect(running).toEqual([session]);
    expect(session.provider).toBe(place.provider);
    return place;
  }

  const exact = (value: number): number => value;
  const noCuda = { provider: 'cuda', reason: 'no cuda here' };

  it('is computed by the first provider that starts', async () => {
    const rounding = (value: number): number => Math.fround(value * 1.001);
    const found = await open({ cuda: rounding, webgpu: exact, cpu: exact });
    expect(found).toEqual({ provider: 'cuda', failures: [] });
    const second = await open({ webgpu: exact, cpu: exact });
    expect(second).toEqual({ provider: 'webgpu', failures: [noCuda] });
  });

  it('is computed on the processor where none starts, which is told', async () => {
    const webgpu = { provider: 'webgpu', reason: 'no webgpu here' };
    expect(await open({ cpu: exact })).toEqual({ provider: 'cpu', failures: [noCuda, webgpu] });
  });

  it.each([
    ['something else', (value: number) => value * value - 1],
    ['nothing', () => 0],
    ['no numbers', () => Number.NaN],
  ])('is not left to a card that computes %s', async (_, spoil) => {
    const { provider, failures } = await open({ webgpu: spoil, cpu: exact });
    expect(provider).toBe('cpu');
    expect(failures[1]?.reason).toContain('it does not compute what the processor does');
  });

  it('that not even the processor opens is told as it is', async () => {
    await expect(open({})).rejects.toMatchObject({ code: 'model.unsupported' });
  });
});
