/** Thread that computes on pictures or texts: one network each, one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { OrtSession } from './ortSession.ts';
import { LineRecognizer } from './lineRecognizer.ts';
import { RegionClassifier } from './regionClassifier.ts';
import { RequestMatcher } from './requestMatcher.ts';
import { RowScorer } from './rowScorer.ts';
import { StreamTextReader } from './textReader.ts';
import { PictureEncoder } from './visionEncoder.ts';
import { VisionNetwork } from './visionProviders.ts';
import { SerialQueue } from '../base/lifetime.ts';
import {
  packError,
  type WorkerReply,
  type WorkerRequest,
  type WorkerTask,
} from './workerMessages.ts';

interface Answer {
  readonly result: unknown;
  /** Buffers that go over without a copy. */
  readonly transfer?: ArrayBuffer[];
}

type Handler = (request: WorkerRequest) => Promise<Answer>;

async function openHandler(task: WorkerTask): Promise<Handler> {
  if (task.role === 'vision') {
    const open = (provider: string): Promise<OrtSession> => OrtSession.open(task.file, provider);
    const network = await VisionNetwork.open(task.providers, task.manifest, open);
    return visionHandler(new PictureEncoder(network, task.manifest), network);
  }
  const session = await OrtSession.open(task.file, task.provider);
  if (task.role === 'retriever') return retrieverHandler(new RowScorer(session, task.manifest));
  if (task.role === 'matcher') return matcherHandler(new RequestMatcher(session, task.manifest));
  const recognizer = new LineRecognizer(session, task.manifest);
  const { manifest, regions } = task;
  const places = await OrtSession.open(regions.file, task.provider);
  const classifier = new RegionClassifier(places, regions.manifest);
  return readerHandler(() => new StreamTextReader({ recognizer, classifier, manifest }));
}

function visionHandler(encoder: PictureEncoder, network: VisionNetwork): Handler {
  return async (request) => {
    if (request.method === 'place') return { result: network.place };
    if (request.method !== 'encode') throw new Error(`vision cannot ${request.method}`);
    const result = await encoder.encode(request.params.pictures);
    return { result, transfer: result.map((rows) => rows.buffer as ArrayBuffer) };
  };
}

function retrieverHandler(scorer: RowScorer): Handler {
  return async (request) => {
    if (request.method !== 'score') throw new Error(`the retriever cannot ${request.method}`);
    const { question, rows } = request.params;
    return { result: await scorer.score(question, rows) };
  };
}

function matcherHandler(matcher: RequestMatcher): Handler {
  return async (request) => {
    if (request.method !== 'match') throw new Error(`the matcher cannot ${request.method}`);
    const { params } = request;
    return { result: await matcher.match(params.request, params.sentence) };
  };
}

function readerHandler(createReader: () => StreamTextReader): Handler {
  const streams = new Map<string, StreamTextReader>();
  return async (request) => {
    if (request.method !== 'read' && request.method !== 'endStream') {
      throw new Error(`the reader cannot ${request.method}`);
    }
    const { streamId } = request.params;
    if (request.method === 'endStream') {
      streams.delete(streamId);
      return { result: undefined };
    }
    let stream = streams.get(streamId);
    if (!stream) streams.set(streamId, (stream = createReader()));
    return { result: await stream.read(request.params.picture) };
  };
}

const port = parentPort;
if (!port) throw new Error('this file is a worker thread');
const opening = openHandler(workerData as WorkerTask);
opening.catch(() => undefined); // every request reports it
const queue = new SerialQueue();

port.on('message', (request: WorkerRequest) => {
  void queue.run(async () => {
    try {
      const { result, transfer = [] } = await (await opening)(request);
      port.postMessage({ id: request.id, result } satisfies WorkerReply, transfer);
    } catch (error) {
      port.postMessage({ id: request.id, error: packError(error) } satisfies WorkerReply);
    }
  });
});
