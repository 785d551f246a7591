/** Two ends of JSON-RPC over memory: the server's connection, and a client that speaks to it. */
import { PassThrough } from 'node:stream';
import { createMessageConnection, type MessageConnection } from 'vscode-jsonrpc/node';
import { DaemonConnection } from '../../daemon/client/connection.ts';

export interface RpcPair {
  /** Not listening yet, as `serveClient` takes it. */
  readonly server: MessageConnection;
  readonly client: DaemonConnection;
  /** Ends the stream as a broken socket would. */
  readonly cut: () => void;
  /** Ends it from the server's side; what was written before still arrives. */
  readonly end: () => void;
}

export function createRpcPair(): RpcPair {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const cut = (): void => {
    toServer.destroy();
    toClient.destroy();
  };
  return {
    server: createMessageConnection(toServer, toClient),
    client: new DaemonConnection(createMessageConnection(toClient, toServer), cut),
    cut,
    end: () => {
      toClient.end();
    },
  };
}
