/** What storyRecording.mjs gives to tests, in types. */
import type { Plan } from './storyPlan.mjs';

export interface RecordedStep {
  readonly kind: string;
  readonly slots: Readonly<Record<string, string>>;
  readonly dueMs: number;
}
export function recordStory(
  plan: Plan,
  folder: string,
  onStep: (step: RecordedStep) => void,
): Promise<Error | undefined>;
