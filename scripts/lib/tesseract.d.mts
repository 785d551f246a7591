/** What tesseract.mjs gives, in types. */
export function findTesseract(): string | undefined;
export function readWithTesseract(
  program: string,
  listFile: string,
  options: { readonly signal: AbortSignal },
): Promise<string[]>;
