/** The page around the panel's script, and what its content security policy lets in. Pure. */

/** What the page is made of; addresses as the webview needs them. */
export interface PanelPage {
  /** Random, new for each page. */
  readonly nonce: string;
  /** Where the webview's own files come from. */
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** Where video and pictures may come from, beside this machine's loopback address. */
  readonly mediaOrigins: readonly string[];
  /** BCP 47, such as `de`. */
  readonly language: string;
  /** Tells screen readers which page this is. */
  readonly title: string;
}

/** Always let in: where the daemon serves pictures and video when editor and daemon share a machine. */
const loopback = ['http://127.0.0.1:*', 'http://localhost:*'];

/** The panel's page. Only the script with the nonce runs, and nothing is fetched but styles, pictures and video, from nowhere
 * but the editor and the daemon. */
export function panelHtml(page: PanelPage): string {
  const media = [page.cspSource, ...loopback, ...page.mediaOrigins].join(' ');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.cspSource}`,
    `img-src ${media}`,
    // What is live comes in pieces, which the page puts together itself.
    `media-src ${media} blob:`,
    `connect-src ${media}`,
  ].join('; ');
  return html({
    page,
    policy,
    head: `<link rel="stylesheet" href="${escape(page.styleUri)}">`,
    body: `<div id="root"></div>\n<script nonce="${page.nonce}" src="${escape(page.scriptUri)}"></script>`,
  });
}

/** A page with one sentence and a link that runs a command, for a view that has no video to show. */
export function emptyHtml(
  page: Pick<PanelPage, 'cspSource' | 'language' | 'title'>,
  { sentence, command, link }: { sentence: string; command?: string; link?: string },
): string {
  const action =
    command === undefined || link === undefined
      ? ''
      : `\n<p><a href="command:${escape(command)}">${escape(link)}</a></p>`;
  return html({
    page,
    policy: "default-src 'none'",
    head: '',
    body: `<p>${escape(sentence)}</p>${action}`,
  });
}

/** Origins of addresses that the policy does not let in yet; what is no address is passed over. */
export function uncoveredOrigins(
  addresses: readonly (string | undefined)[],
  covered: readonly string[],
): readonly string[] {
  const origins = addresses.flatMap((address) => {
    if (address === undefined || !URL.canParse(address)) return [];
    const { protocol, hostname, origin } = new URL(address);
    const isLoopback = hostname === '127.0.0.1' || hostname === 'localhost';
    return isLoopback && protocol === 'http:' ? [] : [origin];
  });
  return [...new Set(origins)].filter((origin) => !covered.includes(origin));
}

function html(parts: {
  readonly page: Pick<PanelPage, 'language' | 'title'>;
  readonly policy: string;
  readonly head: string;
  readonly body: string;
}): string {
  const { page, policy, head, body } = parts;
  return `<!DOCTYPE html>
<html lang="${escape(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(page.title)}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`;
}

/** For text and for attributes in double quotes. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
