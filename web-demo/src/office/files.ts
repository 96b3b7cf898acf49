// Photos, files and signatures of a record, each use by itself: named, opened on request, their bytes held against the digest that the receipt names. In: a
// record. Out: a section's content, and openers for the answers. Opening one is a read of somebody's data, so the server is told the purpose and logs
// it. Must not know: verdicts.

import { mediaName, SIGNATURE_TYPE } from '../evidence/media.ts';
import { signerAt, signerName } from '../evidence/signers.ts';
import { placeText } from '../naming.ts';
import { digestOf } from '../store/bytes.ts';
import { EVIDENCE_TYPE, type Evidence } from '../store/types.ts';
import { fill, h, live, type Child } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import { ask } from './api.ts';
import { ruleTitle, type Book } from './findings.ts';
import { busy, button, nothing, notice, table } from './parts.ts';
import type { WholeEntry } from './types.ts';
import { shortDigest, sizeText, timeText } from './words.ts';

type Part = WholeEntry['parts'][number];
type Use = Part & { readonly known?: Evidence };

/** What a browser shows as a picture; the server sends everything else as bytes to be saved. */
const SHOWN = ['image/jpeg', 'image/png', 'image/webp'];
/** A list of evidence is text; what is larger is none. */
const MOST = 2 * 1024 * 1024;

export interface Files {
  readonly section: Child;
  /** Openers for what belongs to a place of the answers; null where nothing does. */
  at(pointer: string): Child;
}

async function bytesOf(one: WholeEntry, digest: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await ask(`v1/submissions/${encodeURIComponent(one.id)}/parts/${digest.replace('sha256:', '')}`, { reads: true, patience: 120, headers: { accept: '*/*' } });
  return new Uint8Array(await response.arrayBuffer());
}

/** What the phone wrote of each entry, such as who signed; null where it wrote nothing or it is not here. */
async function listOf(one: WholeEntry): Promise<readonly Evidence[] | null> {
  const part = one.parts.find((found) => found.type === EVIDENCE_TYPE);
  if (!part?.here || part.bytes > MOST) return null;
  const bytes = await bytesOf(one, part.digest);
  if ((await digestOf(bytes)) !== part.digest) return null;
  const { evidence } = JSON.parse(new TextDecoder().decode(bytes)) as { evidence?: unknown };
  return Array.isArray(evidence) ? evidence.filter((entry: Partial<Evidence> | null): entry is Evidence => typeof entry?.digest === 'string' && typeof entry.at === 'string') : null;
}

/** Every use: those that the record names, and those that only the phone's list names, whose bytes are the same as another's. */
export function usesOf(parts: readonly Part[], list: readonly Evidence[] | null): Use[] {
  const own = parts.filter((part) => part.type !== EVIDENCE_TYPE);
  const told = [...(list ?? [])];
  const named = own.map((part): Use => {
    const index = told.findIndex((entry) => entry.digest === part.digest && (entry.at === part.at || part.at === ''));
    const [known] = index < 0 ? [] : told.splice(index, 1);
    return known ? { ...part, at: known.at, known } : part;
  });
  return [...named, ...told.flatMap((known): Use[] => {
    const part = own.find((one) => one.digest === known.digest);
    return part ? [{ ...part, at: known.at, type: known.type, known }] : [];
  })];
}

function kindWords({ known, type }: Use): string {
  const made = mediaName(type);
  if (type.startsWith('application/vnd.weibao.')) return made;
  switch (known?.kind) {
    case 'photo': return say('照片', 'Photo');
    case 'note': return say('文字记录', 'Note');
    case 'signature': return say('签名', 'Signature');
    default: return made;
  }
}

/** `签名：检查人员一 王建国（手写签名）`, `照片`, `文件 问询.pdf` */
function useWords(use: Use): string {
  const signer = signerAt(use.at);
  if (signer) {
    const { name = '', by = '' } = use.known ?? {};
    return `${say('签名：', 'Signature: ')}${signerName(signer)}${name ? ` ${name}` : ''}${by ? say(`（${by}）`, ` (${by})`) : ''}`;
  }
  const name = use.known?.kind === 'photo' ? '' : (use.known?.name ?? '');
  return name ? `${kindWords(use)} ${name}` : kindWords(use);
}

