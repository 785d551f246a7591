/** What a request and a notification are, as typed constants. */

/** A request from client to daemon. The phantom types make both ends agree at compile time. */
export interface RequestMethod<Params, Result> {
  readonly method: string;
  readonly types?: { readonly params: Params; readonly result: Result };
}

/** A notification; its direction stands in the constant's docstring. */
export interface NotificationMethod<Params> {
  readonly method: string;
  readonly types?: { readonly params: Params };
}

export const request = <Params, Result>(method: string): RequestMethod<Params, Result> => ({
  method,
});
export const notification = <Params>(method: string): NotificationMethod<Params> => ({ method });
