// The inspection that is being filled in: answers, place and day, and the engine's session that judges them. In: edits by
// path. Out: a snapshot after each edit. It decides nothing itself; nothing of it is stored.

import type { Description, Field, Finding, Problem, Report, Ruleset, Session } from './engine.ts';
import { openIndex, type OpenIndex } from './flow/open.ts';
import { erase, join, keysOf, read, write, type Json, type Record_ } from './pointer.ts';

export interface Sample {
  readonly asOf?: string;
  readonly jurisdiction?: string;
  readonly answers: Record_;
}

/** The pointer of the field that holds `pointer`: `/sites/0/gate` for `/sites/0/gate/lng`. */
function slotOf(fields: readonly Field[], pointer: string): string {
  let at = '';
  let inside: readonly Field[] | undefined = fields;
  const keys = keysOf(pointer);
  while (keys.length > 0 && inside) {
    const key = keys.shift() ?? '';
    const field: Field | undefined = inside.find((one) => one.name === key);
    at = join(at, key);
    inside = field?.fields;
    if (field?.type === 'list') {
      const index = keys.shift();
      if (index !== undefined) at = join(at, index);
    }
  }
  return at;
}

/** What the views draw from: the report, looked up by path. */
export interface Snapshot {
  readonly report: Report;
  /** Entry problems at exactly this path. */
  problems(pointer: string): readonly Problem[];
  /** Findings that highlight this path. */
  findings(pointer: string): readonly Finding[];
  /** Number of problems and findings at this path or below. */
  marks(pointer: string): { problems: number; fails: number; close: number };
  /** Does the form ask for it? */
  relevant(pointer: string): boolean;
  /** All that is said at the form's own field that holds this path, or below it, as text: equal texts, nothing to redraw. */
  said(pointer: string): string;
  /** The questions whose answers can still change something, worked out when somebody asks. */
  readonly open: OpenIndex;
}

type Listener = (snapshot: Snapshot) => void;

export class Inspection {
  answers: Record_ = {};
  /** Who is inspected: for the lists of the phone and the office, and for papers. */
  subject = '';
  /** What the page filled in by itself, by place. */
  private readonly given = new Map<string, Json>();
  snapshot: Snapshot;
  /** Form, clauses, rules and params for the place and day. */
  description: Description;
  private session: Session;
  private readonly listeners = new Set<Listener>();
  private readonly keepers = new Set<() => void>();
  /** Counts edits: work for an older one is dropped. */
  private edits = 0;
  private pending = false;

  constructor(readonly ruleset: Ruleset, private day: string, private place: string) {
    const options = { asOf: this.day, jurisdiction: this.place };
    this.description = ruleset.describe(options);
    this.session = ruleset.session({}, options);
    this.snapshot = snapshotOf(this.session, this.session.report(), this.description.form.fields);
  }

  get asOf(): string { return this.day; }
  get jurisdiction(): string { return this.place; }
  /** Did nobody enter anything? What the page filled in by itself does not count. */
  get empty(): boolean { return this.subject === '' && Object.keys(this.answers).every((name) => this.isGiven(join('', name))); }

  /** Names who is inspected. It is no answer and judges nothing; listeners are told, so that it is kept. */
  name(subject: string): void {
    if (subject === this.subject) return;
    this.subject = subject;
    this.tell();
  }

  /** Fills in an answer that is nearly always the right one, and remembers that nobody entered it. */
  give(pointer: string, value: Json): void {
    this.given.set(pointer, value);
    this.set(pointer, value);
  }

  /** Does the answer here stand as the page filled it in? */
  isGiven(pointer: string): boolean {
    return this.given.has(pointer) && this.given.get(pointer) === this.get(pointer);
  }

  get(pointer: string): Json | undefined {
    return read(this.answers, pointer);
  }

  set(pointer: string, value: Json): void {
    if (!write(this.answers, pointer, value)) return;
    this.pass(pointer);
  }

  remove(pointer: string): void {
    if (this.get(pointer) === undefined) return;
    erase(this.answers, pointer);
    this.pass(pointer);
  }

  /** Hands the session the whole value of the field that holds a place: it takes a point or a measure as one. */
  private pass(pointer: string): void {
    const slot = slotOf(this.description.form.fields, pointer);
    try {
      this.hand(slot);
    } catch (error) {
      // The engine has no rows of a list that it refuses as a whole (too many items): then the list is handed over whole.
      const top = join('', keysOf(pointer)[0] ?? '');
      if (top === slot) throw error;
      this.hand(top);
    }
    this.later();
  }

  private hand(pointer: string): void {
    const value = this.get(pointer);
    if (value === undefined) this.session.remove(pointer);
    else this.session.set(pointer, value);
  }

  /** Writes a whole list after items were added or removed. */
  setList(pointer: string, items: Json[]): void {
    if (write(this.answers, pointer, items)) this.pass(pointer);
  }

  move(day: string, place: string): void {
    this.day = day;
    this.place = place;
    this.restart();
    this.tell();
  }