export function files(one: WholeEntry, book: Book | null): Files {
  const told = notice();
  const body = h('div', { class: 'stack' });
  const shown = h('div', { class: 'shown', 'aria-live': 'polite' });
  /** The box with what is open: one at a time. */
  let open: HTMLElement = shown;
  let address = '';
  let uses = usesOf(one.parts, null);
  const belongs = ({ at }: Use): string => {
    if (signerAt(at)) return say('整份记录', 'The whole record');
    if (at.startsWith('rule:')) return ruleTitle(book, at.slice(5))();
    return at === '' || at === 'whole' ? say('现场佐证，不属于某一项', 'The inspection as a whole') : book ? placeText(book.description, at) : at;
  };

  const opener = (use: Use, into: HTMLElement): HTMLElement => {
    const go = button(() => say(`打开${into === shown ? '' : useWords(use)}`, `Open${into === shown ? '' : ` ${useWords(use)}`}`), () => void busy(go, told, async () => {
      const bytes = await bytesOf(one, use.digest);
      const same = (await digestOf(bytes)) === use.digest;
      URL.revokeObjectURL(address);
      address = URL.createObjectURL(new Blob([bytes], { type: SHOWN.includes(use.type) ? use.type : 'application/octet-stream' }));
      const save = h('a', { class: 'action quiet', href: address, download: `${one.id}-${shortDigest(use.digest)}`, text: bi('保存', 'Save') });
      open.replaceChildren();
      open = into;
      fill(into, h('figure', {},
        SHOWN.includes(use.type) ? h('img', { src: address, alt: `${useWords(use)} · ${belongs(use)}` }) : use.type === SIGNATURE_TYPE ? statement(bytes) : null,
        h('figcaption', {}, () => useWords(use), ' · ', () => belongs(use), ' · ', same
          ? h('span', { class: 'good', text: bi('摘要相符，与收据所记的是同一份', 'The digest is the one in the receipt') })
          : h('strong', { class: 'bad', text: bi('摘要不符：字节已变，请告诉管理员', 'Another digest: the bytes have changed, tell the administrator') }), ' ', save)));
    }), into === shown ? 'quiet' : 'quiet small');
    go.dataset['part'] = use.digest;
    go.dataset['at'] = use.at;
    return go;
  };
  const state = (use: Use, into: HTMLElement): Child => (use.here ? opener(use, into)
    : one.purged ? bi('已按期删除', 'deleted in due time') : h('strong', { class: 'bad', text: bi('还没收到', 'not yet') }));

  const draw = (): void => {
    fill(body, uses.length === 0 ? nothing(bi('没有照片或文件。', 'No photos or files.')) : table(bi('照片、文件和签名', 'Photos, files and signatures'), [
      { title: bi('材料', 'What'), head: true, cell: (use) => () => useWords(use) },
      { title: bi('属于', 'Belongs to'), cell: (use) => () => belongs(use) },
      { title: bi('时间', 'Taken'), cell: (use) => (use.known?.takenAt ? timeText(use.known.takenAt) : '—') },
      { title: bi('大小', 'Size'), number: true, cell: (use) => sizeText(use.bytes) },
      { title: bi('查看', 'Look'), cell: (use) => state(use, shown) },
    ], uses), told.el, shown, one.parts.length === 0 ? null : h('details', { class: 'technical' }, h('summary', { text: bi('技术信息（核验用）', 'Technical, for verification') }),
      table(bi('收据所记的文件', 'Files that the receipt names'), [
        { title: bi('位置', 'Place'), head: true, cell: (part) => h('code', {}, part.at || '—') },
        { title: bi('类型', 'Media type'), cell: (part) => h('code', {}, part.type) },
        { title: bi('摘要', 'Digest'), cell: (part) => h('code', {}, part.digest) },
        { title: bi('收到', 'Here'), cell: (part) => (part.here ? bi('是', 'yes') : bi('否', 'no')) },
      ], one.parts)));
  };
  /** Redrawn with all openers when the names are here. */
  const places: (() => void)[] = [];
  draw();
  listOf(one).then((list) => {
    if (!list) return;
    uses = usesOf(one.parts, list);
    draw();
    for (const place of places) place();
  }, () => told.say('problem', bi('佐证的说明（谁签的、何时拍的）没有取到，其余照常。', 'What the phone wrote of its evidence could not be fetched; the rest is complete.')));
  return {
    section: body,
    at(pointer) {
      const box = h('div', { class: 'row openers' });
      const into = h('div', { class: 'shown', 'aria-live': 'polite' });
      const place = (): void => fill(box, uses.filter((use) => use.at === pointer).map((use) => state(use, into)));
      live(box, place);
      places.push(place);
      return uses.some((use) => use.at === pointer) || one.parts.some((part) => part.type === EVIDENCE_TYPE) ? [box, into] : null;
    },
  };
}

/** What was typed in place of a drawn signature. */
function statement(bytes: Uint8Array): Child {
  try {
    const { name, statement: words, at } = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>;
    return h('blockquote', {}, [name, words, timeText(String(at))].filter((one) => typeof one === 'string').join(' · '));
  } catch {
    return null;
  }
}
