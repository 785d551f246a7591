/** What happens to a failure at the edge: bugs are logged under an id that the user can name, the rest needs no stack. */
import { randomBytes } from 'node:crypto';
import type { WireError } from '../../protocol/index.ts';
import { isAppError, isCancellation, toWireError } from './errors.ts';
import type { Log, LogFields } from './log.ts';

/** Logs a bug with its stack. @param fields of the log line, the error among them. @returns what travels to a client */
export function reportFailure(
  log: Log,
  message: string,
  fields: LogFields & { readonly error: unknown },
): WireError {
  const { error } = fields;
  if (isCancellation(error)) return toWireError(error);
  if (isAppError(error)) {
    log.warning(message, fields);
    return toWireError(error);
  }
  const incidentId = randomBytes(4).toString('hex');
  log.error(message, { ...fields, incidentId });
  return toWireError(error, incidentId);
}
