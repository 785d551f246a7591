/** The doctor's findings as a page to read, also when the daemon does not start. */
import * as vscode from 'vscode';
import { isAppError, toError } from '../daemon/base/errors.ts';
import { doctor, type DoctorCheck, type DoctorReport } from '../protocol/index.ts';
import { readConfiguration } from './configuration.ts';
import type { DaemonClient } from './daemonClient.ts';
import { toShownError } from './messages.ts';
import { ownDisplay } from './ownDisplay.ts';

/** What the extension itself knows. */
export interface Surroundings {
  /** Of the extension. */
  readonly version: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Asks the daemon; one that cannot be reached is a finding too, and so is a server of the model that nobody has allowed. @throws vscode.CancellationError */
export async function examine(
  client: Pick<DaemonClient, 'request'>,
  version: string,
  token: vscode.CancellationToken,
): Promise<DoctorReport> {
  const { transcriber, model } = readConfiguration().session;
  const params = { ...ownDisplay(), ...(transcriber === undefined ? {} : { transcriber }) };
  const withModel = { ...params, ...(model === undefined ? {} : { model }) };
  try {
    return await client.request(doctor, withModel, token).catch(async (error: unknown) => {
      if (!isAppError(error, 'endpoint.notAllowed')) throw error;
      const { message: detail, remedy } = toShownError(error);
      const server: DoctorCheck = { name: 'model server', status: 'warning', detail, remedy };
      const others = await client.request(doctor, params, token);
      return { ...others, checks: [...others.checks, server] };
    });
  } catch (error) {
    if (error instanceof vscode.CancellationError) throw error;
    const { message, remedy } = toShownError(error);
    // What the process said before it ended is the best hint there is.
    const said = isAppError(error) ? error.data.output : toError(error).message;
    const detail =
      typeof said === 'string' && said !== ''
        ? vscode.l10n.t('{0} It said: {1}', message, said)
        : message;
    return { version, checks: [{ name: 'daemon', status: 'missing', detail, remedy }] };
  }
}

const marks: Readonly<Record<DoctorCheck['status'], string>> = {
  ok: '✓',
  warning: '⚠',
  missing: '✗',
};

/** The page, in Markdown: what needs care first. */
export function renderDoctor(report: DoctorReport, { version, facts }: Surroundings): string {
  const { t } = vscode.l10n;
  const troubled = report.checks.filter(({ status }) => status !== 'ok');
  const verdict =
    troubled.length === 0
      ? t('Everything is there.')
      : t('{0} of {1} checks need care.', troubled.length, report.checks.length);
  const care = troubled.flatMap(({ name, status, detail, remedy }) => [
    `### ${marks[status]} ${escape(name)}`,
    '',
    ...quote(detail),
    '',
    ...(remedy === undefined ? [] : [`**${t('What helps:')}** ${escape(remedy)}`, '']),
  ]);
  const rows = report.checks.map(
    ({ name, status, detail }) => `| ${marks[status]} | ${cell(name)} | ${cell(detail)} |`,
  );
  return [
    `# Codealong ${escape(report.version === '' ? version : report.version)}`,
    '',
    verdict,
    '',
    ...care,
    `## ${t('All checks')}`,
    '',
    `| | ${t('check')} | ${t('found')} |`,
    '| --- | --- | --- |',
    ...rows,
    '',
    `## ${t('Surroundings')}`,
    '',
    '| | |',
    '| --- | --- |',
    ...facts.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`),
    '',
  ].join('\n');
}

/** Program output may hold anything: a code block says it word for word. */
function quote(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.length === 1) return [escape(text)];
  return ['````text', ...lines.map((line) => line.replaceAll('````', '``')), '````'];
}

function cell(text: string): string {
  return escape(text.replaceAll(/\s*\n\s*/g, ' '));
}

function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|]/g, String.raw`\$&`);
}
