// What papers are written from: the results in the order of the rules, with their words, clauses and evidence. In: an inspection.
// Out: plain data in Chinese. It looks up words and decides nothing. Personal data does not come in: values are those that the report gives, masked.

import type { Clause, Description, Field, Finding, Rule } from '../engine.ts';
import { evidenceOf } from '../evidence/list.ts';
import { FIXES_TYPE, ROUTE_TYPE } from '../evidence/media.ts';
import type { Evidence } from '../store/types.ts';
import type { Inspection } from '../inspection.ts';
import type { Signed } from './paper.ts';
import { find } from '../naming.ts';
import { placeWithCode } from '../places.ts';
import { isRecord, join, keysOf, type Json } from '../pointer.ts';
import { shortDateTime } from '@weibao/rules/typed';
import { entryZh, outcomeZh, reasonZh, unitZh } from '../ui/words.ts';

export interface Item {
  readonly finding: Finding;
  readonly rule: Rule | undefined;
  readonly title: string;
  /** The list item that it is about. */
  readonly about: string;
  readonly outcome: string;
  /** What was found: the message of a failure, else why it is open. */
  readonly said: string;
  /** The answers that decided, `名称：值`. */
  readonly values: readonly string[];
  readonly clauses: readonly Clause[];
  /** Names of the files given for it. */
  readonly files: readonly string[];
}

export interface Attached {
  readonly name: string;
  readonly where: string;
  readonly digest: string;
  /** When a photograph was taken, as far as that is known. */
  readonly taken: string;
}

export interface PaperData {
  readonly ruleset: { readonly id: string; readonly version: string; readonly title: string };
  readonly subject: string;
  readonly place: string;
  readonly day: string;
  readonly layers: string;
  readonly outcome: string;
  readonly entry: string;
  readonly items: readonly Item[];
  readonly attached: readonly Attached[];
  /** What was signed on the phone, by role. */
  readonly signed: Readonly<Record<string, Signed>>;
  readonly digest: string;
  readonly description: Description;
  answer(name: string): Json | undefined;
}

/** What a report has in the place of personal data. */
const MASK = '***';

export function paperData(inspection: Inspection, subject: string, signed: Readonly<Record<string, Signed>> = {}): PaperData {
  const { description, ruleset, jurisdiction } = inspection;
  const report = inspection.explained();
  const layer = [...description.layers].reverse().find((one) => one.jurisdiction !== '000000');
  const labels = labeller(description, inspection);
  return {
    ruleset: { id: ruleset.id, version: ruleset.version, title: ruleset.title.zh },
    subject, day: inspection.asOf, description,
    place: placeWithCode(jurisdiction, layer?.jurisdiction === jurisdiction ? layer.title : undefined),
    layers: description.layers.map((one) => `${one.title.zh} ${one.version}`).join('；'),
    outcome: report.verdict.reason ? reasonZh(report.verdict.reason) : outcomeZh(report.verdict.outcome),
    entry: entryZh(report.entry.outcome),
    digest: inspection.forRecheck().digest,
    items: report.verdict.findings.map((finding) => item(finding, inspection, labels)),
    signed,
    attached: attachments(inspection, labels.place),
    answer: (name) => inspection.get(join('', name)),
  };
}

interface Labels {
  place(pointer: string): string;
  value(pointer: string, value: unknown): string;
}

/** Labels in Chinese whatever the page's language is. */
function labeller(description: Description, inspection: Inspection): Labels {
  const place = (pointer: string): string => {
    const labels: string[] = [];
    let inside: readonly Field[] | undefined = description.form.fields;
    let at = '';
    const keys = keysOf(pointer);
    while (keys.length > 0) {
      const key = keys.shift() ?? '';
      const field: Field | undefined = inside?.find((one) => one.name === key);
      if (!field) break;
      at = join(at, key);
      let label = field.label.zh;
      if (field.type === 'list' && keys.length > 0) {
        const index = keys.shift() ?? '';
        at = join(at, index);
        const row = inspection.get(at);
        const named = field.fields?.find((one) => one.type === 'text' && !one.sensitive);
        const name = named && isRecord(row) ? row[named.name] : undefined;
        label += typeof name === 'string' && name.trim() !== '' ? `“${name.trim().slice(0, 40)}”` : `第${Number(index) + 1}项`;
      }
      labels.push(label);
      inside = field.fields;
    }
    return labels.join('，') || '整份记录';
  };
  const value = (pointer: string, given: unknown): string => {
    const { field } = find(description.form.fields, pointer);
    const unit = unitZh(field?.unit);
    if (given === true) return '是';
    if (given === false) return '否';
    if (typeof given === 'number') return `${given}${unit}`;
    if (given === MASK) return '（个人信息，不写出）';
    if (typeof given === 'string') return field?.options?.find((one) => one.code === given)?.label.zh ?? shortDateTime(given);
    if (Array.isArray(given)) return given.map((one) => value(pointer, one)).join('、');
    if (typeof given === 'object' && given !== null) {
      const record = given as { [key: string]: Json };
      if ('items' in record) return `${String(record['items'])}项`;
      if ('value' in record) return `${String(record['value'])}${record['tolerance'] ? `±${String(record['tolerance'])}` : ''}${unit}`;
      if ('lng' in record) return `已定位（误差${String(record['accuracy'] ?? 0)}米）`;
    }
    return '已填';
  };
  return { place, value };
}

