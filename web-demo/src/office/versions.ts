// Versions of rulesets, the trial of a new one, and publishing it. In: a bundle file that somebody picks. Out: the records whose verdict would flip.
// The server judges; the answer comes line by line, and one without its last line is told to be cut off.

import { fill, h, type Child } from '../ui/dom.ts';
import { bi, both, say } from '../ui/i18n.ts';
import { ask, get, OfficeFault } from './api.ts';
import { areaText, entryLink, subjectName } from './entries.ts';
import { faultWords } from './faults.ts';
import { topicName } from './filters.ts';
import type { Office } from './main.ts';
import { plainItem } from './findings.ts';
import { answerOf, busy, button, facts, labelled, loading, nothing, notice, outcomeMark, section, select, table, view } from './parts.ts';
import type { Flip, TrialSummary, Version } from './types.ts';
import { findingWord, outcomeWord, shortDigest, timeText } from './words.ts';

/** Flips that are listed; the rest is counted. */
const LISTED = 200;

interface Trial {
  readonly flips: Flip[];
  more: number;
  summary: TrialSummary | null;
}

/** Reads the answer while it comes. */
async function lines(response: Response, each: (line: Record<string, unknown>) => void): Promise<void> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    rest += decoder.decode(value, { stream: !done });
    const parts = rest.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part !== '') each(JSON.parse(part) as Record<string, unknown>);
    if (done) return;
  }
}

async function tryOut(file: Blob, progress: (tried: number, flipped: number) => void): Promise<Trial> {
  const trial: Trial = { flips: [], more: 0, summary: null };
  let tried = 0;
  const response = await ask('v1/rulesets/trial', { method: 'POST', raw: file, patience: 120, headers: { accept: 'application/x-ndjson' } });
  try {
    await lines(response, (line) => {
      if (line['flip']) {
        if (trial.flips.length < LISTED) trial.flips.push(line['flip'] as Flip);
        else trial.more += 1;
      }
      if (line['progress']) tried = (line['progress'] as { tried: number }).tried;
      if (line['summary']) trial.summary = line['summary'] as TrialSummary;
      progress(tried, trial.flips.length + trial.more);
    });
  } catch {
    throw new OfficeFault(faultWords(0, 'cut-off', '', ''), 0);
  }
  if (!trial.summary) throw new OfficeFault(faultWords(0, 'cut-off', '', ''), 0);
  return trial;
}

function result({ flips, more, summary }: Trial): Child {
  if (!summary) return null;
  return [
    facts([
      [bi('试判的记录', 'Records tried'), String(summary.tried)], [bi('结论会变', 'Verdict flips'), h('strong', {}, String(summary.flipped))],
      [bi('只有个别规则变', 'Only some rules change'), String(summary.rulesOnly)], [bi('不能试判', 'Cannot be tried'), String(summary.skipped)],
    ]),
    summary.transitions.length > 0 ? table(bi('怎么变', 'How they flip'), [
      { title: bi('现在', 'Now'), head: true, cell: (row) => () => outcomeWord(row.from) }, { title: bi('新版本', 'New version'), cell: (row) => () => outcomeWord(row.to) }, { title: bi('记录', 'Records'), number: true, cell: (row) => String(row.count) },
    ], summary.transitions) : null,
    flips.length === 0 ? nothing(bi('没有一份记录的结论会变。', 'No verdict would flip.')) : table(bi('结论会变的记录', 'Records whose verdict would flip'), [
      { title: bi('对象', 'Subject'), head: true, cell: (row) => entryLink(row.id, subjectName(row)) },
      { title: bi('地区', 'Area'), cell: (row) => areaText(row.jurisdiction ?? '') }, { title: bi('检查日', 'Checked'), cell: (row) => row.asOf },
      { title: bi('现在', 'Now'), cell: (row) => outcomeMark(row.from) }, { title: bi('新版本', 'New version'), cell: (row) => outcomeMark(row.to) },
      { title: bi('变的规则', 'Rules that change'), cell: (row) => h('ul', { class: 'steps' }, row.rules.map((rule) => h('li', {}, [h('code', {}, rule.rule), ' ', () => plainItem(rule.item)], ' ', () => `${findingWord(rule.from)} → ${findingWord(rule.to)}`))) },
    ], flips),
    more > 0 ? nothing(() => say(`另有 ${more} 份没有列出。`, `${more} more are not listed.`)) : null,
  ];
}

