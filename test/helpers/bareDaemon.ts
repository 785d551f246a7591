/** The daemon as it runs where npm has put no library for graphics cards; its engine finds those of this clone. */
import './hiddenGpuPackages.ts';

await import('../../daemon/main.ts');