function item(finding: Finding, inspection: Inspection, labels: Labels): Item {
  const { description } = inspection;
  const rule = description.rules.find((one) => one.id === finding.rule);
  const values = (finding.evidence?.values ?? []).filter((one) => one.value !== null && !files(inspection.get(one.at)).length);
  const margin = finding.margin?.unit === 'm' && finding.margin.value < 0 ? `（差${Math.round(-finding.margin.value * 100) / 100}米）` : '';
  // Inside the item that the finding is about, the item need not be named again.
  const about = finding.item ? labels.place(finding.item) : '';
  const within = (place: string): string => (about !== '' && place.startsWith(`${about}，`) ? place.slice(about.length + 1) : place);
  return {
    finding, rule,
    title: rule?.title.zh ?? finding.rule,
    about,
    outcome: finding.reason === 'too_close' ? '太接近，不能定' : outcomeZh(finding.outcome),
    said: finding.outcome === 'fail' ? finding.message.zh.replace(/^「未填」/, () => about || '「未填」') + margin : reasonZh(finding.reason),
    values: values.map((one) => `${within(labels.place(one.at))}：${labels.value(one.at, one.value)}`),
    clauses: finding.clauses.flatMap((id) => description.clauses.find((one) => one.id === id) ?? []),
    files: (finding.evidence?.values ?? []).flatMap((one) => files(inspection.get(one.at))),
  };
}

/** Names of the files in a value: one, or a list of them. */
function files(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(files);
  if (!isRecord(value) || !('id' in value || 'sha256' in value)) return [];
  const name = value['name'] ?? value['id'];
  return typeof name === 'string' && name.trim() !== '' ? [name] : [];
}

/** Files that answers name, and what else was attached on the phone; the same file once. */
function attachments(inspection: Inspection, place: (pointer: string) => string): readonly Attached[] {
  const { description, answers } = inspection;
  const named = attachedIn(description.form.fields, answers, '', place);
  const known = new Set(named.map((one) => one.digest));
  const where = (at: string): string => {
    if (at.startsWith('rule:')) return description.rules.find((one) => one.id === at.slice('rule:'.length))?.title.zh ?? at;
    return at.startsWith('/') ? place(at) : '现场';
  };
  const others = evidenceOf(inspection).all.filter((one) => one.kind !== 'signature' && !known.has(hex(one.digest)));
  const taken = (digest: string): string => evidenceOf(inspection).all.find((one) => hex(one.digest) === digest)?.takenAt ?? '';
  return [...named.map((one) => ({ ...one, taken: minute(taken(one.digest)) })),
    ...others.map((one) => ({ name: evidenceName(one), where: where(one.at), digest: hex(one.digest), taken: minute(one.takenAt ?? '') }))];
}

const hex = (digest: string): string => digest.replace(/^sha256:/, '');
const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');

function evidenceName(one: Evidence): string {
  if (one.type === FIXES_TYPE) return '定位原始数据';
  if (one.type === ROUTE_TYPE) return '分段测量记录';
  return one.name ?? { photo: '照片', file: '文件', note: '记录', signature: '签名' }[one.kind];
}

function attachedIn(fields: readonly Field[], answers: Json, at: string, place: (pointer: string) => string): Attached[] {
  if (!isRecord(answers)) return [];
  return fields.flatMap((field): Attached[] => {
    const value = answers[field.name];
    const pointer = join(at, field.name);
    if (value === undefined) return [];
    if (field.type === 'attachment') return file(value, place(pointer));
    if (field.type === 'group') return attachedIn(field.fields ?? [], value, pointer, place);
    if (field.type !== 'list' || !Array.isArray(value)) return [];
    if (field.item?.type === 'attachment') return value.flatMap((one) => file(one, place(pointer)));
    return value.flatMap((one, n) => attachedIn(field.fields ?? [], one, join(pointer, n), place));
  });
}

function file(value: Json, where: string): Attached[] {
  const digest = isRecord(value) && typeof value['sha256'] === 'string' ? value['sha256'] : '';
  return files(value).map((name) => ({ name, where, digest, taken: '' }));
}

/** `《未成年人保护法》第五十八条`. */
export function cited(clause: Clause): string {
  return `《${clause.title.replace(/^《|》$/g, '')}》${clause.article}`;
}

/** The findings section by section in the ruleset's order; those of no section come first, under no title. */
export function bySection(data: PaperData): readonly { readonly title: string | null; readonly items: readonly Item[] }[] {
  const { sections } = data.description;
  const of = (one: Item): number => sections.findIndex((section) => section.rules.includes(one.finding.rule));
  return [{ title: null, items: data.items.filter((one) => of(one) < 0) },
    ...sections.map((section, n) => ({ title: section.title.zh, items: data.items.filter((one) => of(one) === n) }))].filter((part) => part.items.length > 0);
}