  replace(answers: Record_): void {
    this.answers = structuredClone(answers);
    this.given.clear();
    this.restart();
    this.tell();
  }

  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Told of what was entered before the engine has judged it: for what keeps the answers. */
  onEdit(listener: () => void): void {
    this.keepers.add(listener);
  }

  /** Ends the engine's session. */
  close(): void {
    this.listeners.clear();
    this.keepers.clear();
    this.edits += 1;
    this.session.dispose();
  }

  /** The report with evidence, and with what passed, for the why view. */
  explained(): Report {
    return this.session.report({ explain: true, all: true });
  }

  /** A session of its own with the same answers, to try what another answer would change. The caller disposes of it. */
  trial(): Session {
    return this.ruleset.session(this.answers, { asOf: this.day, jurisdiction: this.place });
  }

  /** What the server is to check again: the answers as the session holds them, and the digest of the plain report. */
  forRecheck(): { entry: Json; digest: string } {
    return { entry: this.session.answers as Json, digest: this.session.report().digest };
  }

  /** Rows of a table that the check was given, for fields that refer to one. This page gives none. */
  rowsOf(_table: string): readonly { key: string; label: string }[] {
    return [];
  }

  private restart(): void {
    this.edits += 1;
    this.pending = false;
    const options = { asOf: this.day, jurisdiction: this.place };
    const next = this.ruleset.session(this.answers, options);
    this.description = this.ruleset.describe(options);
    this.session?.dispose();
    this.session = next;
    this.look();
  }

  /** Takes what was just entered into account at once. */
  flush(): void {
    if (!this.pending) return;
    this.edits += 1;
    this.pending = false;
    this.look();
    this.tell();
  }

  /** After an edit: keeping it, the report, its decoding and the drawing are tasks of their own, each within a frame on a slow phone. */
  private later(): void {
    this.edits += 1;
    const mine = this.edits;
    this.pending = true;
    const then = (work: () => void) => (): void => {
      if (mine === this.edits) work();
    };
    let text = '';
    let report: Report;
    const steps: (() => void)[] = [
      () => this.keep(),
      () => { text = this.session.reportText(); },
      () => { report = JSON.parse(text) as Report; },
      () => { this.snapshot = snapshotOf(this.session, report, this.description.form.fields); },
      () => {
        this.pending = false;
        this.draw();
      },
    ];
    const next = (): void => {
      steps.shift()?.();
      if (steps.length > 0) setTimeout(then(next));
    };
    requestAnimationFrame(() => setTimeout(then(next)));
  }

  private look(): void {
    this.snapshot = snapshotOf(this.session, this.session.report(), this.description.form.fields);
  }

  private tell(): void {
    this.keep();
    this.draw();
  }

  private keep(): void {
    for (const listener of this.keepers) listener();
  }

  private draw(): void {
    for (const listener of this.listeners) listener(this.snapshot);
  }
}

function snapshotOf(session: Session, report: Report, fields: readonly Field[]): Snapshot {
  const problems = new Map<string, Problem[]>();
  const findings = new Map<string, Finding[]>();
  const marks = new Map<string, { problems: number; fails: number; close: number }>();
  const count = (pointer: string, key: 'problems' | 'fails' | 'close'): void => {
    const keys = keysOf(pointer);
    for (let n = 1; n <= keys.length; n += 1) {
      const at = join('', ...keys.slice(0, n));
      const mark = marks.get(at) ?? { problems: 0, fails: 0, close: 0 };
      mark[key] += 1;
      marks.set(at, mark);
    }
  };
  for (const problem of report.entry.problems) {
    push(problems, problem.at, problem);
    if (problem.severity === 'error') count(problem.at, 'problems');
  }
  for (const finding of report.verdict.findings) {
    for (const at of finding.at) push(findings, at, finding);
    const first = finding.item ?? finding.at[0];
    if (first === undefined) continue;
    if (finding.outcome === 'fail') count(first, 'fails');
    else if (finding.reason === 'too_close') count(first, 'close');
  }
  const none = { problems: 0, fails: 0, close: 0 };
  const said = new Map<string, string>();
  const note = (pointer: string, ...words: (string | undefined)[]): void => {
    const top = keysOf(pointer)[0] ?? '';
    said.set(top, `${said.get(top) ?? ''}\n${pointer} ${words.join(' ')}`);
  };
  for (const { at, code, severity, message } of report.entry.problems) note(at, code, severity, message.zh);
  for (const { at, item, rule, outcome, reason, message } of report.verdict.findings) {
    if (outcome !== 'fail' && reason !== 'too_close') continue;
    for (const pointer of item === undefined ? at : [...at, item]) note(pointer, rule, item, outcome, reason, message.zh);
  }
  let open: OpenIndex | undefined;
  return {
    report,
    problems: (pointer) => problems.get(pointer) ?? [],
    findings: (pointer) => findings.get(pointer) ?? [],
    marks: (pointer) => marks.get(pointer) ?? none,
    relevant: (pointer) => session.relevant(pointer),
    said: (pointer) => said.get(keysOf(pointer)[0] ?? '') ?? '',
    get open() {
      open ??= openIndex(report, fields);
      return open;
    },
  };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
