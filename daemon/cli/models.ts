/** codealong models: which packs are there, which could be, and installing, checking and removing them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  inspectModel,
  installModel,
  listModels,
  modelProgress,
  removeModel,
  type ListModelsResult,
  type ModelOffer,
} from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { UsageError } from './arguments.ts';
import { downloading, isAddress, printJson, type VerbContext } from './context.ts';
import { formatBytes, formatFit } from './format.ts';

/** @throws UsageError, AppError; the signal's reason after Ctrl+C */
export async function models(context: VerbContext): Promise<number> {
  const [action = '', ...words] = context.words;
  switch (action) {
    case 'list':
      return list(context, words);
    case 'verify':
      return verify(context, words);
    case 'install':
      return install(context, words);
    case 'import':
      if (words.some(isAddress)) throw new UsageError('What is imported lies on this machine.');
      return install(context, words);
    case 'remove':
      return remove(context, words);
    default:
      throw new UsageError(
        `"codealong models" knows list, install, import, verify and remove, not "${action}".`,
      );
  }
}

async function list(context: VerbContext, words: readonly string[]): Promise<number> {
  const [catalogue] = atMostOne(words, 'list');
  const { connect, values, output, signal } = context;
  using connection = await connect();
  const params = catalogue === undefined ? {} : { catalogue: placeOf(catalogue) };
  const listing = await connection.request(listModels, params, { signal });
  if (values.json) printJson(output, listing);
  else printListing(context, listing);
  return 0;
}

/** Reads every file again. */
async function verify(context: VerbContext, words: readonly string[]): Promise<number> {
  const [name] = atMostOne(words, 'verify');
  const { connect, values, output, signal } = context;
  using connection = await connect();
  const listing = await connection.request(listModels, { isThorough: true }, { signal });
  const models = listing.models.filter((one) => name === undefined || one.name === name);
  const broken = listing.broken.filter(
    ({ folder }) => name === undefined || path.basename(folder) === name,
  );
  if (models.length + broken.length === 0) {
    throw new AppError('model.notFound', `There is no model pack named "${name ?? ''}".`);
  }
  if (values.json) printJson(output, { models, broken });
  else printListing(context, { ...listing, models, broken });
  return broken.length === 0 ? 0 : 1;
}

async function install(context: VerbContext, words: readonly string[]): Promise<number> {
  const [place, ...surplus] = words;
  if (place === undefined) throw new UsageError('"codealong models install" needs ADDRESS or DIR.');
  atMostOne([place, ...surplus], 'install');
  const { connect, values, output, progress, signal } = context;
  const from = placeOf(place);
  using connection = await connect();
  const offer = await connection.request(inspectModel, { from }, { signal });
  if (offer.terms.length > 0) printTerms(context, offer);
  const hasAcceptedTerms = values.acceptTerms === true;
  if (!values.json) output.note(sentenceOf(offer));
  connection.onNotification(modelProgress, (at) => {
    progress.at(at.doneBytes, at.totalBytes, formatBytes);
  });
  return await downloading(context, async () => {
    const { name } = await connection.request(installModel, { from, hasAcceptedTerms }, { signal });
    progress[Symbol.dispose]();
    if (values.json) printJson(output, { installed: name, version: offer.version });
    else output.note(`${name} ${offer.version} is installed: --model ${name} uses it.`);
    return 0;
  });
}

async function remove(
  { connect, values, output, signal }: VerbContext,
  words: readonly string[],
): Promise<number> {
  const [name] = atMostOne(words, 'remove');
  if (name === undefined) throw new UsageError('"codealong models remove" needs NAME.');
  using connection = await connect();
  await connection.request(removeModel, { name }, { signal });
  if (values.json) printJson(output, { removed: name });
  else output.note(`${name} is removed.`);
  return 0;
}

function atMostOne(words: readonly string[], action: string): readonly string[] {
  const [, surplus] = words;
  if (surplus === undefined) return words;
  throw new UsageError(`"codealong models ${action}" does not know what to do with "${surplus}".`);
}

/** The daemon works elsewhere. @throws UsageError */
function placeOf(word: string): string {
  if (isAddress(word)) return word;
  const file = path.resolve(word);
  if (existsSync(file)) return file;
  throw new UsageError(`"${word}" is neither an address nor a folder that is there.`);
}

function printListing(
  { output }: VerbContext,
  { models, broken, offers, notices }: ListModelsResult,
): void {
  for (const one of models) {
    const facts = [formatBytes(one.bytes), formatFit(one.fit), one.licence];
    output.line(`${one.name} ${one.version}  ${facts.join(', ')}`);
  }
  for (const { folder, problem } of broken) output.line(`${path.basename(folder)}  ${problem}`);
  for (const offer of offers) {
    const { installedVersion: there, version } = offer;
    if (there === version) continue;
    output.line(`${offer.name} ${version}  ${sentenceOf(offer)} install ${offer.from}`);
  }
  for (const notice of notices) output.note(notice);
}

function sentenceOf({ bytes, missingBytes, fit, licence }: ModelOffer): string {
  const left = missingBytes < bytes ? `, ${formatBytes(missingBytes)} of it to fetch` : '';
  return `${formatBytes(bytes)}${left}; ${formatFit(fit)}; ${licence}.`;
}

function printTerms({ output }: VerbContext, { name, terms }: ModelOffer): void {
  output.note(`${name} comes under these terms; --accept-terms says that you agree:`);
  for (const { name: of, licence, address, notice } of terms) {
    output.note(`  ${of}: ${licence}, ${address}`);
    if (notice !== undefined) output.note(`  ${notice}`);
  }
}
