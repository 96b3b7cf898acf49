// The form as the packer walks it, and as places are written: made once per variant from the engine's description.

import type { RawPlan, RawScope } from "./description.js";
import { step } from "./json.js";

/** How a member is packed. Numbers, so that the packer's switch is a jump. */
export const enum Pack {
  Boolean,
  Number,
  Text,
  Choice,
  Choices,
  Measure,
  Point,
  Attachment,
  List,
  Group,
  /** Left to the engine's own reader. */
  Never,
}

const PACKS: Record<string, Pack> = {
  boolean: Pack.Boolean,
  integer: Pack.Number,
  number: Pack.Number,
  text: Pack.Text,
  ref: Pack.Text,
  date: Pack.Text,
  datetime: Pack.Text,
  choice: Pack.Choice,
  choices: Pack.Choices,
  measure: Pack.Measure,
  point: Pack.Point,
  attachment: Pack.Attachment,
  list: Pack.List,
};

/** A member of a record. All of one shape, which keeps the packer's property reads fast. */
export interface Member {
  readonly name: string;
  readonly pack: Pack;
  readonly slot: number;
  /** Position of the member that usually comes next. */
  readonly next: number;
  /** Most characters that its key and a plain value take in JSON. */
  readonly cost: number;
  readonly options: ReadonlyMap<string, number> | undefined;
  /** Members of a group, or of a list's records. */
  inner: Members | undefined;
  /** A list of scalars. */
  readonly scalar: boolean;
}

/** The members of a record in document order, ended by one that no key equals. */
export interface Members {
  readonly list: Member[];
  readonly byName: Map<string, Member>;
}

const END: Member = {
  name: undefined as unknown as string,
  pack: Pack.Never,
  slot: -1,
  next: 0,
  cost: 0,
  options: undefined,
  inner: undefined,
  scalar: false,
};

/** A scope's slots, as places are written. */
export interface Places {
  /** Pointer from the record to the slot. */
  readonly pointers: readonly string[];
  /** Scope of the items, for slots that hold lists. */
  readonly scopes: readonly (number | undefined)[];
}

/** What a variant's answers look like. */
export interface Layout {
  readonly root: Members;
  readonly places: readonly Places[];
  readonly rules: readonly string[];
  readonly reasons: readonly string[];
}

/** Braces, quotes, colon, comma, and the longest number. */
const PLAIN = 40;
/** A measure or a point as an object. */
const OBJECT = 160;

function members(scope: RawScope, group: number, all: readonly Members[]): Members {
  const list: Member[] = [];
  const byName = new Map<string, Member>();
  const made: Members = { list, byName };
  scope.groups[group]?.members.forEach((number, i) => {
    const common = { slot: number, next: i + 1 };
    const raw = number >= 0 ? scope.fields[number]! : undefined;
    const name = raw ? raw.name : scope.groups[-number]!.name;
    const pack = raw ? (PACKS[raw.type] ?? Pack.Never) : Pack.Group;
    const member: Member = {
      name,
      pack,
      slot: common.slot,
      next: common.next,
      cost: name.length * 6 + (pack === Pack.Measure || pack === Pack.Point ? OBJECT : PLAIN),
      options: raw?.options && new Map(raw.options.map((option, position) => [option.code, position])),
      inner: raw ? (raw.scope === undefined ? undefined : all[raw.scope]) : members(scope, -number, all),
      scalar: false,
    };
    list.push(member);
    byName.set(name, member);
  });
  list.push(END);
  return made;
}

function places(scope: RawScope): Places {
  const pointers: string[] = scope.fields.map((field) => (field.name === "" ? "" : step("", field.name)));
  const walk = (group: number, prefix: string): void => {
    for (const member of scope.groups[group]?.members ?? []) {
      if (member >= 0) {
        pointers[member] = prefix + pointers[member]!;
      } else {
        walk(-member, prefix + step("", scope.groups[-member]!.name));
      }
    }
  };
  walk(0, "");
  return { pointers, scopes: scope.fields.map((field) => field.scope) };
}

/** Compiles a description into what the packer and the decoder go by. */
export function layout(raw: RawPlan): Layout {
  const records: Members[] = raw.scopes.map(() => ({ list: [], byName: new Map() }));
  raw.scopes.forEach((scope, i) => {
    const made = scope.scalar ? scalar(scope, records) : members(scope, 0, records);
    records[i]!.list.push(...made.list);
    made.byName.forEach((member, name) => records[i]!.byName.set(name, member));
  });
  raw.scopes.forEach((scope, i) => {
    for (const member of records[i]!.list) {
      markLists(member, scope, raw.scopes);
    }
  });
  return {
    root: records[0] ?? { list: [END], byName: new Map() },
    places: raw.scopes.map(places),
    rules: raw.rules.map((rule) => rule.id),
    reasons: raw.reasons,
  };
}

/** The one member of a list of scalars: slot 0, without a name. */
function scalar(scope: RawScope, all: readonly Members[]): Members {
  return members({ ...scope, groups: [{ name: "", label: { zh: "" }, conditional: false, members: [0] }] }, 0, all);
}

function markLists(member: Member, scope: RawScope, scopes: readonly RawScope[]): void {
  if (member.pack === Pack.List) {
    const inner = scope.fields[member.slot]?.scope;
    (member as { scalar: boolean }).scalar = inner !== undefined && scopes[inner]?.scalar === true;
  } else if (member.pack === Pack.Group) {
    member.inner?.list.forEach((inner) => markLists(inner, scope, scopes));
  }
}
