/** Everything on the page. */
import type { JSX } from 'preact';
import { Announcer } from './announcer.tsx';
import { PageContext, type Page } from './page.ts';
import { Player } from './player.tsx';
import { SidePane } from './sidePane.tsx';
import { Status } from './status.tsx';
import { useSelect } from './useSelect.ts';

/** @param page lives as long as the document */
export function App({ page }: { readonly page: Page }): JSX.Element {
  return (
    <PageContext.Provider value={page}>
      <Layout />
    </PageContext.Provider>
  );
}

/** The outline stands at once; words come with `init`, which carries their translations. */
function Layout(): JSX.Element {
  const isReady = useSelect((state) => state.isReady);
  const sidePx = useSelect(({ view }) => view.sidePx);
  if (!isReady) {
    return (
      <main class="page" aria-busy="true">
        <div class="stage">
          <div class="screen" />
        </div>
        <div class="side" />
      </main>
    );
  }
  return (
    <main class="page" style={sidePx === undefined ? {} : { '--side': `${sidePx}px` }}>
      <div class="stage">
        <Player />
        <Status />
      </div>
      <SidePane />
      <Announcer />
    </main>
  );
}
