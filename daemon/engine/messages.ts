/** What travels between the daemon and the engine process. Structured clone, so typed arrays and maps pass as they are. */
import type { ErrorCode } from '../../protocol/index.ts';

export type ToEngine =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly service: string;
      readonly method: string;
      readonly args: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromEngine =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure };

/** A failure in a form that survives the journey. */
export type Failure =
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'expected';
      readonly code: ErrorCode;
      readonly message: string;
      readonly stack: string;
      readonly data: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string };
