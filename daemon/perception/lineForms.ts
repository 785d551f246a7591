/** What a line of text looks like by its signs alone. */

/** A shell that waits for a command, or was given one. */
export function looksLikePrompt(text: string): boolean {
  return /^(?:\$|❯|➜|→|>>>|PS [A-Z]:|[\w.-]+@[\w.-]+[:~ ])|^\S*(?:~|\/)\S* ?[$%#❯] /.test(text);
}

/** What stands in a browser's address field. */
export function looksLikeAddress(text: string): boolean {
  // Spaces are left aside: the field's font may be read with wide gaps.
  return /(?:^|[\s©])(?:https?:\/\/|(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?(?:\/|$|\s)|(?:[\w-]+\.)+[a-z]{2,}\/)/i.test(
    text,
  );
}

/** Parts of a path with the signs between them that interfaces draw. */
export function looksLikePath(text: string): boolean {
  return /\S ?[›>»] ?\S/.test(text) || /^[\w.-]+(?:\/[\w.-]+)+$/.test(text);
}

/** The name of a file, with what an icon before it may have been read as. */
export function looksLikeFile(text: string): boolean {
  return /^(?:\S{1,3} )?[\w.-]*\w\.\w{1,8}$/.test(text);
}

/** Ends or is made of what programs are made of. */
export function looksLikeProgram(text: string): boolean {
  return /[{}();:,\]=]$|^(?:import|from|def|class|func|return|const|let|var|if|for|package|use|#include|@)\b|[\w)] ?(?:=|=>|->|:=) ?\S|^(?:\/\/|#|\*|\/\*)/.test(
    text,
  );
}
