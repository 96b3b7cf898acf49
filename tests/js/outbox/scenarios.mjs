// The ways in which field forms lost or doubled records, as steps on one phone (P and Q are its pages), and where each record must be in the
// end. In: nothing. Out: data. What must hold at every moment (world.mjs) is looked at after each step of each.
//
// `net` lists faults in the order in which requests meet them. `end` names the phase of each record by its number; `says` is what is told.

export const SCENARIOS = [
  { number: 1, name: 'the answer is lost after the server stored it', net: [['entry', 'reply_lost']], steps: ['begin', 'edit', 'finish', 'send'], end: ['received'], revisions: [1] },
  { number: 2, name: 'the same record is sent twice', steps: ['begin', 'edit', 'finish', 'send', 'replay', 'replay'], end: ['received'], revisions: [1] },
  { number: 3, name: 'two pages send at once', both: true, steps: ['begin', 'photo', 'finish', 'Q opens', 'both send'], end: ['received'], revisions: [1] },
  { number: 3, name: 'two pages on one draft: the one that slept writes nothing over the other', leases: true, steps: ['begin', 'edit', 'save', 'P sleeps', 'Q opens', 'Q takes the draft', 'Q edits and saves', 'P wakes', 'P edits and is told: taken', 'Q finishes', 'send'], end: ['received'], revisions: [1] },
  { number: 4, name: 'a correction is ready before what it corrects was received', net: [['entry', 'lost'], ['entry', 'broken'], ['entry', 'reply_lost']], steps: ['begin', 'edit', 'finish', 'correct', 'edit', 'finish', 'send'], end: ['received', 'received'], revisions: [2] },
  { number: 5, name: 'a part comes to a server that does not know its record', net: [['part', 'lost']], steps: ['begin', 'photo', 'photo', 'finish', 'send once', 'server forgets', 'send'], end: ['received'], revisions: [1] },
  { number: 5, name: 'a part is missing on the phone: that record waits for a person, the next one goes', steps: ['begin', 'photo', 'finish', 'lose bytes', 'begin', 'finish', 'send'], end: ['attention', 'received'], says: ['part_missing'], known: ['nothing_leaves'] },
  { number: 6, name: 'the page is killed between storing and sending', steps: ['begin', 'edit', 'finish', 'kill', 'send'], end: ['received'], revisions: [1] },
  { number: 7, name: 'the page is killed at each await of finishing', each: 60, steps: ['begin', 'edit', 'save', 'photo', 'finish, killed', 'finish drafts', 'send'], end: ['received'], revisions: [1] },
  { number: 7, name: 'the page is killed at each await of sending', each: 60, steps: ['begin', 'photo', 'finish', 'send, killed', 'send'], end: ['received'], revisions: [1] },
  { number: 8, name: 'the battery falls out, with a disk that keeps its word', steps: ['begin', 'edit', 'save', 'edit', 'save', 'kill', 'finish drafts', 'send'], end: ['received'] },
  { number: 8, name: 'the battery falls out, with a disk that does not: what relaxed durability would lose', lossy: true, steps: ['begin', 'edit', 'save', 'edit', 'save', 'kill'], breaks: ['saved_stays'] },
  { number: 9, name: 'the storage is full in the middle of a photo', steps: ['begin', 'edit', 'save', 'full', 'photo fails: full', 'not full', 'photo', 'finish', 'send'], end: ['received'] },
  { number: 10, name: 'the database is closed by the system', steps: ['begin', 'edit', 'database closes', 'save', 'database closes', 'finish', 'send'], end: ['received'], database: true },
  { number: 11, name: 'the browser throws everything away', steps: ['begin', 'edit', 'finish', 'begin', 'edit', 'save', 'mark', 'evict', 'kill', 'evicted: 2'], end: [] },
  { number: 12, name: 'the clock jumps back a year, ahead, and into another zone', steps: ['begin', 'finish', 'clock -31536000', 'begin', 'finish', 'clock 31536000', 'begin', 'finish', 'clock 28800', 'send'], end: ['received', 'received', 'received'], order: true },
  { number: 12, name: 'the clock says that a record is a year old: it is kept all the same', steps: ['begin', 'finish', 'send', 'clock 31536000', 'kill', 'send'], end: ['received'] },
  { number: 13, name: 'the token is revoked with thirty records waiting', steps: ['30 records', 'revoke', 'send once', 'all wait: denied', 'new token', 'send'], end: Array(30).fill('received'), revisions: Array(30).fill(1) },
  { number: 14, name: 'another user takes the phone', steps: ['begin', 'finish', 'other user', 'revoke first', 'begin', 'finish', 'send once', 'first waits: denied'], end: ['entry', 'received'], waits: true },
  { number: 15, name: 'the ruleset is replaced between draft and sending: the server keeps the record for later', steps: ['begin', 'finish', 'server lacks ruleset', 'send'], end: ['received'], quarantined: true },
  { number: 16, name: 'the ruleset is replaced under a draft: its own text is still here', steps: ['begin', 'edit', 'save', 'new ruleset', 'kill', 'old text here', 'finish drafts', 'send'], end: ['received'] },
  { number: 17, name: 'the hotel’s login page answers everything', net: [['keys', 'portal'], ['entry', 'portal'], ['entry', 'portal_json'], ['entry', 'redirect'], ['entry', 'proxy_403']], steps: ['begin', 'photo', 'finish', 'send'], end: ['received'], revisions: [1] },
  { number: 17, name: 'the login page takes the photo', net: [['part', 'portal'], ['part', 'portal_json'], ['part', 'redirect'], ['receipt', 'portal']], steps: ['begin', 'photo', 'finish', 'send'], end: ['received'], revisions: [1] },
  { number: 17, name: 'a receipt for other bytes, and one that is not signed by the server', net: [['entry', 'other_digest'], ['entry', 'other_signature']], steps: ['begin', 'finish', 'send'], end: ['received'], revisions: [1] },
  { number: 18, name: 'a proxy cuts the body and the answer', net: [['entry', 'body_cut'], ['entry', 'reply_cut'], ['part', 'body_cut'], ['receipt', 'reply_cut']], steps: ['begin', 'photo', 'finish', 'send'], end: ['received'], revisions: [1] },
  { number: 18, name: 'a large photo goes on where it was cut off', net: [['part', 'many'], ['part', 'lost']], steps: ['begin', 'big photo', 'finish', 'send'], end: ['received'], revisions: [1] },
  { number: 19, name: 'too many, busy, broken: a storm', net: [['entry', 'many'], ['entry', 'busy'], ['entry', 'broken'], ['entry', 'broken'], ['entry', 'many'], ['entry', 'broken']], steps: ['begin', 'finish', 'begin', 'finish', 'begin', 'finish', 'send'], end: ['received', 'received', 'received'] },
  { number: 19, name: 'one record is too large: it waits for a person, the others go', steps: ['begin', 'edit', 'finish', 'server takes less', 'begin', 'big answers', 'finish', 'begin', 'finish', 'send'], end: ['received', 'attention', 'received'], says: ['too-large'] },
  { number: 19, name: 'one record is refused: it blocks nobody', steps: ['begin poison', 'finish', 'begin', 'finish', 'send'], end: ['attention', 'received'], says: ['bad-request'] },
  { number: 20, name: 'the server is restored from a backup of before', steps: ['begin', 'photo', 'finish', 'backup', 'send', 'restore', 'begin', 'finish', 'send'], end: ['received', 'received'], revisions: [1, 1] },
  { number: 20, name: 'the server lost a photo only', steps: ['begin', 'photo', 'finish', 'send', 'server loses part', 'two days', 'kill', 'send'], end: ['received'], revisions: [1] },
  { number: 20, name: 'kept seven days after the receipt, then removed', steps: ['begin', 'photo', 'finish', 'send', 'two days', 'kill', 'send', 'still here', 'eight days', 'kill', 'send', 'removed'], end: [] },
  { number: 20, name: 'kept as long as the office says', steps: ['office keeps a month', 'begin', 'photo', 'finish', 'send', 'eight days', 'kill', 'send', 'still here', 'a month', 'kill', 'send', 'removed'], end: [] },
];

