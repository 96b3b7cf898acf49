// Rulesets on the phone: the current one of each id, and those that drafts were begun under. In: texts from the server. Out: the same texts,
// offline. Must not know: what rules are in them; the engine checks a bundle's own digest when it loads it.

import { digestOf, utf8 } from './bytes.ts';
import type { Disk } from './disk.ts';

const LIST = 'ruleset_list';
/** Id → digest of the current text, so that nobody has to read megabytes of texts to know which are here. */
const INDEX = 'bundle_index';

type Index = Readonly<Record<string, string>>;

export class Bundles {
  constructor(private readonly disk: Disk) {}

  /** Keeps a text as the current one of its id; drops what no draft needs any more. */
  async keep(id: string, digest: string, text: string): Promise<void> {
    await this.disk.change(['bundles', 'drafts', 'settings'], async (at) => {
      const index = (await at.get('settings', INDEX))?.value as Index | undefined;
      const needed = new Set((await at.all('drafts')).map((draft) => draft.bundle));
      const all = index && index[id] === undefined ? [] : await at.all('bundles');
      for (const one of all) {
        if (one.id !== id || one.digest === digest) continue;
        if (!needed.has(one.digest)) at.remove('bundles', one.digest);
        else if (one.current) at.put('bundles', { ...one, current: false });
      }
      at.put('bundles', { digest, id, current: true, text });
      at.put('settings', { name: INDEX, value: { ...(index ?? indexOf(all)), [id]: digest } });
    });
  }

  /** Id → digest of every ruleset whose current text is here. */
  async held(): Promise<ReadonlyMap<string, string>> {
    const known = (await this.disk.look(['settings'], (at) => at.get('settings', INDEX)))?.value as Index | undefined;
    // A store of before there was an index.
    return new Map(Object.entries(known ?? indexOf(await this.disk.look(['bundles'], (at) => at.all('bundles')))));
  }

  /** The text of a digest, or null. */
  async byDigest(digest: string): Promise<string | null> {
    return (await this.disk.look(['bundles'], (at) => at.get('bundles', digest)))?.text ?? null;
  }

  /** The current text of a ruleset, or null where it was never fetched. */
  async current(id: string): Promise<{ readonly digest: string; readonly text: string } | null> {
    const digest = (await this.held()).get(id);
    const text = digest === undefined ? null : await this.byDigest(digest);
    return digest === undefined || text === null ? null : { digest, text };
  }

  async keepList(list: unknown): Promise<void> {
    await this.disk.change(['settings'], async (at) => at.put('settings', { name: LIST, value: list }));
  }

  async list(): Promise<unknown> {
    return (await this.disk.look(['settings'], (at) => at.get('settings', LIST)))?.value ?? null;
  }
}

function indexOf(all: readonly { readonly id: string; readonly digest: string; readonly current: boolean }[]): Index {
  return Object.fromEntries(all.filter((one) => one.current).map((one) => [one.id, one.digest]));
}

/** The digest that a bundle names where it is that of its content, else null. Its JSON is canonical, so that the content is the text without the two
 *  members that are about it; this spares an idle phone the engine, which checks the same when the ruleset is opened. */
export async function contentDigest(text: string): Promise<string | null> {
  const named = /^\{"bundle":"weibao-rules","digest":"(sha256:[0-9a-f]{64})",/.exec(text)?.[1];
  if (named === undefined) return null;
  const content = text.trimEnd().replace(`"digest":"${named}",`, '').replace(/"signature":\{[^{}]*\},(?="tables":)/, '');
  return (await digestOf(utf8(content))) === named ? named : null;
}