function trialBox(published: () => void): HTMLElement {
  const told = notice();
  const out = h('div', { class: 'stack' });
  const input = h('input', { type: 'file', name: 'bundle', accept: '.json,application/json', class: 'text' });
  const go = button(bi('试判', 'Try it'), () => void busy(go, told, async () => {
    out.replaceChildren();
    const file = input.files?.[0];
    if (!file) return told.say('problem', bi('请先选择规则包文件（.rules.json）。', 'Choose a bundle first (.rules.json).'));
    told.say(null, bi('正在试判……', 'Trying…'));
    const trial = await tryOut(file, (tried, flipped) => told.say(null, () => say(`已试 ${tried} 份，${flipped} 份会变……`, `${tried} tried, ${flipped} flip…`)));
    told.say('pass', bi('试完了。什么都没有改动。', 'Done. Nothing was changed.'));
    fill(out, result(trial));
  }), 'action');
  go.dataset['do'] = 'trial';
  const publish = button(bi('发布这个版本', 'Publish this version'), () => void busy(publish, told, async () => {
    const file = input.files?.[0];
    if (!file) return told.say('problem', bi('请先选择规则包文件（.rules.json）。', 'Choose a bundle first (.rules.json).'));
    const sure = await answerOf<boolean>(say('发布这个版本？', 'Publish this version?'), publish, (done) => [
      h('p', {}, bi('发布后不能收回：从生效日起，检查都按它判定。请先试判。', 'It cannot be taken back: from its day on, checks are judged by it. Try it first.'), ' ', h('strong', {}, file.name)),
      h('div', { class: 'row' }, button(bi('发布', 'Publish'), () => done(true), 'danger')),
    ]);
    if (!sure) return;
    const made = await get<{ id: string; version: string }>('v1/rulesets', { method: 'POST', raw: file, patience: 120 });
    told.say('pass', () => say(`已发布：${made.id} ${made.version}`, `Published: ${made.id} ${made.version}`));
    published();
  }), 'quiet');
  publish.dataset['do'] = 'publish';
  return section(bi('试判新版本', 'Try a new version'),
    h('p', { class: 'hint', text: bi('选一个规则包，看它会让哪些已有记录的结论改变。试判不改动任何东西。', 'Pick a bundle and see which stored verdicts it would flip. A trial changes nothing.') }),
    labelled(bi('规则包', 'Bundle'), input), h('div', { class: 'row' }, go, publish), told.el, out);
}

export function versionsView(office: Office): HTMLElement {
  const told = notice();
  const body = h('div');
  const topic = select('topic', office.topics.map((one) => [one.id, both(one.title)] as const), office.filters.topic || (office.topics[0]?.id ?? ''));
  async function load(): Promise<void> {
    const id = topic.value;
    told.clear();
    fill(body, loading());
    try {
      const { versions } = await get<{ versions: readonly Version[] }>(`v1/rulesets/${encodeURIComponent(id)}/versions`);
      if (topic.value !== id) return;
      fill(body, table(bi('各版本，新的在前', 'Versions, newest first'), [
        { title: bi('版本', 'Version'), head: true, cell: (one) => one.version },
        { title: bi('主题', 'Topic'), cell: (one) => topicName(office.topics, one.id) },
        { title: bi('生效日', 'In force from'), cell: (one) => one.effective.from ?? '—' },
        { title: bi('今天有效', 'In force today'), cell: (one) => one.inForce ? h('strong', { text: bi('有效', 'yes') }) : '—' },
        { title: bi('发布', 'Published'), cell: (one) => timeText(one.publishedAt) },
        { title: bi('发布人', 'By'), cell: (one) => (one.publisher === 'start' ? bi('服务器启动时载入', 'loaded at the start') : h('code', {}, one.publisher)) },
        { title: bi('摘要', 'Digest'), cell: (one) => h('code', { title: one.digest }, shortDigest(one.digest)) },
      ], versions));
    } catch (error) {
      body.replaceChildren();
      told.fault(error);
    }
  }
  topic.addEventListener('change', () => void load());
  void load();
  return h('div', { class: 'stack' }, view(bi('规则版本', 'Ruleset versions'), labelled(bi('主题', 'Topic'), topic), told.el, body), office.may('publish') ? trialBox(() => void load()) : null);
}
