// Names of inspectors who signed on this phone, so that nobody types them again. In: a name. Out: the latest names. Kept sealed like drafts; names of the
// inspected are none of it.

import { fromUtf8, utf8 } from '../store/bytes.ts';

const NAME = 'inspectors';
const MOST = 4;

/** The latest first; none where the store is closed, locked, or was sealed under a PIN that is forgotten. */
export async function knownNames(): Promise<readonly string[]> {
  try {
    const { store } = await import('../store/index.ts');
    const kept = (await store.disk.look(['settings'], (at) => at.get('settings', NAME)))?.value;
    if (!(kept instanceof Uint8Array)) return [];
    const names = JSON.parse(fromUtf8(await store.vault.open(kept, NAME))) as unknown;
    return Array.isArray(names) ? names.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

async function keep(names: readonly string[]): Promise<void> {
  const { store } = await import('../store/index.ts');
  const value = await store.vault.seal(utf8(JSON.stringify(names)), NAME);
  await store.disk.change(['settings'], async (at) => at.put('settings', { name: NAME, value }));
}

/** A convenience: where it cannot be kept, it is typed again. */
export async function rememberName(name: string): Promise<void> {
  await keep([name, ...(await knownNames()).filter((one) => one !== name)].slice(0, MOST)).catch(() => undefined);
}

export async function forgetNames(): Promise<void> {
  const { store } = await import('../store/index.ts');
  await store.disk.change(['settings'], async (at) => at.remove('settings', NAME)).catch(() => undefined);
}
