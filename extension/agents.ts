/** What other assistants in the editor may do with videos: a chat participant and tools. Each is read when it is first used. */
import * as vscode from 'vscode';
import { extensionId } from '../protocol/index.ts';
import type { AgentParts } from './agentParts.ts';

/** Registers them, where the editor has chat. The tools' names and words stand in package.json. */
export function registerAgents(context: vscode.ExtensionContext, parts: AgentParts): void {
  const participant = vscode.chat.createChatParticipant(extensionId, async (...request) => {
    const { answerChat } = await import('./onDemand.ts');
    return answerChat(parts, ...request);
  });
  participant.iconPath = vscode.Uri.joinPath(context.extensionUri, 'extension/images/icon.png');
  participant.followupProvider = {
    provideFollowups: ({ metadata }) => [
      ...(metadata?.['command'] === 'steps' || metadata?.['hasVideo'] !== true
        ? []
        : [{ prompt: '', command: 'steps', label: vscode.l10n.t('List the steps') }]),
      ...(metadata?.['command'] === 'summarize' || metadata?.['hasVideo'] !== true
        ? []
        : [{ prompt: '', command: 'summarize', label: vscode.l10n.t('Summarize the video') }]),
    ],
  };
  context.subscriptions.push(
    participant,
    ...toolNames.map((name) =>
      vscode.lm.registerTool<object>(name, {
        prepareInvocation: async ({ input }) => {
          const { prepareTool } = await import('./onDemand.ts');
          return prepareTool(parts, name, input);
        },
        invoke: async ({ input }, token) => {
          const { runTool } = await import('./onDemand.ts');
          return runTool(parts, name, input, token);
        },
      }),
    ),
  );
}

/** Of the tools, as package.json lists them. */
export const toolNames = [
  'codealong_screen_at',
  'codealong_search',
  'codealong_ask',
  'codealong_code_at',
  'codealong_steps',
  'codealong_summarize',
] as const;
export type ToolName = (typeof toolNames)[number];
