// Names for places of the answers, and expressions in the words of the form. In: pointers and expressions of a report. Out: text
// such as `周边的学校和幼儿园 第 1 项 · 名称`. It translates words; it computes nothing.

import type { Description, Field, Finding } from './engine.ts';
import type { Inspection } from './inspection.ts';
import { isRecord, keysOf, type Json } from './pointer.ts';
import { shortDateTime } from '@weibao/rules/typed';
import { pick, say } from './ui/i18n.ts';
import { systemName, unitName } from './ui/words.ts';

/** The field that a pointer leads to, with the labels on the way. */
export function find(fields: readonly Field[], pointer: string): { field: Field | null; labels: string[] } {
  const labels: string[] = [];
  let inside: readonly Field[] | undefined = fields;
  let field: Field | null = null;
  const keys = keysOf(pointer);
  while (keys.length > 0) {
    const key = keys.shift() ?? '';
    const next: Field | undefined = inside?.find((one) => one.name === key);
    if (!next) break;
    field = next;
    labels.push(pick(next.label));
    inside = next.fields;
    if (next.type === 'list' && keys.length > 0) {
      const index = Number(keys.shift());
      labels[labels.length - 1] = `${labels.at(-1) ?? ''} ${say(`第 ${index + 1} 项`, `item ${index + 1}`)}`;
      if (next.item) field = next.item;
    }
  }
  return { field, labels };
}

export function placeText(description: Description, pointer: string): string {
  const { labels } = find(description.form.fields, pointer);
  return labels.length > 0 ? labels.join(' · ') : pointer || say('整份记录', 'The whole record');
}

/** A list item by its name where it has one: `第一小学`, else `第 1 项`. */
export function itemText(inspection: Inspection, pointer: string): string {
  const index = Number(keysOf(pointer).at(-1));
  const item = inspection.get(pointer);
  const { field } = find(inspection.description.form.fields, pointer);
  const named = field?.fields?.find((one) => one.type === 'text' && !one.sensitive);
  const name = named && isRecord(item) ? item[named.name] : undefined;
  const place = say(`第 ${index + 1} 项`, `Item ${index + 1}`);
  return typeof name === 'string' && name.trim() !== '' ? `${place} · ${name.slice(0, 30)}` : place;
}

/** A finding's message; where it begins with a name that was not given, it says which item is meant. */
export function messageText(inspection: Inspection, { message, item }: Pick<Finding, 'message' | 'item'>): string {
  const text = pick(message);
  return item === undefined ? text : text.replace(/^(「未填」|\(not given\))/, () => itemText(inspection, item));
}

/** A value of the evidence as it is read. */
export function valueText(description: Description, pointer: string, value: unknown): string {
  const { field } = find(description.form.fields, pointer);
  const unit = field?.unit ? ` ${unitName(field.unit)}` : '';
  if (value === null || value === undefined) return say('未填', 'not given');
  if (value === true) return say('是', 'yes');
  if (value === false) return say('否', 'no');
  if (typeof value === 'string') {
    if (field?.type === 'attachment') return say('已附文件', 'a file is attached');
    if (value === 'area') return say('已画边界', 'a boundary');
    if (value === 'file') return say('已有文件', 'a file');
    const option = field?.options?.find((one) => one.code === value);
    return option ? pick(option.label) : shortDateTime(value);
  }
  if (typeof value === 'number') return `${value}${unit}`;
  if (Array.isArray(value)) return value.map((one) => valueText(description, pointer, one)).join('、');
  const record = value as { [key: string]: Json };
  if ('items' in record) return say(`${String(record['items'])} 项`, `${String(record['items'])} items`);
  if ('lng' in record) return pointText(record);
  if (field?.type === 'area' || 'coordinates' in record) return areaText(record);
  if (field?.type === 'attachment') return typeof record['name'] === 'string' && record['name'] !== '' ? record['name'] : say('已附文件', 'a file is attached');
  if ('value' in record) return `${String(record['value'])}${record['tolerance'] ? ` ± ${String(record['tolerance'])}` : ''}${unit}`;
  return JSON.stringify(value);
}

