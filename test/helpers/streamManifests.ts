/** Layouts of two packs, as in their manifests. */
import type { StreamManifest } from '../../daemon/weights/streamManifest.ts';
import { screenRegions } from '../../protocol/index.ts';
import { specialTokens } from './writeGguf.ts';

export { specialTokens as tinySpecialTokens };

/** The shipped demonstration pack. */
export const tinyManifest: StreamManifest = {
  frameRateFps: 2,
  silenceToken: '<|next|>',
  endOfTurn: '</s>',
  silenceThreshold: 0.5,
  maxReplyTokens: 48,
  seams: {
    'begin>stream': '<s>',
    'begin>user': '<s><|user|>',
    'stream>stream': '<|next|>',
    'stream>assistant': '<|assistant|>',
    'stream>user': '<|user|>',
    'user>assistant': '</s><|assistant|>',
    'user>stream': '</s>',
    'user>user': '</s><|user|>',
    'assistant>stream': '</s>',
    'assistant>user': '</s><|user|>',
  },
  screenText: {
    ...{ open: '<|screen|>', lineEnd: '\n', maxLines: 24, headLines: 12, maxLineChars: 96 },
    regionMarks: Object.fromEntries(screenRegions.map((region) => [region, `<|${region}|>`])),
  },
  recall: {
    guidance: '<|assistant|>{text}{ref}</s>',
    screenOpen: '<|screen|>',
    screenLine: '{mark}{text}{ref}\n',
    refs: Array.from({ length: 24 }, (_, index) => `<|${index + 1}|>`),
    maxRefs: 3,
    maxListRefs: 8,
    maxRowChars: 96,
    notSeenThreshold: 0.5,
    titlePrompt: 'Name this part.',
    listPrompts: {
      commands: 'Which commands were run?',
      files: 'Which files were touched?',
      errors: 'Which errors appeared?',
    },
    subject: 'They',
  },
  notSeenReply: 'Not seen in this video.',
  summaryPrompt: 'Summarize what happened.',
};

const begin = '<|begin_of_text|>';
const end = '<|end_of_text|>';
const system = 'A multimodal AI assistant is helping users with some activities.\n';

/** A VideoLLM-online decoder: pictures only. @source the published template, https://arxiv.org/abs/2406.11816 */
export const videollmManifest: StreamManifest = {
  frameRateFps: 2,
  silenceToken: ',',
  endOfTurn: end,
  silenceThreshold: 0.725,
  maxReplyTokens: 100,
  seams: {
    'begin>stream': `${begin}${system}\n[`,
    'begin>user': `${begin}${system}\nUser: `,
    'stream>stream': ',',
    'stream>assistant': ']\nAssistant:',
    'stream>user': ']\nUser: ',
    'user>assistant': '\nAssistant:',
    'user>stream': '\n[',
    'user>user': '\nUser: ',
    'assistant>stream': `${end}\n[`,
    'assistant>user': `${end}\nUser: `,
  },
};

export const videollmSpecialTokens = [begin, end];
