import { describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
import { fromFailure, toFailure } from '../../../daemon/engine/failures.ts';

const signal = new AbortController().signal;
const travel = (error: unknown, at = signal): Error =>
  fromFailure(structuredClone(toFailure(error)), at);

describe('a failure on its way through the wall', () => {
  it('keeps code, sentence, data and every cause', () => {
    const cause = new Error('the deep reason');
    const arrived = travel(
      new AppError('model.unsupported', 'Not this.', { cause, data: { a: 1 } }),
    );
    expect(arrived).toMatchObject({
      code: 'model.unsupported',
      message: 'Not this.',
      data: { a: 1 },
    });
    expect((arrived.cause as Error).message).toContain('the deep reason');
  });

  it('leaves behind data that cannot travel', () => {
    const arrived = travel(new AppError('internal', undefined, { data: { run: () => 1 } }));
    expect(arrived).toMatchObject({ code: 'internal', data: {} });
  });

  it('stays a bug when it is one', () => {
    const arrived = travel(new TypeError('x is undefined'));
    expect(arrived).not.toBeInstanceOf(AppError);
    expect(arrived.message).toBe('x is undefined');
    expect(travel('a thrown string').message).toBe('thrown value');
  });

  it('stays a cancellation, with the reason of this side', () => {
    const controller = new AbortController();
    const reason = new DOMException('enough', 'AbortError');
    controller.abort(reason);
    expect(travel(new DOMException('stop', 'AbortError'), controller.signal)).toBe(reason);
    expect(travel(new DOMException('stop', 'AbortError')).name).toBe('AbortError');
  });
});
