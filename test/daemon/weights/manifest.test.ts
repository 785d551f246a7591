import { describe, expect, it } from 'vitest';
import { isAppError } from '../../../daemon/base/errors.ts';
import { isDemonstration, packName, parseManifest } from '../../../daemon/weights/manifest.ts';
import { sampleManifest } from './packs.ts';

const { seams } = sampleManifest()['stream'] as { seams: Record<string, string> };
const tooMuchHead = { open: '', lineEnd: '\n', maxLines: 3, headLines: 4, maxLineChars: 64 };

const origin = {
  ...{ name: 'Meta-Llama-3-8B-Instruct', licence: 'Meta Llama 3 Community License' },
  ...{
    address: 'https://llama.meta.com/llama3/license',
    mustAccept: true,
    notice: 'Built with it',
  },
};
const badOrigin = { ...origin, address: 'javascript:alert(1)' };

/** Sets one field, given by its dotted path; `undefined` removes it. */
function changed(path: string, value: unknown): string {
  const manifest = sampleManifest();
  const keys = path.split('.');
  const last = keys.pop()!;
  let target = manifest;
  for (const key of keys) target = target[key] as Record<string, unknown>;
  target[last] = value;
  return JSON.stringify(manifest);
}

function check(text: string, expected: RegExp): void {
  try {
    parseManifest(text, 'manifest.json');
  } catch (error) {
    expect(isAppError(error, 'model.invalidManifest')).toBe(true);
    expect((error as Error).message).toMatch(expected);
    return;
  }
  expect.unreachable('the manifest was accepted');
}

