/** Recorded stories: a seed gives one plan, and whatever happens in it can be told. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planStory, table } from '../../scripts/lib/storyPlan.mjs';
import { performers } from '../../scripts/lib/storySteps.mjs';

/** The training world's tables of phrasings, read as text: with names, and those that say less. */
const source = readFileSync(new URL('../../models/world/narration.py', import.meta.url), 'utf8');
const [full = '', less = ''] = source.split(/^LESS/m);
const narration = new Map(
  [...full.matchAll(/^ {4}'(\w+)': \((.*)\),$/gm)].map(([, kind, texts]) => [
    kind!,
    [...texts!.matchAll(/'([^']*)'/g)].map(([, text]) => text!),
  ]),
);
const saysLess = new Set([...less.matchAll(/'(\w+)': \(/g)].map(([, kind]) => kind!));

const plans = Array.from({ length: 300 }, (_, seed) => planStory(seed));
const steps = plans.flatMap((plan) => plan.steps);

/** Names that each phrasing of a kind needs. */
function needs(kind: string): readonly (readonly string[])[] {
  const texts = narration.get(kind) ?? [];
  return texts.map((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!));
}

describe('planStory', () => {
  it('plans the same for the same seed, and else something else', () => {
    expect(planStory(7)).toEqual(planStory(7));
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBe(plans.length);
  });

  it('plans every step of its table sooner or later, each with a performer', () => {
    const done = new Set(steps.map(({ does }) => does));
    expect([...done].filter((does) => does !== 'idle').sort()).toEqual(
      Object.keys(performers).sort(),
    );
    expect(Object.keys(table).length).toBeGreaterThan(45);
  });

  it('knows how things are told', () => {
    expect(narration.get('open')).toContain('Opened `{file}`.');
    expect(narration.size).toBeGreaterThan(60);
  });

  it('tells only kinds that narration knows, with names enough for one of its phrasings', () => {
    const untold = steps.filter(({ kind, slots = {}, seen = [] }) => {
      if (kind === undefined) return false;
      const named = Object.keys(slots).concat(seen);
      const wanted = needs(kind);
      const isNamed = wanted.some(
        (names) =>
          (names.length > 0 || named.length === 0) && names.every((name) => named.includes(name)),
      );
      return !isNamed && !(named.length === 0 && saysLess.has(kind));
    });
    expect(untold).toEqual([]);
  });

  it('names nothing that has a quotation mark or no sign', () => {
    const values = steps.flatMap(({ slots = {} }) => Object.values(slots));
    expect(values.filter((value) => value === '' || value.includes('`'))).toEqual([]);
  });

  it('is a story of eight steps or more, or one in which nothing happens', () => {
    const counts = plans.map((plan) => plan.steps.filter(({ kind }) => kind !== undefined).length);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(10);
    const told = counts.filter((count) => count > 0);
    expect(Math.max(...told)).toBeLessThanOrEqual(27);
    expect(Math.min(...told)).toBeGreaterThanOrEqual(8);
  });

  it('opens only files that there are, and shows their first line', () => {
    for (const { project, steps: planned } of plans) {
      const opened = planned.filter(({ kind, path }) => kind === 'open' && path !== undefined);
      for (const { path, shows } of opened) {
        expect(project.files[path!]!.split('\n')[0]).toBe(shows);
      }
    }
  });

  it('gives every look: sizes, themes, hidden side bars, languages', () => {
    const looks = plans.map(({ look }) => look);
    expect(new Set(looks.map(({ width }) => width)).size).toBeGreaterThan(3);
    expect(new Set(looks.map(({ theme }) => theme)).size).toBeGreaterThan(8);
    expect(looks.some(({ isSideBarShown }) => !isSideBarShown)).toBe(true);
    expect(new Set(plans.map(({ project }) => project.language)).size).toBe(5);
  });
});
