import { beforeEach, describe, expect, it } from 'vitest';
import { ModelServers } from '../../extension/modelServers.ts';
import { ask, doctor, startSession } from '../../protocol/index.ts';
import { editor, FakeMemento } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';

const remote = 'https://gpu.team:8000/v1#eyes';
const source = { kind: 'file', path: '/a.mp4' } as const;
const about = (model: string) => ({ source, options: { model } });
const yes = 'Send to gpu.team:8000';

let secrets: Map<string, string>;
let memory: FakeMemento;
let servers: ModelServers;

const open = (): ModelServers =>
  new ModelServers(
    {
      get: (name) => Promise.resolve(secrets.get(name)),
      store: (name, value) => Promise.resolve(void secrets.set(name, value)),
      delete: (name) => Promise.resolve(void secrets.delete(name)),
    },
    memory,
  );

beforeEach(() => {
  editor.reset();
  secrets = new Map();
  memory = new FakeMemento();
  servers = open();
});

describe('what is watched', () => {
  it.each([{ source, options: {} }, about('live-tiny'), about('/models/own'), {}, undefined])(
    'goes on at once, and as it is, where no server is named: %j',
    (params) => {
      expect(servers.admit('any', params)).toBe(params);
      expect(editor.messages).toEqual([]);
    },
  );

  it('goes to a server of this machine unasked', async () => {
    const params = about('http://127.0.0.1:8080#eyes');
    expect(await servers.admit(startSession.method, params)).toEqual(params);
    expect(editor.messages).toEqual([]);
  });

  it('goes to another machine once somebody has allowed it, who is asked once', async () => {
    editor.press = yes;
    const asked = [startSession, ask, ask].map(
      async ({ method }) => await servers.admit(method, about(remote)),
    );
    expect(await Promise.all(asked)).toEqual([about(remote), about(remote), about(remote)]);
    expect(editor.messages).toHaveLength(1);
    expect(editor.messages[0]).toMatchObject({
      ...{ isModal: true, text: 'Send what is watched to gpu.team:8000?' },
      detail: expect.stringContaining('Pictures of what is watched') as string,
    });
    await open().admit(startSession.method, about(remote));
    expect(editor.messages).toHaveLength(1);
    editor.press = undefined;
    await expect(
      open().admit(ask.method, about('https://other.team/v1#eyes')),
    ).rejects.toMatchObject({
      code: 'endpoint.notAllowed',
    });
  });

  it('does not go in the clear where it was allowed to go encrypted', async () => {
    const plain = remote.replace('https:', 'http:');
    const elsewhere = remote.replace(':8000', ':9000');
    editor.press = yes;
    await servers.admit(startSession.method, about(remote));
    expect(editor.messages.at(-1)!.detail).not.toContain('not encrypted');
    editor.press = undefined;
    for (const address of [plain, elsewhere]) {
      await expect(open().admit(ask.method, about(address))).rejects.toMatchObject({
        code: 'endpoint.notAllowed',
      });
    }
    expect(editor.messages).toHaveLength(3);
    expect(editor.messages[1]!.detail).toContain('The connection is not encrypted');
    editor.press = yes;
    await open().admit(startSession.method, about(plain));
    // Another path of the same server is no other server.
    await open().admit(ask.method, about('HTTP://gpu.team:8000#other'));
    await open().admit(ask.method, about(remote));
    expect(editor.messages).toHaveLength(4);
  });

  it('and the key go nowhere with the doctor before somebody has allowed it', async () => {
    secrets.set('codealong.modelKey:gpu.team:8000', 'sk-one');
    editor.press = undefined;
    await expect(servers.admit(doctor.method, { model: remote })).rejects.toMatchObject({
      code: 'endpoint.notAllowed',
    });
    expect(editor.messages).toHaveLength(1);
  });

  it('does not go where nobody wants it; only who opens a video is asked again', async () => {
    editor.press = undefined;
    const refused = { code: 'endpoint.notAllowed' };
    await expect(servers.admit(startSession.method, about(remote))).rejects.toMatchObject(refused);
    await expect(servers.admit(ask.method, about(remote))).rejects.toMatchObject(refused);
    expect(editor.messages).toHaveLength(1);
    editor.press = yes;
    await servers.admit(startSession.method, about(remote));
    await servers.admit(ask.method, about(remote));
    expect(editor.messages).toHaveLength(2);
  });
});

describe('the key of a server', () => {
  it('is asked for with the server, kept as a secret, and goes along', async () => {
    ui.answers.push(` ${remote} `, 'sk-one');
    await servers.choose();
    expect(editor.settings.get('codealong.model')).toBe(remote);
    expect([...secrets]).toEqual([['codealong.modelKey:gpu.team:8000', 'sk-one']]);
    editor.press = yes;
    expect(await servers.admit(doctor.method, { model: remote })).toEqual({
      ...{ model: remote, modelKey: 'sk-one' },
    });
    expect(await servers.admit(startSession.method, about(remote))).toEqual({
      ...{ source, options: { model: remote, modelKey: 'sk-one' } },
    });
    // Another server never sees it.
    editor.press = 'Send to gpu.team';
    expect(await servers.admit(doctor.method, { model: 'https://gpu.team/v1#eyes' })).toEqual({
      model: 'https://gpu.team/v1#eyes',
    });
  });

  it('is changed, and taken away', async () => {
    editor.settings.set('codealong.model', remote);
    ui.answers.push('sk-two');
    await servers.setKey();
    expect([...secrets.values()]).toEqual(['sk-two']);
    ui.answers.push('');
    await servers.setKey();
    expect(secrets.size).toBe(0);
  });

  it('leaves everything as it was when it is not answered', async () => {
    // The second question gets no answer.
    ui.answers.push(remote);
    await servers.choose();
    expect(editor.settings.get('codealong.model')).toBeUndefined();
    expect(secrets.size).toBe(0);
  });
});
