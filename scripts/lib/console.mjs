// What every script says and how it gives up: short progress lines, and one sentence with one action on failure.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's top folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A failure the person at the keyboard can act on: what is wrong in one sentence, and what to do about it. */
export class ScriptError extends Error {
  /**
   * @param {string} problem one sentence
   * @param {string} [action] what to do, imperative, unless the first sentence says it
   */
  constructor(problem, action) {
    super(action === undefined ? problem : `${problem} ${action}`);
    this.name = 'ScriptError';
  }
}

/** Prints one progress line. @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Prints the time a step took, in whole seconds. @param {number} startedMs result of performance.now() */
export function seconds(startedMs) {
  return `${Math.round((performance.now() - startedMs) / 1000)} s`;
}

/**
 * Runs a script's main function: a ScriptError is printed as its sentence, anything else with its stack; both exit 1.
 * @param {() => Promise<number | void>} main resolves to the exit code (nothing means 0)
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    const text = error instanceof ScriptError ? error.message : (error?.stack ?? String(error));
    process.stderr.write(`codealong: ${text}\n`);
    process.exitCode = 1;
  }
}

/** True when the module was started from the command line. @param {string} moduleUrl its import.meta.url */
export function isMain(moduleUrl) {
  return (
    process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(moduleUrl)
  );
}

/** The file that holds the chatter of one step, in the system's folder for temporary files. @param {string} name */
export function logFile(name) {
  const folder = path.join(tmpdir(), `codealong-logs-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${name}.log`);
}

/**
 * Runs a command to its end and resolves to its exit code (128 + signal number is not told apart: a signal gives 1).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, log?: string, onStart?: (pid: number) => void}} [options] log: file that takes both streams, instead
 *   of this terminal
 * @throws when the command cannot be started
 */
export async function run(command, args, { cwd = root, env = process.env, log, onStart } = {}) {
  const file = log === undefined ? undefined : openSync(log, 'a');
  const output = file ?? 'inherit';
  // npm is a .cmd file on Windows, which only a shell can start.
  const shell = process.platform === 'win32' && command === 'npm';
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', output, output] });
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
      if (child.pid !== undefined) onStart?.(child.pid);
    });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Removes a log nobody will read, and its folder when it was the last. */
function dropLog(log) {
  rmSync(log, { force: true });
  try {
    rmdirSync(path.dirname(log));
  } catch {
    // Another step's log is still there.
  }
}

/**
 * Runs a noisy command into a log file, which stays only if the command fails.
 * @param {string} what the step's name: part of the log file's name and of the error
 * @param {readonly string[]} command program and arguments
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv}} [options]
 * @throws ScriptError naming the log file
 */
export async function runQuietly(what, [program, ...args], options = {}) {
  const log = logFile(what.replaceAll(/\W+/g, '-'));
  const code = await run(program, args, { ...options, log });
  if (code !== 0)
    throw new ScriptError(`${what} failed (exit code ${code}).`, `Read ${log} for the reason.`);
  dropLog(log);
}
