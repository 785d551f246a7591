/** The only path that others import the protocol from. */
export * from './deepLink.ts';
export * from './errors.ts';
export * from './gpu.ts';
export * from './manner.ts';
export type { NotificationMethod, RequestMethod } from './message.ts';
export * from './methods.ts';
export * from './models.ts';
export * from './quotations.ts';
export * from './seekLink.ts';
export * from './serverAddress.ts';
export * from './session.ts';
export * from './summary.ts';
export * from './timeline.ts';
export * from './tools.ts';
export * from './units.ts';
export * from './webview.ts';
