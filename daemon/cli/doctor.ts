/** codealong doctor: what is there and what is missing, even when the daemon itself does not start. */
import { doctor as doctorMethod, type DoctorReport } from '../../protocol/index.ts';
import { version } from '../base/buildInfo.ts';
import { isAppError } from '../base/errors.ts';
import { modelOf, printJson, type VerbContext } from './context.ts';
import { formatDoctor } from './format.ts';

/** @returns 1 when something is missing that the program cannot do without */
export async function doctor(context: VerbContext): Promise<number> {
  const report = await examine(context);
  const { values, output } = context;
  if (values.json) printJson(output, report);
  else output.line(formatDoctor(report));
  return report.checks.some(({ status }) => status === 'missing') ? 1 : 0;
}

async function examine(context: VerbContext): Promise<DoctorReport> {
  const { connect, display, values, signal } = context;
  try {
    using connection = await connect();
    const { transcriber } = values;
    const params = {
      ...{ ...display, ...modelOf(context) },
      ...(transcriber === undefined ? {} : { transcriber }),
    };
    return await connection.request(doctorMethod, params, { signal });
  } catch (error) {
    if (!isAppError(error, 'daemon.startFailed')) throw error;
    // What the process said before it ended is the best hint there is.
    const said = error.data.output;
    const detail =
      typeof said === 'string' && said !== '' ? `${error.message} It said: ${said}` : error.message;
    const remedy = 'Install Codealong again, or report what stands here.';
    return { version, checks: [{ name: 'daemon', status: 'missing', detail, remedy }] };
  }
}
