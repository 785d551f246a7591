/** Models on servers as the assistant uses them: each stands beside the shipped pack, which reads the screen and ranks rows on this machine. */
import { createHash } from 'node:crypto';
import { servedModel, type ServedModel } from '../protocol/index.ts';
import type { Pack, PackDescription, PackFinder } from './assistant/collaborators.ts';
import { ServedRecall } from './assistant/servedRecall.ts';
import { ServedStreamingModel } from './assistant/servedStreamingModel.ts';
import type { Clock } from './base/clock.ts';
import { ChatServer } from './endpoint/chatServer.ts';
import { HubConnection } from './endpoint/hubConnection.ts';
import { hubPack, isHubAddress } from './hubPacks.ts';
import { encodeJpegs } from './media/jpegs.ts';
import type { FfmpegTools } from './media/probing.ts';

export interface ServedPacksParts {
  /** Packs on this machine. */
  readonly local: PackFinder;
  readonly tools: (options: { signal: AbortSignal }) => Promise<FfmpegTools>;
  readonly clock: Clock;
}

/** Large enough to tell what is where; what stands there goes along as text. */
const maxPictureWidth = 768;
/** Pictures that show nothing new are not sent, whatever the rate; the reader is tuned for it. */
const frameRateFps = 2;
/** Between silence and speech, as `scoreProbe` gives it. */
const silenceThreshold = 0.5;
/** A model that was not trained to wait says the same once more while it still stands there. @source Dispider, arXiv:2501.03218: what was said since counts anew */
const refractoryMs = 4000;
/** Whoever begins to watch waits so long for a server that is away, ms. */
const connectPatienceMs = 3000;

/** Finds packs on this machine, and models on servers. */
export class ServedPacks implements PackFinder {
  readonly #parts: ServedPacksParts;
  readonly #servers = new Map<string, ChatServer>();
  readonly #hubs = new Map<string, HubConnection>();

  constructor(parts: ServedPacksParts) {
    this.#parts = parts;
  }

  async find(
    model: string | undefined,
    options: { readonly key?: string | undefined; readonly signal: AbortSignal },
  ): Promise<Pack> {
    const { local } = this.#parts;
    const served = servedModel(model);
    if (!served) return local.find(model, options);
    const reading = await local.find(undefined, options);
    if (isHubAddress(served.address)) return hubPack(this.hub(served, options), reading, options);
    const server = this.server(served, options);
    return servedPack({ ...this.#parts, reading, served, server });
  }

  /** One and the same for all who watch with it: what it can do is found out once. */
  server(served: ServedModel, { key }: { readonly key?: string | undefined }): ChatServer {
    const { clock } = this.#parts;
    return once(
      this.#servers,
      nameOfServer(served, key),
      () => new ChatServer({ served, key, clock }),
    );
  }

  /** The same for hubs. */
  hub(served: ServedModel, { key }: { readonly key?: string | undefined }): HubConnection {
    const { clock } = this.#parts;
    return once(
      this.#hubs,
      nameOfServer(served, key),
      () => new HubConnection({ served, key, clock }),
    );
  }
}

/** With the key in a form that nobody can read. */
function nameOfServer({ address, model }: ServedModel, key = ''): string {
  return [address, model, createHash('sha256').update(key).digest('hex')].join('\n');
}

function once<Value>(known: Map<string, Value>, name: string, create: () => Value): Value {
  const value = known.get(name) ?? create();
  known.set(name, value);
  return value;
}

interface ServedPackParts extends Pick<ServedPacksParts, 'tools'> {
  readonly served: ServedModel;
  readonly server: ChatServer;
  /** The pack that reads the screen. */
  readonly reading: Pack;
}

/** What is the same for all models that were not trained to watch. */
const description = {
  ...{ frameRateFps, silenceThreshold, refractoryMs, isDemonstration: false },
  ...{ requestSilenceThreshold: undefined, plainWords: undefined },
  ...{ quote: undefined, minReplyLikelihood: undefined },
} satisfies Omit<PackDescription, 'name'>;

function servedPack({ served, server, reading, tools }: ServedPackParts): Pack {
  const { relevance } = reading.recall;
  const name = nameOf(served, served.model);
  const recall = new ServedRecall({ name, server, ...(relevance ? { relevance } : {}) });
  return {
    ...{ ...description, name, recall },
    load: async ({ signal }) => {
      const abilities = await server.connect({ signal, patienceMs: connectPatienceMs });
      const read = await reading.load({ signal });
      const found = nameOf(served, abilities.model);
      return {
        ...{ ...description, name: found, recall },
        createModel: ({ instruction, isLive = false }) =>
          Promise.resolve(
            new ServedStreamingModel({
              ...{ name: found, server, abilities, request: instruction },
              isPatient: !isLive,
              toJpegs: async (pictures, scope) =>
                encodeJpegs(pictures, await tools(scope), { maxWidth: maxPictureWidth, ...scope }),
            }),
          ),
        createScreenReader: () => read.createScreenReader(),
        get engineRestarts() {
          return read.engineRestarts;
        },
      };
    },
  };
}

/** Whoever reads it knows where it ran. */
const nameOf = ({ host }: ServedModel, model: string | undefined): string =>
  model === undefined ? `the model at ${host}` : `${model} at ${host}`;
