/** The engine as it runs where npm has put no library for graphics cards. */
import './hiddenGpuPackages.ts';

await import('../../daemon/engine/engineMain.ts');
