/** Pure: what others write as JSON, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** @returns undefined for what is no JSON, or no object */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @returns undefined for what is no object; an array is none */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
