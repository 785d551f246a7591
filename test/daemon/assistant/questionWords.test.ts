import { describe, expect, it } from 'vitest';
import { analyseQuestion, type TimeFocus } from '../../../daemon/assistant/questionWords.ts';

describe('analyseQuestion', () => {
  it('tells names, subjects and words of the scene apart', () => {
    const { names, subjects, scene } = analyseQuestion(
      'Why does the developer open config.yaml before the migration?',
    );
    expect([...names]).toEqual(['config.yaml']);
    expect([...subjects]).toEqual(['migration']);
    expect([...scene]).toEqual(['open']);
  });

  it.each<[string, TimeFocus]>([
    ['When does the server start?', 'when'],
    ['At what second is the file saved?', 'when'],
    ['Do you know when the tests failed?', 'when'],
    ['When the test fails, what is the error?', 'any'],
    ['What happens when the test is run?', 'any'],
    ['Which file is open right now?', 'now'],
    ['Which file is being edited?', 'now'],
    ['What was the last command?', 'last'],
    ['Which file was opened first?', 'first'],
    ['Which port does the server use?', 'any'],
  ])('%s speaks of the time "%s"', (question, expected) => {
    expect(analyseQuestion(question).time).toBe(expected);
  });

  it.each([
    ['Which file is open?', 'docker-compose.yml', true],
    ['Which file is open?', 'import os', false],
    ['Which command is run?', '$ npm test', true],
    ['Which command is run?', 'python -m http.server', true],
    ['What was the error?', 'TypeError: x is not a function', true],
    ['Which port is used?', 'listening on 0.0.0.0:8080', true],
    ['How many tests passed?', '6/6 tests passed', true],
    ['How many tests passed?', 'tests passed', false],
    ['Which function was written?', 'def load_user(name):', true],
    ['Which URL was opened?', 'localhost/index', true],
  ])('%s looks for lines like %s: %s', (question, line, expected) => {
    const { shapes } = analyseQuestion(question);
    expect(shapes.some((shape) => shape.test(line))).toBe(expected);
  });
});
