import { describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
import type { DenseTensor } from '../../../daemon/perception/ortSession.ts';
import { VisionNetwork, visionProvidersFor } from '../../../daemon/perception/visionProviders.ts';

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
  /** What a provider makes of the value at an index. */
  type Spoil = (value: number, index: number) => number;

  /** Computes the sums of a picture's rows, as `spoil` lets it: three rows of four numbers. */
  class Session {
    isReleased = false;
    isBroken = false;
    readonly provider: string;
    readonly #spoil: Spoil;

    constructor(provider: string, spoil: Spoil) {
      this.provider = provider;
      this.#spoil = spoil;
    }

    run({ data, dims }: DenseTensor): Promise<DenseTensor> {
      expect(dims).toEqual([1, 3, 4, 8]);
      if (this.isBroken) return Promise.reject(new Error('out of memory'));
      const sums = Array.from({ length: 12 }, (_, row) =>
        data.subarray(8 * row, 8 * row + 8).reduce((sum, x) => sum + x, 0),
      );
      return Promise.resolve({ data: Float32Array.from(sums, this.#spoil), dims: [1, 3, 4] });
    }

    [Symbol.asyncDispose](): Promise<void> {
      this.isReleased = true;
      return this.isBroken ? Promise.reject(new Error('lost')) : Promise.resolve();
    }
  }

  /** @param machine what its providers do; the ones left out do not start */
  async function start(machine: Readonly<Record<string, Spoil>>) {
    const opened: Session[] = [];
    const network = await VisionNetwork.open(providers, size, (provider) => {
      const spoil = machine[provider];
      if (!spoil) {
        const cause = new Error(`no ${provider}\n  here`);
        return Promise.reject(new AppError('model.unsupported', undefined, { cause }));
      }
      const one = new Session(provider, spoil);
      opened.push(one);
      return Promise.resolve(one);
    });
    const running = () => opened.filter(({ isReleased }) => !isReleased);
    expect(running().map(({ provider }) => provider)).toEqual([network.place.provider]);
    return { network, running };
  }

  const open = async (machine: Readonly<Record<string, Spoil>>) =>
    (await start(machine)).network.place;

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
    ['one row of another picture', (value: number, index: number) => (index < 4 ? index : value)],
  ])('is not left to a card that computes %s', async (_, spoil) => {
    const { provider, failures } = await open({ webgpu: spoil, cpu: exact });
    expect(provider).toBe('cpu');
    expect(failures[1]?.reason).toContain('it does not compute what the processor does');
  });

  it('goes on with the next provider when a card fails later', async () => {
    const { network, running } = await start({ cuda: exact, cpu: exact });
    const picture = { data: new Float32Array(96).fill(1), dims: [1, 3, 4, 8] };
    const expected = await network.run(picture);
    running()[0]!.isBroken = true;
    expect(await network.run(picture)).toEqual(expected);
    expect(network.place).toEqual({
      provider: 'cpu',
      failures: [
        { provider: 'cuda', reason: 'out of memory' },
        { provider: 'webgpu', reason: 'no webgpu here' },
      ],
    });
    expect(running().map(({ provider }) => provider)).toEqual(['cpu']);
    running()[0]!.isBroken = true;
    await expect(network.run(picture)).rejects.toThrow('out of memory');
  });

  it('that not even the processor opens is told as it is', async () => {
    await expect(open({})).rejects.toMatchObject({ code: 'model.unsupported' });
  });
});