describe('parseManifest', () => {
  it('reads a complete manifest', () => {
    const manifest = parseManifest(JSON.stringify(sampleManifest()), 'manifest.json');
    expect(packName(manifest)).toBe('sample 0.1.0');
    expect(isDemonstration(manifest)).toBe(true);
    expect(manifest.stream.seams['stream>stream']).toBe('<|next|>');
    expect('reader' in manifest).toBe(false);
  });

  it.each([
    { kind: 'probe', ask: 'News?', yes: ['yes'], no: ['no'], rowChange: 0.3, refractoryMs: 4000 },
    { kind: 'change', rowChange: 0.3 },
    {
      ...{ kind: 'scores', informative: 'New?', relevance: 'Wanted?', yes: ['yes'], no: ['no'] },
      ...{ instantThreshold: 3, sumThreshold: 4 },
    },
  ])('reads when a decoder without a silence token speaks: $kind', (policy) => {
    const manifest = sampleManifest();
    const { silenceToken: _, ...stream } = manifest['stream'] as Record<string, unknown>;
    const text = JSON.stringify({ ...manifest, stream: { ...stream, policy } });
    expect(parseManifest(text, 'manifest.json').stream.policy).toEqual(policy);
  });

  it('lets a pack quote from its newest lines, 120 unless it says otherwise', () => {
    const text = changed('stream.grounding', { quote: '`' });
    expect(parseManifest(text, 'manifest.json').stream.grounding).toEqual({
      ...{ quote: '`', recentLines: 120 },
    });
  });

  it('tells what it was made of, under a name that a licence may ask for', () => {
    const manifest = { ...sampleManifest(), name: 'Llama-3-sample', origins: [origin] };
    const parsed = parseManifest(JSON.stringify(manifest), 'manifest.json');
    expect(parsed).toMatchObject({ name: 'Llama-3-sample', origins: [origin] });
  });

  it('takes what other programs need besides', () => {
    const text = changed('stream.speakToken', '<|assistant|>');
    expect(parseManifest(text, 'manifest.json').stream).not.toHaveProperty('speakToken');
  });

  it.each([
    ['a word for a quote', changed('stream.grounding', { quote: 'q' }), /grounding\.quote/],
    ['two quotes', changed('stream.grounding', { quote: '``' }), /grounding\.quote/],
    [
      'a budget of nothing',
      changed('stream.rowBudget', { rowChange: 0, ticks: 1, wholeEveryFrames: 20, keep: 'rows' }),
      /rowBudget\.rowChange/,
    ],
    ['no lines', changed('stream.grounding', { quote: '`', recentLines: 0 }), /recentLines/],
    ['more than certainty', changed('stream.minReplyLikelihood', 1.5), /minReplyLikelihood/],
    ['not JSON', '{', /manifest\.json is not a valid manifest: it is not JSON/],
    ['no object', '[]', /manifest/],
    ['another version', changed('schemaVersion', 2), /schemaVersion is 2, and only 1 is supported/],
    ['no version', changed('schemaVersion', undefined), /schemaVersion/],
    ['a name with a separator', changed('name', '../evil'), /name/],
    ['no decoder file', changed('files.decoder', undefined), /files\.decoder/],
    ['a path upwards', changed('files.decoder.path', '../decoder.gguf'), /inside the pack/],
    ['a path upwards later', changed('files.decoder.path', 'a/../../b'), /inside the pack/],
    ['an absolute path', changed('files.decoder.path', '/etc/passwd'), /inside the pack/],
    ['a drive', changed('files.decoder.path', 'C:\\decoder'), /inside the pack/],
    ['a backslash', changed('files.decoder.path', 'a\\b'), /inside the pack/],
    ['a short hash', changed('files.decoder.sha256', 'ab'), /files\.decoder\.sha256/],
    ['no bytes', changed('files.decoder.bytes', 0), /files\.decoder\.bytes/],
    ['two channels', changed('vision.mean', [1, 2]), /vision\.mean/],
    ['a zero deviation', changed('vision.std', [1, 0, 1]), /vision\.std/],
    ['another resize', changed('vision.resize', 'cubic'), /vision\.resize/],
    ['sides of nothing', changed('vision.sideMultiple', 0), /vision\.sideMultiple/],
    [
      'an origin with a script for an address',
      changed('origins', [badOrigin]),
      /origins\.0\.address/,
    ],
    ['a piece of the template without ids', changed('stream.tokenIds', { ',': [] }), /tokenIds/],
    ['an impossible threshold', changed('stream.silenceThreshold', 1.5), /silenceThreshold/],
    ['no way to be silent', changed('stream.silenceToken', undefined), /silenceToken or a policy/],
    [
      'two ways to be silent',
      changed('stream.policy', { kind: 'change', rowChange: 0.3 }),
      /silenceToken or a policy/,
    ],
    ['an unknown policy', changed('stream.policy', { kind: 'always' }), /stream\.policy\.kind/],
    ['a change of nothing', changed('stream.policy', { kind: 'change' }), /policy\.rowChange/],
    [
      'a question without answers',
      changed('stream.policy', { kind: 'probe', ask: 'News?', yes: [], no: ['no'] }),
      /stream\.policy\.yes/,
    ],
    ['an unknown seam', changed('stream.seams.end>end', ''), /stream\.seams: .*end>end/],
    ['a reply before everything', changed('stream.seams.begin>assistant', ''), /stream\.seams/],
    ['a system prompt', changed('stream.systemPrompt', 'You watch.'), /write it into the seams/],
    [
      'more head than lines',
      changed('stream.screenText', tooMuchHead),
      /more headLines than maxLines/,
    ],
    ['a recall row without text', changed('stream.recall', { guidance: '' }), /recall\.guidance/],
    ['a section without its file', changed('files.vision', undefined), /vision needs both/],
    ['a file without its section', changed('vision', undefined), /vision needs both/],
  ])('refuses %s', (_, text, expected) => {
    check(text, expected);
  });

  it.each(Object.keys(seams))('refuses a stream without the seam %s', (name) => {
    const expected = `stream.seams.${name}: must be a text, as every stream needs this seam`;
    check(changed(`stream.seams.${name}`, undefined), new RegExp(expected));
  });
});
