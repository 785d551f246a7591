/** Models on servers, as this window uses them: nothing goes to another machine before somebody has allowed it, and keys are kept as secrets. */
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import {
  exampleOfServedModel,
  isServerAddress,
  servedModel,
  startSession,
  type ServedModel,
  type SessionOptions,
} from '../protocol/index.ts';
import { readConfiguration } from './configuration.ts';

type Secrets = Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>;
type Memory = Pick<vscode.Memento, 'get' | 'update'>;

/** Of origins that may be sent what is watched: who has allowed HTTPS has not allowed HTTP. */
const allowedKey = 'codealong.allowedServers';

/** What requests have that are about a model: the doctor names it beside its other parameters. */
type ModelParams = Pick<SessionOptions, 'model'> & { readonly options?: SessionOptions };

export class ModelServers {
  readonly #secrets: Secrets;
  readonly #memory: Memory;
  /** Being asked now, by origin. */
  readonly #asking = new Map<string, Promise<boolean>>();
  /** Origins that were refused; asked about again when somebody opens a video. */
  readonly #refused = new Set<string>();

  constructor(secrets: Secrets, memory: Memory) {
    this.#secrets = secrets;
    this.#memory = memory;
  }

  /**
   * Adds what opens the server that a request is about. What is about none comes back as it is.
   * @throws AppError endpoint.notAllowed when nobody wants it to be sent
   */
  admit<Params>(method: string, params: Params): Params | Promise<Params> {
    const { model, options } = (params ?? {}) as ModelParams;
    const served = servedModel(options?.model ?? model);
    return served ? this.#admit(served, method, params) : params;
  }

  async #admit<Params>(served: ServedModel, method: string, params: Params): Promise<Params> {
    const { options } = params as ModelParams;
    if (!(await this.#isAllowed(served, method))) {
      throw new AppError('endpoint.notAllowed');
    }
    const key = await this.#secrets.get(secretOf(served));
    if (key === undefined) return params;
    if (!options) return { ...params, modelKey: key };
    return { ...params, options: { ...options, modelKey: key } };
  }

  /** Asks for the address of a server and its key, and has its model watch. */
  async choose(): Promise<void> {
    const { t } = vscode.l10n;
    const { model } = readConfiguration().session;
    const typed = await vscode.window.showInputBox({
      title: t('A Model on a Server'),
      prompt: t('Address of its OpenAI-compatible API, with the name of the model behind #'),
      placeHolder: exampleOfServedModel,
      value: servedModel(model) ? model! : '',
      ignoreFocusOut: true,
      validateInput: (text) =>
        isServerAddress(text.trim())
          ? undefined
          : t('Write an address of HTTP or HTTPS, without a password.'),
    });
    const served = servedModel(typed?.trim());
    if (!typed || !served) return;
    if (!(await this.#askForKey(served))) return;
    const { Global } = vscode.ConfigurationTarget;
    await vscode.workspace.getConfiguration('codealong').update('model', typed.trim(), Global);
  }

  /** Asks for the key of the server that the settings name. */
  async setKey(): Promise<void> {
    const served = servedModel(readConfiguration().session.model);
    if (served) await this.#askForKey(served);
    else await this.choose();
  }

  /** @returns whether it was answered */
  async #askForKey(served: ServedModel): Promise<boolean> {
    const { t } = vscode.l10n;
    const typed = await vscode.window.showInputBox({
      title: t('Key of {0}', served.host),
      prompt: t(
        'It is kept among the secrets of the editor. Leave it empty if the server wants none.',
      ),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^[\x21-\x7e]*$/.test(text.trim()) ? undefined : t('A key has no spaces in it.'),
    });
    if (typed === undefined) return false;
    if (typed.trim() === '') await this.#secrets.delete(secretOf(served));
    else await this.#secrets.store(secretOf(served), typed.trim());
    return true;
  }

  async #isAllowed(served: ServedModel, method: string): Promise<boolean> {
    const origin = originOf(served);
    const allowed = this.#memory.get<readonly string[]>(allowedKey, []);
    if (served.isLocal || allowed.includes(origin)) return true;
    const isWanted = method === startSession.method;
    if (this.#refused.has(origin) && !isWanted) return false;
    const known = this.#asking.get(origin);
    if (known) return known;
    const asking = this.#ask(served.host, origin);
    this.#asking.set(origin, asking);
    try {
      return await asking;
    } finally {
      this.#asking.delete(origin);
    }
  }

  async #ask(host: string, origin: string): Promise<boolean> {
    const { t } = vscode.l10n;
    const yes = t('Send to {0}', host);
    const told = t(
      'The model that the settings name runs there. Pictures of what is watched, the text on them and your questions are sent to it. The text is read, kept and searched on this machine.',
    );
    const warning = t('The connection is not encrypted (HTTP): anybody on the way can read along.');
    const detail = origin.startsWith('https:') ? told : `${warning} ${told}`;
    const answer = await vscode.window.showWarningMessage(
      t('Send what is watched to {0}?', host),
      { modal: true, detail },
      yes,
    );
    if (answer !== yes) {
      this.#refused.add(origin);
      return false;
    }
    this.#refused.delete(origin);
    const allowed = this.#memory.get<readonly string[]>(allowedKey, []);
    await this.#memory.update(allowedKey, [...allowed, origin]);
    return true;
  }
}

/** Scheme, host and port, as they are written. */
const originOf = ({ address }: ServedModel): string =>
  address.split('/', 3).join('/').split(/[?#]/, 1)[0]!.toLowerCase();

/** One key for each server, whatever model of it is used. */
const secretOf = ({ host }: ServedModel): string => `codealong.modelKey:${host}`;
