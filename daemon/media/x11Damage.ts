/** What of a drawable was drawn to since it was looked at last, as the server tells by its DAMAGE extension. */
import type { PixelRectangle } from '../../protocol/index.ts';
import { within } from './keptPicture.ts';
import type { X11Client } from './x11Client.ts';
import { ask, read, tell, type X11Id } from './x11Wire.ts';

/** More are asked for as the one rectangle around them. */
const mostParts = 8;

export class X11Damage {
  readonly #client: X11Client;
  readonly #box: PixelRectangle;
  readonly #opcode: number;
  readonly #id: X11Id;
  #drawn: PixelRectangle[] = [];

  private constructor(client: X11Client, box: PixelRectangle, opcode: number) {
    this.#client = client;
    this.#box = box;
    this.#opcode = opcode;
    this.#id = client.newId(1);
  }

  /** @param drawn.box the part that matters @returns undefined when the server does not tell */
  static async follow(
    client: X11Client,
    { drawable, box }: { readonly drawable: X11Id; readonly box: PixelRectangle },
  ): Promise<X11Damage | undefined> {
    const [found] = await client.request([ask.extension('DAMAGE')]);
    const opcode = found && read.extension(found);
    if (opcode === undefined) return undefined;
    await client.request([ask.damageVersion(opcode)]);
    const damage = new X11Damage(client, box, opcode);
    const kind = read.firstEvent(found!);
    client.onEvent = (event) => {
      if (read.eventKind(event) === kind) damage.#add(read.damage(event));
    };
    client.send([tell.watch(opcode, damage.#id, drawable)]);
    return damage;
  }

  /** Whether something was drawn since the last `take`. */
  get isAny(): boolean {
    return this.#drawn.length > 0;
  }

  /**
   * What must be looked at: what is drawn while that is done is told again, so that the requests for it are to follow at once.
   * @returns px of the drawable, few
   */
  take(): readonly PixelRectangle[] {
    const drawn = this.#drawn;
    this.#drawn = [];
    if (drawn.length > 0) this.#client.send([tell.forget(this.#opcode, this.#id)]);
    return drawn;
  }

  /** It was not looked at after all. */
  giveBack(parts: readonly PixelRectangle[]): void {
    for (const part of parts) this.#add(part);
  }

  #add(drawn: PixelRectangle): void {
    const part = within(drawn, this.#box);
    if (!part || this.#drawn.some((one) => isIn(part, one))) return;
    const apart = this.#drawn.filter((one) => !isIn(one, part));
    this.#drawn = apart.length < mostParts ? [...apart, part] : [around([...apart, part])];
  }
}

const isIn = (inner: PixelRectangle, outer: PixelRectangle): boolean =>
  String(within(inner, outer)) === String(inner);

function around(parts: readonly PixelRectangle[]): PixelRectangle {
  const left = Math.min(...parts.map(([x]) => x));
  const top = Math.min(...parts.map(([, y]) => y));
  const right = Math.max(...parts.map(([x, , width]) => x + width));
  const bottom = Math.max(...parts.map(([, y, , height]) => y + height));
  return [left, top, right - left, bottom - top];
}
