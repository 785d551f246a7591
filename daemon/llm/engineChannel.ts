/** How this room reaches the engine process, without knowing what a process is. */

/** One running engine after the other. */
export interface EngineChannel {
  /** Number of the running or next engine; rises each time one is lost. Handles belong to one incarnation. */
  readonly incarnation: number;
  /** How often an engine was started anew. */
  readonly restarts: number;
  /**
   * Calls a method of a service in the engine, starting one if none runs. Arguments and result are plain data and typed arrays.
   * Aborting asks the engine to stop; the call is settled when the engine has answered.
   * @throws AppError engine.lost when the engine ends before the answer, or is another than `incarnation`; engine.crashLoop
   */
  call(service: string, method: string, args: unknown, options: CallOptions): Promise<unknown>;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** The engine that the arguments' handles belong to; any when left out. */
  readonly incarnation?: number;
}
