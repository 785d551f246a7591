/** Everything that travels is plain data: it survives JSON, and is the same on the other side. Checked when compiled. */
import { describe, expectTypeOf, it } from 'vitest';
import type * as protocol from '../../protocol/index.ts';
import type {
  HostToWebview,
  MessageOf,
  NotificationMethod,
  RequestMethod,
  WebviewToHost,
} from '../../protocol/index.ts';

/** What a value is after JSON; `never` where it would be lost. Optional fields may be absent, not undefined. */
type Plain<Value> = Value extends string | number | boolean | null
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : Value extends (...all: never[]) => unknown
      ? never
      : Value extends object
        ? { readonly [Key in keyof Value]: Plain<Value[Key]> }
        : never;

type Methods = (typeof protocol)[keyof typeof protocol];
type Carried<Method> =
  Method extends RequestMethod<infer Params, infer Result>
    ? { readonly params: Params; readonly result: Result }
    : never;
type Told<Method> = Method extends NotificationMethod<infer Params> ? Params : never;

describe('what travels is plain data', () => {
  it('between clients and the daemon', () => {
    expectTypeOf<Carried<Methods>>().not.toBeNever();
    expectTypeOf<Told<Methods>>().not.toBeNever();
    expectTypeOf<Carried<Methods>>().toExtend<Plain<Carried<Methods>>>();
    expectTypeOf<Told<Methods>>().toExtend<Plain<Told<Methods>>>();
  });

  it('between the page and the extension', () => {
    expectTypeOf<HostToWebview>().toExtend<Plain<HostToWebview>>();
    expectTypeOf<WebviewToHost>().toExtend<Plain<WebviewToHost>>();
  });

  it('which the check would notice', () => {
    expectTypeOf<{ readonly at: Date }>().not.toExtend<Plain<{ readonly at: Date }>>();
    expectTypeOf<{ readonly run: () => void }>().not.toExtend<
      Plain<{ readonly run: () => void }>
    >();
    expectTypeOf<{ readonly a: Map<string, string> }>().not.toExtend<
      Plain<{ readonly a: Map<string, string> }>
    >();
    expectTypeOf<{ readonly a: string | undefined }>().not.toExtend<
      Plain<{ readonly a: string | undefined }>
    >();
  });
});

describe('a message of a map', () => {
  it('is known by its kind', () => {
    type Message = MessageOf<HostToWebview>;
    expectTypeOf<Message['kind']>().toEqualTypeOf<keyof HostToWebview>();
    expectTypeOf<Extract<Message, { readonly kind: 'seek' }>['body']>().toEqualTypeOf<
      HostToWebview['seek']
    >();
    expectTypeOf<{
      readonly kind: 'seek';
      readonly body: HostToWebview['init'];
    }>().not.toExtend<Message>();
  });
});