/** A place in words: `东经 105.948°，北纬 26.25°，误差 ±12 米，WGS-84（手机定位）`. */
function pointText(point: { [key: string]: Json }): string {
  const accuracy = typeof point['accuracy'] === 'number' ? say(`，误差 ±${point['accuracy']} 米`, `, ±${point['accuracy']} m`) : say('，没有写误差', ', accuracy not given');
  return say(`经度 ${String(point['lng'])}，纬度 ${String(point['lat'])}`, `longitude ${String(point['lng'])}, latitude ${String(point['lat'])}`) + accuracy + systemText(point);
}

const systemText = (value: { [key: string]: Json }): string => (typeof value['crs'] === 'string' ? `${say('，', ', ')}${systemName(value['crs'])}` : '');

/** A boundary in words: how many corners in how many pieces; its numbers tell nobody anything. */
function areaText(area: { [key: string]: Json }): string {
  const depth = (value: Json | undefined): number => (Array.isArray(value) ? 1 + depth(value[0]) : 0);
  const rings = (Array.isArray(area['coordinates']) ? area['coordinates'] : []).flatMap((one) => (depth(one) > 2 ? (one as Json[]) : [one])).filter((one) => Array.isArray(one));
  // The last corner of a ring is its first again.
  const corners = rings.reduce((sum, ring) => sum + Math.max(0, ring.length - 1), 0);
  if (corners === 0) return say('已画边界', 'a boundary');
  return say(`边界：${corners} 个点${rings.length > 1 ? `，${rings.length} 圈` : ''}`, `boundary: ${corners} corners${rings.length > 1 ? ` in ${rings.length} rings` : ''}`) + systemText(area);
}

/** Every name that an expression may use, with its label. */
export function vocabulary(description: Description): Map<string, string> {
  const words = new Map<string, string>();
  const gather = (fields: readonly Field[]): void => {
    for (const field of fields) {
      if (!words.has(field.name)) words.set(field.name, pick(field.label));
      for (const option of field.options ?? []) words.set(`"${option.code}"`, `“${pick(option.label)}”`);
      gather(field.fields ?? []);
    }
  };
  gather(description.form.fields);
  for (const param of description.params) words.set(`params.${param.name}`, pick(param.label));
  words.set('as_of', say('检查日', 'the day of the check'));
  return words;
}

const SIGNS: readonly [RegExp, () => string][] = [
  [/\bdistance\(/g, () => say('距离(', 'distance(')], [/\bminor_on\(/g, () => say('未成年(', 'minor(')], [/\bage_on\(/g, () => say('年龄(', 'age(')],
  [/\bdays_between\(/g, () => say('相隔天数(', 'days between(')], [/\bdate_of\(/g, () => say('日期(', 'day(')], [/\bknown\(/g, () => say('已填(', 'given(')],
  [/\bmissing\(/g, () => say('未填(', 'not given(')], [/\s*\?\?\s*/g, () => say('，没有则 ', ', else ')],
  [/>=/g, () => '≥'], [/<=/g, () => '≤'], [/!=/g, () => '≠'], [/==/g, () => '＝'],
  [/\s*&&\s*/g, () => say(' 并且 ', ' and ')], [/\s*\|\|\s*/g, () => say(' 或者 ', ' or ')], [/!(?=[\w「(“])/g, () => say('不是 ', 'not ')],
];

/** An expression with names in the words of the form: `site.d_boundary > 200` → `「边界到场所的直线距离」 > 200`. */
export function readableExpression(expression: string, words: ReadonlyMap<string, string>): string {
  let text = expression.replace(/\s+/g, ' ').replace(/"[^"]*"|(?:[a-z_]\w*\.)?[a-z_]\w*(?!\s*\()/g, (name) => {
    const own = words.get(name) ?? words.get(name.replace(/^\w+\./, ''));
    return own === undefined ? name : own.startsWith('“') ? own : `「${own}」`;
  });
  for (const [sign, word] of SIGNS) text = text.replace(sign, word);
  return text;
}

/** The params that a finding rests on: named in its expressions, or set by one of its clauses. */
export function paramsOf(description: Description, expressions: readonly string[], clauses: readonly string[]): Description['params'] {
  return description.params.filter((param) =>
    (param.clause !== undefined && clauses.includes(param.clause)) || expressions.some((one) => new RegExp(`\\bparams\\.${param.name}\\b`).test(one)));
}
