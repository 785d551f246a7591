/** The model of a hub as the assistant uses it: it runs there; the shipped pack reads the screen and ranks rows on this machine. */
import { HubRecall, HubStreamingModel } from './assistant/hubModel.ts';
import type { Pack, PackDescription } from './assistant/collaborators.ts';
import type { HubConnection } from './endpoint/hubConnection.ts';

/** Whoever begins to watch waits so long for a hub that is away, ms. */
const connectPatienceMs = 3000;

/** A hub's address ends so; every other server is taken for one of OpenAI's API. */
export const isHubAddress = (address: string): boolean =>
  /\/hub\/v1\/?$/.test(new URL(address).pathname);

/** @param reading the pack that reads the screen. @throws AppError endpoint.* */
export async function hubPack(
  hub: HubConnection,
  reading: Pack,
  { signal }: { signal: AbortSignal },
): Promise<Pack> {
  const { recall: facts, ...told } = await hub.describe({ signal, patienceMs: connectPatienceMs });
  const name = `${told.name} at ${hub.place.host}`;
  const description: PackDescription = {
    ...{ name, frameRateFps: told.frameRateFps, silenceThreshold: told.silenceThreshold },
    requestSilenceThreshold: told.requestSilenceThreshold,
    plainWords: told.plainWords && new Set(told.plainWords),
    ...{ quote: told.quote, minReplyLikelihood: told.minReplyLikelihood },
    ...(told.refractoryMs === undefined ? {} : { refractoryMs: told.refractoryMs }),
    isDemonstration: told.isDemonstration,
  };
  const { relevance } = reading.recall;
  const recall = new HubRecall({
    ...{ name, hub, description: facts },
    ...(relevance ? { relevance } : {}),
  });
  return {
    ...{ ...description, recall },
    load: async (options) => {
      const read = await reading.load(options);
      return {
        ...{ ...description, recall },
        createModel: ({ instruction, isUngrounded = false, isLive = false }) =>
          Promise.resolve(new HubStreamingModel({ name, hub, instruction, isUngrounded, isLive })),
        createScreenReader: () => read.createScreenReader(),
        get engineRestarts() {
          return read.engineRestarts;
        },
      };
    },
  };
}
