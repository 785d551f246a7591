import { homedir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  daemonArguments,
  onDidChangeConfiguration,
  onDidChangeDaemonSettings,
  parseConfiguration,
  readConfiguration,
  type Configuration,
} from '../../extension/configuration.ts';
import { editor } from '../helpers/fakeVscode.ts';

function parse(settings: Readonly<Record<string, unknown>>): {
  configuration: Configuration;
  problems: readonly string[];
} {
  const problems: string[] = [];
  const configuration = parseConfiguration(
    (key) => settings[key],
    (problem) => {
      problems.push(problem);
    },
  );
  return { configuration, problems };
}

beforeEach(() => {
  editor.reset();
  vi.stubEnv('CODEALONG_HOME', '/from/environment');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('parseConfiguration', () => {
  it('leaves to the daemon and the model what is not set', () => {
    for (const none of [undefined, null, '']) {
      const keys = ['home', 'model', 'frameRate', 'silenceThreshold', 'ffmpeg.path'];
      const { configuration, problems } = parse(Object.fromEntries(keys.map((key) => [key, none])));
      expect(configuration).toEqual({
        daemon: { home: '/from/environment' },
        session: { chattiness: 'usual' },
        panel: {
          location: 'editor',
          revealGuidance: 'asIndexed',
          announceGuidance: true,
          chattiness: 'usual',
        },
        toasts: 'never',
        screenExclude: [],
        summaryTarget: 'document',
      });
      expect(problems).toEqual([]);
    }
  });

  it('reads every setting', () => {
    const { configuration, problems } = parse({
      home: '/elsewhere',
      'ffmpeg.path': '~/bin/ffmpeg',
      'daemon.idleExitSeconds': 90,
      'daemon.logLevel': 'debug',
      'playableCopies.maxGigabytes': 2.5,
      model: ' live-large ',
      frameRate: 4,
      silenceThreshold: 0.7,
      'guidance.reveal': 'asPlayed',
      'guidance.announce': false,
      'guidance.chattiness': 'quieter',
      'guidance.toasts': 'requests',
      'panel.location': 'sideBar',
      'screen.exclude': [' KeePassXC', 'bank', ''],
      'summary.target': 'clipboard',
    });
    expect(problems).toEqual([]);
    expect(configuration).toEqual({
      daemon: {
        home: '/elsewhere',
        ffmpeg: path.join(homedir(), 'bin/ffmpeg'),
        idleExitMs: 90_000,
        logLevel: 'debug',
        copiesMaxBytes: 2.5e9,
      },
      session: {
        ...{ chattiness: 'quieter', model: 'live-large', frameRateFps: 4, silenceThreshold: 0.7 },
      },
      panel: {
        location: 'sideBar',
        revealGuidance: 'asPlayed',
        announceGuidance: false,
        chattiness: 'quieter',
      },
      toasts: 'requests',
      screenExclude: ['KeePassXC', 'bank'],
      summaryTarget: 'clipboard',
    });
  });

  it('falls back on odd values, and tells each', () => {
    const { configuration, problems } = parse({
      home: 7,
      'daemon.idleExitSeconds': 0,
      'daemon.logLevel': 'chatty',
      frameRate: 'fast',
      silenceThreshold: Number.NaN,
      'guidance.announce': 'yes',
      'panel.location': 'moon',
    });
    expect(configuration).toEqual(parse({}).configuration);
    expect(problems).toEqual([
      'The setting codealong.home is 7 and must be text.',
      'The setting codealong.daemon.idleExitSeconds is 0 and must be a number from 1 to 86400.',
      'The setting codealong.daemon.logLevel is "chatty" and must be one of debug, info, warning, error.',
      'The setting codealong.frameRate is "fast" and must be a number from 0.1 to 30.',
      'The setting codealong.silenceThreshold is null and must be a number from 0 to 1.',
      'The setting codealong.panel.location is "moon" and must be one of editor, sideBar.',
      'The setting codealong.guidance.announce is "yes" and must be true or false.',
    ]);
  });
});

describe('daemonArguments', () => {
  it('name what is set, and nothing else', () => {
    expect(daemonArguments({ home: '/h' })).toEqual([]);
    expect(
      daemonArguments({
        ...{ home: '/h', ffmpeg: '/f', idleExitMs: 1000 },
        ...{ logLevel: 'error', copiesMaxBytes: 5 },
      }),
    ).toEqual([
      ...['--ffmpeg', '/f', '--idle-exit-ms', '1000'],
      ...['--log-level', 'error', '--copies-max-bytes', '5'],
    ]);
  });
});

describe('changes', () => {
  it('of any setting come with what is set now', () => {
    const models: unknown[] = [];
    using registration = disposing(
      onDidChangeConfiguration(({ session }) => {
        models.push(session.model);
      }),
    );
    editor.configure('codealong.model', 'other');
    editor.configure('editor.fontSize', 12);
    expect(models).toEqual(['other']);
    expect(readConfiguration().session.model).toBe('other');
    expect(registration).toBeDefined();
  });

  it('of the daemon are told apart', () => {
    const told = vi.fn<() => void>();
    using registration = disposing(onDidChangeDaemonSettings(told));
    editor.configure('codealong.guidance.announce', false);
    expect(told).not.toHaveBeenCalled();
    editor.configure('codealong.daemon.logLevel', 'debug');
    editor.configure('codealong.home', '/h');
    expect(told).toHaveBeenCalledTimes(2);
    expect(registration).toBeDefined();
  });
});

function disposing(registration: { dispose(): unknown }): Disposable {
  return {
    [Symbol.dispose]: () => {
      registration.dispose();
    },
  };
}
