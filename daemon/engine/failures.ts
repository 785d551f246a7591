/** Failures on their way out of the engine process and back into errors on the other side. */
import { inspect } from 'node:util';
import { AppError, isAppError, isCancellation, toError } from '../base/errors.ts';
import type { Failure } from './messages.ts';

/** Data that cannot be cloned is left behind; the stack with all causes goes along as text. */
export function toFailure(thrown: unknown): Failure {
  if (isCancellation(thrown)) return { kind: 'cancelled' };
  const error = toError(thrown);
  const stack = inspect(error);
  if (!isAppError(error)) return { kind: 'bug', message: error.message, stack };
  return {
    kind: 'expected',
    code: error.code,
    message: error.message,
    stack,
    data: plain(error.data),
  };
}

/** The error that the caller on this side sees. */
export function fromFailure(failure: Failure, signal: AbortSignal): Error {
  switch (failure.kind) {
    case 'cancelled':
      return signal.aborted
        ? toError(signal.reason)
        : new DOMException('the engine gave the work up', 'AbortError');
    case 'expected':
      return new AppError(failure.code, failure.message, {
        cause: new Error(failure.stack),
        data: failure.data,
      });
    case 'bug':
      return new Error(failure.message, { cause: new Error(failure.stack) });
  }
}

function plain(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return structuredClone(data);
  } catch {
    return {};
  }
}
