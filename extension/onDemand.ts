/** What is read from the disk when it is first used, as one file of its own: see scripts/build.mjs. */
export { prepareTool, runTool } from './agentTools.ts';
export { answerChat } from './chatParticipant.ts';
export { applyCode, compareCode, copyCode, insertCode } from './codeCommands.ts';
export { chooseModel, removeInstalledModel } from './chooseModel.ts';
export { CodeDocuments } from './codeDocuments.ts';
export { deleteKeptSession } from './deleteKept.ts';
export { findInVideos } from './findInVideos.ts';
export { chooseExcluded } from './screenExclusions.ts';
export { openKept, watchAgain, watchLivestream, watchScreen } from './watchLive.ts';