/** A mistake in the page's code, and the rule that notices it. Each must be noticed within a few schedules. */
export const MUTANTS = [
  { breaks: 'received_only_with_receipt', file: 'sync/machine.ts', from: "receipt: GOOD, part: STAY, foreign: AGAIN, unreachable: AGAIN, busy: AGAIN, denied: HOLD,\n    gone: LOOK", to: "receipt: GOOD, part: STAY, foreign: { to: 'received', vain: false, then: 'next' }, unreachable: AGAIN, busy: AGAIN, denied: HOLD,\n    gone: LOOK" },
  { breaks: 'received_only_with_receipt', file: 'sync/receipt.ts', from: "return receipt.digest === digest ? 'good' : 'other_digest';", to: "return 'good';" },
  { breaks: 'received_is_there', file: 'sync/machine.ts', from: "    gone: { to: 'entry', vain: false, then: 'on' },\n    unclear: STAY", to: '    gone: STAY,\n    unclear: STAY' },
  { breaks: 'received_only_with_receipt', file: 'sync/machine.ts', from: "=== 'receipt' && happened.envelope.state !== 'incomplete' ? 'received' : 'closing'", to: "!== undefined ? 'received' : 'closing'" },
  { breaks: 'saved_stays', file: 'store/drafts.ts', from: "        if (found.holder !== holder) throw new StoreFault('taken');\n        at.put('drafts', { id", to: "        at.put('drafts', { id" },
  { breaks: 'saved_stays', file: 'store/drafts.ts', from: '    if (this.noted === this.stored) return;\n    this.writing', to: '    if (this.noted !== this.stored) return;\n    this.writing' },
  { breaks: 'nothing_leaves', file: 'sync/finish.ts', from: "    at.put('outbox', record);\n", to: '' },
  { breaks: 'one_list', file: 'sync/finish.ts', from: "    at.remove('drafts', draft.id);\n", to: '' },
  { breaks: 'nothing_leaves', file: 'store/blobs.ts', from: 'if (owners.length === 0) {', to: 'if (owners.length <= 1) {' },
  { breaks: 'no_duplicates', file: 'sync/queue.ts', from: 'path: `v1/submissions/${record.id}`,', to: 'path: `v1/submissions/${record.id.slice(0, -2)}${String(10 + (record.attempts % 90))}`,' },
  { breaks: 'arrives', file: 'sync/machine.ts', from: "receipt: GOOD, part: STAY, foreign: AGAIN, unreachable: AGAIN, busy: AGAIN, denied: HOLD,\n    gone: LOOK", to: 'receipt: GOOD, part: STAY, foreign: AGAIN, unreachable: LOOK, busy: LOOK, denied: LOOK,\n    gone: LOOK' },
  { breaks: 'arrives', file: 'sync/queue.ts', from: 'return fit.sort((a, b) => a.attempts - b.attempts || a.key - b.key)[0];', to: 'return all.sort((a, b) => a.key - b.key).filter((one) => fit.includes(one) && one.key === all[0]?.key)[0];' },
];
