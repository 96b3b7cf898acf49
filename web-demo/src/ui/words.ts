// Words for the stable codes of a report: outcomes, severities, kinds, reasons, grades, units, coordinate systems. In: a
// code. Out: what an inspector reads. They say what the engine decided; they decide nothing.

import { say } from './i18n.ts';
import type { Sign } from './icons.ts';

type Pair = readonly [zh: string, en: string];
type Table = Record<string, Pair>;

function of(table: Table, code: string | undefined): string {
  const pair = code === undefined ? undefined : table[code];
  return pair ? say(pair[0], pair[1]) : (code ?? '');
}

const OUTCOMES: Table = {
  pass: ['合格', 'Pass'], fail: ['不合格', 'Fail'], undetermined: ['待定', 'Open'],
  not_applicable: ['不适用', 'Not applicable'], faulted: ['算不出', 'Faulted'],
};
const ENTRIES: Table = {
  complete: ['填写完整', 'Complete'], incomplete: ['还没填完', 'Not complete yet'], invalid: ['填写有误', 'Has errors'],
};
const SEVERITIES: Table = {
  critical: ['严重', 'Critical'], major: ['重大', 'Major'], moderate: ['一般', 'Moderate'], minor: ['轻微', 'Minor'],
};
const KINDS: Table = {
  duty: ['应当做', 'Duty'], prohibition: ['不得做', 'Prohibition'], trigger: ['负面清单事项', 'Negative list item'], entry: ['填写核对', 'Entry check'],
};
const REASONS: Table = {
  missing: ['还缺答案', 'An answer is missing'],
  missing_param: ['法律交给地方规定，本地还没有规定', 'Left to the locality, which has not set it'],
  no_evidence: ['还没有佐证材料', 'Evidence is missing'],
  not_due: ['期限还没有到', 'Not due yet'],
  too_close: ['离界限太近，误差之内不能定；请用更准的方法再量', 'Too close to the limit for this accuracy; measure again with something better'],
  method: ['所用的测量方法不是规定的方法', 'Not measured by the prescribed method'],
  conflict: ['所填内容互相矛盾', 'The answers contradict each other'],
  out_of_period: ['日期超出了日历表的年份', 'The calendar does not hold that year'],
  judgement: ['需要有权的人判断', 'Needs a judgement by those in charge'],
  partly_met: ['检查员认定为部分达标', 'Judged partly met'],
  not_inspected: ['检查员还没有检查', 'Not inspected yet'],
  out_of_force: ['规则在这一天没有生效', 'Not in force on that day'],
  other_area: ['规则不适用于这个地方', 'Holds for another area'],
};
const GRADES: Table = {
  original: ['原文核对', 'Read in the original'], repost: ['转载核对', 'Read in a repost'], unverified: ['未核对', 'Not verified'],
};
const UNITS: Table = {
  m: ['米', 'm'], day: ['天', 'days'], month: ['个月', 'months'], year: ['岁', 'years'],
};
const SYSTEMS: Table = {
  wgs84: ['WGS-84（手机定位）', 'WGS-84 (phone GPS)'], cgcs2000: ['CGCS2000（天地图、测绘）', 'CGCS2000 (survey)'],
  gcj02: ['GCJ-02（高德、腾讯）', 'GCJ-02 (Amap, Tencent)'], bd09: ['BD-09（百度）', 'BD-09 (Baidu)'],
};

export const outcomeName = (code: string): string => of(OUTCOMES, code);
export const entryName = (code: string): string => of(ENTRIES, code);
export const severityName = (code: string): string => of(SEVERITIES, code);
export const kindName = (code: string): string => of(KINDS, code);
export const reasonName = (code: string | undefined): string => of(REASONS, code);
export const gradeName = (code: string): string => of(GRADES, code);
export const unitName = (code: string | undefined): string => of(UNITS, code);
export const systemName = (code: string): string => of(SYSTEMS, code);

/** The same words in Chinese whatever the page's language is, for papers. */
const chinese = (table: Table) => (code: string | undefined): string => (code === undefined ? '' : table[code]?.[0] ?? code);
export const outcomeZh = chinese(OUTCOMES);
export const entryZh = chinese(ENTRIES);
export const reasonZh = chinese(REASONS);
export const unitZh = chinese(UNITS);

/** The sign of an outcome; what is too close has its own. */
export function signOf(outcome: string, reason?: string): Sign {
  if (reason === 'too_close') return 'close';
  switch (outcome) {
    case 'pass': return 'pass';
    case 'fail': return 'fail';
    case 'not_applicable': return 'none';
    default: return 'open';
  }
}

/** A number rounded for reading: two decimals at most. */
export function readable(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** How far a value lies from what is asked: `离要求差 5 米`. What is too close is told of the value as measured; a margin without a
 * unit, such as one of a count, says nothing that the message does not, and gives no text. */
export function marginText(margin: { value: number; unit: string } | undefined, reason?: string): string {
  if (!margin?.unit) return '';
  const unit = unitName(margin.unit);
  const size = readable(Math.abs(margin.value));
  const asMeasured = reason === 'too_close' ? say('按测得的值，', 'As measured, ') : '';
  if (margin.value < 0) return asMeasured + say(`离要求差 ${size} ${unit}`, `${size} ${unit} short of what is asked`);
  if (margin.value > 0) return asMeasured + say(`比要求多出 ${size} ${unit}`, `${size} ${unit} beyond what is asked`);
  return asMeasured + say('恰好在界限上', 'exactly on the limit');
}
