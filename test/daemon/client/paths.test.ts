/** Where daemon and clients meet: names that tell homes and builds apart, and fit into a socket's address. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findNode } from '../../../daemon/client/nodeBinary.ts';
import {
  createExclusively,
  preparePaths,
  readIfThere,
  readToken,
  resolveHome,
} from '../../../daemon/client/paths.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'codealong-paths-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('resolveHome', () => {
  it('takes the argument, then the variable, then the home of the user', () => {
    vi.stubEnv('CODEALONG_HOME', '/from/variable');
    expect(resolveHome('/from/argument')).toBe('/from/argument');
    expect(resolveHome('relative')).toBe(path.resolve('relative'));
    expect(resolveHome()).toBe('/from/variable');
    vi.stubEnv('CODEALONG_HOME', '');
    expect(path.basename(resolveHome())).toBe('.codealong');
  });
});

describe('preparePaths', () => {
  it('gives each build and each home a socket of its own', () => {
    const sockets = [
      preparePaths({ home: folder, buildId: 'one' }),
      preparePaths({ home: folder, buildId: 'two' }),
      preparePaths({ home: path.join(folder, 'other'), buildId: 'one' }),
    ].map(({ socket }) => socket);
    expect(new Set(sockets).size).toBe(3);
    expect(preparePaths({ home: folder, buildId: 'one' }).socket).toBe(sockets[0]);
  });

  it.runIf(process.platform !== 'win32')('keeps the address short when the home is deep', () => {
    const deep = path.join(folder, 'a'.repeat(100));
    const { socket, home } = preparePaths({ home: deep });
    expect(home).toBe(deep);
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(103);
    expect(statSync(path.dirname(socket)).mode & 0o077).toBe(0);
  });

  it('refuses a home that cannot be made', () => {
    createExclusively(path.join(folder, 'file'), 'x');
    expect(() => preparePaths({ home: path.join(folder, 'file', 'home') })).toThrow(
      'cannot be made',
    );
  });
});

describe('the token', () => {
  it('is made once and stays', () => {
    const paths = preparePaths({ home: folder });
    const token = readToken(paths);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(readToken(paths)).toBe(token);
    expect(statSync(paths.token).mode & 0o777).toBe(0o600);
  });

  it('goes to the faster of two makers', () => {
    const file = path.join(folder, 'one');
    expect(createExclusively(file, 'first')).toBe(true);
    expect(createExclusively(file, 'second')).toBe(false);
    expect(readIfThere(file)).toBe('first');
  });
});

describe('findNode', () => {
  it('prefers the pinned Node of the nearest node_modules above', () => {
    const found = findNode(path.resolve('daemon', 'client'));
    expect(path.isAbsolute(found)).toBe(true);
    expect(found).toContain('node');
  });

  it('takes this very Node when none is pinned', () => {
    expect(findNode(folder)).toBe(process.execPath);
  });
});
