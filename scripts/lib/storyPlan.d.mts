/** What storyPlan.mjs gives to tests, in types. */
export interface PlannedStep {
  readonly does: string;
  readonly kind?: string;
  readonly slots?: Readonly<Record<string, string>>;
  readonly seen?: readonly string[];
  readonly path?: string;
  readonly shows?: string | readonly string[];
}
export interface Plan {
  readonly seed: number;
  readonly look: {
    readonly width: number;
    readonly height: number;
    readonly theme: string;
    readonly isSideBarShown: boolean;
    readonly prompt: string;
  };
  readonly project: {
    readonly name: string;
    readonly language: string;
    readonly files: Readonly<Record<string, string>>;
  };
  readonly steps: readonly PlannedStep[];
}
export const table: Readonly<Record<string, unknown>>;
export function planStory(seed: number): Plan;
