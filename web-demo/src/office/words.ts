// Words for the codes of records, ledger and versions. In: a code. Out: what people in the office read. They decide nothing.

import { say } from '../ui/i18n.ts';

type Table = Readonly<Record<string, readonly [zh: string, en: string]>>;

const of = (table: Table) => (code: string | null | undefined): string => {
  const pair = table[code ?? ''];
  return pair ? say(pair[0], pair[1]) : (code ?? '');
};

export const STATES: Table = { complete: ['已收齐', 'Complete'], incomplete: ['材料未齐', 'Parts missing'], quarantined: ['待核规则', 'Quarantined'] };
export const stateName = of(STATES);

export const ROLES: Table = { inspector: ['检查员', 'Inspector'], reviewer: ['复核员', 'Reviewer'], office: ['未保办', 'Office'], admin: ['管理员', 'Administrator'] };
export const roleName = of(ROLES);

/** `none`: not judged yet. */
export const OUTCOMES: Table = {
  fail: ['不合格', 'Fail'], undetermined: ['待定', 'Open'], pass: ['合格', 'Pass'], not_applicable: ['不适用', 'Not applicable'], none: ['未判定', 'Not judged'],
};
export const outcomeWord = of({ ...OUTCOMES, faulted: ['算不出', 'Faulted'] });

/** In a trial, `none` is a rule without a finding. */
export const findingWord = of({ ...OUTCOMES, faulted: ['算不出', 'Faulted'], none: ['无问题', 'No finding'] });

export const LEDGER: Table = {
  open: ['待定措施', 'Open'], measure_set: ['整改中', 'Measure set'], done: ['待复查', 'Done, to review'], closed: ['已销号', 'Closed'], reopened: ['退回重改', 'Reopened'], withdrawn: ['已撤销', 'Withdrawn'],
};
export const ledgerName = of(LEDGER);

export const eventName = of({
  opened: ['立项', 'Opened'], revised: ['记录更正', 'Entry revised'], changed: ['修改', 'Changed'], done: ['报告完成', 'Reported done'], accepted: ['复查通过', 'Accepted'],
  rejected: ['复查退回', 'Rejected'], reopened: ['重新立项', 'Reopened'], withdrawn: ['撤销', 'Withdrawn'], restored: ['恢复', 'Restored'],
});

const two = (value: number): string => String(value).padStart(2, '0');

/** A time of the server as the clock in the office shows it. */
export function timeText(time: string | null | undefined): string {
  const date = new Date(time ?? '');
  if (Number.isNaN(date.getTime())) return '—';
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `sha256:1a2b3c4d…`, enough to compare by eye. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}

export function sizeText(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
