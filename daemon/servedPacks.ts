/** Models on servers as the assistant uses them: each stands beside the shipped pack, which reads the screen and ranks rows on this machine. */
import { createHash } from 'node:crypto';
import { servedModel, type ServedModel } from '../protocol/index.ts';
import type {
  LoadedPack,
  ModelOptions,
  Pack,
  PackDescription,
  PackFinder,
} from './assistant/collaborators.ts';
import type { ScreenReader } from './assistant/screenReader.ts';
import { ServedRecall } from './assistant/servedRecall.ts';
import { ServedStreamingModel } from './assistant/servedStreamingModel.ts';
import type { StreamingModel } from './assistant/streamingModel.ts';
import type { Clock } from './base/clock.ts';
import { ChatServer, type ServerAbilities } from './endpoint/chatServer.ts';
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
    return new ServedPack({
      ...this.#parts,
      reading,
      served,
      server: this.server(served, options),
    });
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

class ServedPack implements Pack {
  readonly name: string;
  readonly frameRateFps = frameRateFps;
  readonly silenceThreshold = silenceThreshold;
  readonly requestSilenceThreshold = undefined;
  readonly refractoryMs = refractoryMs;
  readonly plainWords = undefined;
  readonly quote = undefined;
  readonly minReplyLikelihood = undefined;
  readonly isDemonstration = false;
  readonly recall: ServedRecall;
  readonly #parts: ServedPackParts;

  constructor(parts: ServedPackParts) {
    const { served, server, reading } = parts;
    const { relevance } = reading.recall;
    this.name = nameOf(served, served.model);
    this.recall = new ServedRecall({
      name: this.name,
      server,
      ...(relevance ? { relevance } : {}),
    });
    this.#parts = parts;
  }

  /** @throws AppError endpoint.*, model.*, engine.* */
  async load({ signal }: { signal: AbortSignal }): Promise<LoadedPack> {
    const { reading, server } = this.#parts;
    const abilities = await server.connect({ signal, patienceMs: connectPatienceMs });
    return new LoadedServedPack(this, this.#parts, {
      abilities,
      reading: await reading.load({ signal }),
    });
  }
}

class LoadedServedPack implements LoadedPack {
  readonly name: string;
  readonly frameRateFps: number;
  readonly silenceThreshold: number;
  readonly requestSilenceThreshold: number | undefined;
  readonly refractoryMs: number;
  readonly plainWords: PackDescription['plainWords'];
  readonly quote: string | undefined;
  readonly minReplyLikelihood: number | undefined;
  readonly isDemonstration: boolean;
  readonly recall: ServedRecall;
  readonly #parts: ServedPackParts;
  readonly #abilities: ServerAbilities;
  readonly #reading: LoadedPack;

  constructor(
    pack: ServedPack,
    parts: ServedPackParts,
    loaded: { readonly abilities: ServerAbilities; readonly reading: LoadedPack },
  ) {
    this.name = nameOf(parts.served, loaded.abilities.model);
    this.frameRateFps = pack.frameRateFps;
    this.silenceThreshold = pack.silenceThreshold;
    this.requestSilenceThreshold = pack.requestSilenceThreshold;
    this.refractoryMs = pack.refractoryMs;
    this.plainWords = pack.plainWords;
    this.quote = pack.quote;
    this.minReplyLikelihood = pack.minReplyLikelihood;
    this.isDemonstration = pack.isDemonstration;
    this.recall = pack.recall;
    this.#parts = parts;
    this.#abilities = loaded.abilities;
    this.#reading = loaded.reading;
  }

  get engineRestarts(): number {
    return this.#reading.engineRestarts;
  }

  createModel({ instruction, isLive = false }: ModelOptions): Promise<StreamingModel> {
    const { server, tools } = this.#parts;
    return Promise.resolve(
      new ServedStreamingModel({
        ...{ name: this.name, server, abilities: this.#abilities, request: instruction },
        isPatient: !isLive,
        toJpegs: async (pictures, { signal }) =>
          encodeJpegs(pictures, await tools({ signal }), { maxWidth: maxPictureWidth, signal }),
      }),
    );
  }

  createScreenReader(): ScreenReader & AsyncDisposable {
    return this.#reading.createScreenReader();
  }
}

/** Whoever reads it knows where it ran. */
const nameOf = ({ host }: ServedModel, model: string | undefined): string =>
  model === undefined ? `the model at ${host}` : `${model} at ${host}`;
