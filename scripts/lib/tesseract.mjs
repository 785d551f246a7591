// Tesseract, as the system has it: a benchmark's rival, never shipped.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findOnPath } from './systemTools.mjs';

/** Path of the program, or undefined. */
export const findTesseract = () => findOnPath('tesseract');

/**
 * Reads pictures that show one line each.
 * @param {string} program
 * @param {string} listFile text file with one picture's path a line
 * @param {{signal: AbortSignal}} options
 * @returns {Promise<string[]>} one text per picture, same order
 * @throws Error when it fails
 */
export async function readWithTesseract(program, listFile, { signal }) {
  const args = [listFile, 'stdout', '--psm', '7', '-l', 'eng'];
  // More threads wait for one another on a busy machine until nothing moves.
  const env = { ...process.env, OMP_THREAD_LIMIT: '1' };
  const child = spawn(program, args, { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  let told = '';
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => (told = `${told}${chunk}`.slice(-500)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`tesseract ended with code ${code}: ${told}`);
  // A form feed ends every picture's text.
  return Buffer.concat(chunks).toString('utf8').split('\f').slice(0, -1);
}
