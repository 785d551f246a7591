/** codealong mcp: the same requests for agents, over the Model Context Protocol. */
import { resolveHome } from '../client/paths.ts';
import { sessionOptionsOf, type VerbContext } from './context.ts';

/** Standard output belongs to the protocol: nothing else is written there. @throws the signal's reason after Ctrl+C */
export async function mcp(context: VerbContext): Promise<number> {
  const { values, signal } = context;
  // Loaded here alone: the other verbs start without it.
  const { serveMcp } = await import('../mcp.ts');
  await serveMcp(
    {
      home: resolveHome(values.home),
      daemonArguments:
        values.idleExit === undefined ? [] : ['--idle-exit-ms', String(values.idleExit * 1000)],
      sessionOptions: sessionOptionsOf(context),
    },
    { signal },
  );
  signal.throwIfAborted();
  return 0;
}
