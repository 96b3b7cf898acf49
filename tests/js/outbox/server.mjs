// The server as far as the outbox can tell, in memory, after docs/server.md: idempotent submissions, parts, receipts, tokens, and a backup
// that it may be restored from. In: requests. Out: replies, at once. The real server is met in the browser tests; this one can be stopped anywhere.

import { createHash } from 'node:crypto';

const sha256 = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const copy = (value) => structuredClone(value);

export function reply(status, body = '', { type = body === '' ? '' : 'application/json', headers = {}, redirected = false } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, type, redirected, body: text, header: (name) => headers[name] ?? null };
}

export const problem = (status, word, headers = {}) => reply(status, { type: `/problems#${word}`, status }, { type: 'application/problem+json', headers });

export class ModelServer {
  state = { submissions: new Map(), parts: new Map(), position: 0 };
  tokens = new Set();
  /** Milliseconds; its own clock, which is right. */
  now = Date.parse('2026-03-02T01:00:00Z');
  /** Every receipt that was ever given, for the question whether a receipt is real. */
  issued = new Set();
  /** Those that came with the word that nothing is missing. */
  completed = new Set();
  /** What a body must not be larger than. */
  most = 1 << 20;
  sealing = true;
  /** Days that phones are told to keep what was received; the phone's own number without it. */
  keptDays;
  /** Does it know the rulesets that it is sent? */
  knows = true;
  last = null;
  unpack;

  /** `unpack` opens a sealed body. */
  constructor(unpack) {
    this.unpack = unpack;
  }

  backup() {
    return copy(this.state);
  }

  restore(backup) {
    this.state = copy(backup);
  }

  answer({ method, path, token, headers = {}, body }) {
    this.now += 1_000;
    const common = { date: new Date(this.now).toUTCString() };
    const found = this.route(method, path, token, headers, body);
    return { ...found, header: (name) => found.header(name) ?? common[name] ?? null };
  }

  route(method, path, token, headers, body) {
    if (path === 'v1/keys') {
      return reply(200, { signing: [{ id: 'model', alg: 'Ed25519', public: 'x' }], sealing: this.sealing ? [{ id: 'model', kem: 'P-256', public: 'x' }] : [], keptDays: this.keptDays });
    }
    if (this.tokens.size > 0 && !this.tokens.has(token)) return problem(401, 'no-access');
    const [, , id, what, name] = path.split('/');
    if (what === undefined && method === 'PUT') this.last = { method, path, token, headers, body };
    if (what === undefined && method === 'PUT') return this.put(id, headers, body, token);
    if (what === 'receipt' && method === 'GET') {
      const entry = this.state.submissions.get(id);
      return entry && (entry.sender === token || entry.revisions.some((one) => one.sender === token)) ? reply(200, this.envelope(entry)) : problem(404, 'not-found');
    }
    if (what === 'parts') return this.part(method, id, `sha256:${name}`, headers, body, token);
    return problem(404, 'not-found');
  }

  put(id, headers, body, sender) {
    if (body.length > this.most) return problem(413, 'too-large');
    const plain = headers['content-type'] === 'application/vnd.weibao.sealed+json' ? this.unpack(body, id) : body;
    if (plain === undefined) return problem(422, 'not-opened');
    let read;
    try {
      read = JSON.parse(Buffer.from(plain).toString());
    } catch {
      return problem(400, 'bad-json');
    }
    if (read.entry?.poison) return problem(422, 'bad-request');
    const digest = sha256(plain);
    const entry = this.state.submissions.get(id);
    const last = entry?.revisions.at(-1);
    const same = entry?.revisions.find((one) => one.digest === digest);
    if (same) {
      if (same === last) entry.sender = sender; // given over to whoever has its very bytes
      return reply(200, this.envelope(entry, same));
    }
    if (entry && headers['if-match'] === undefined) return problem(409, 'conflict');
    if (entry && headers['if-match'] !== `"${last.digest}"`) return problem(412, 'stale');
    if (!entry && headers['if-match'] !== undefined) return problem(412, 'stale');
    if (entry && entry.sender !== sender) return problem(403, 'forbidden');
    this.state.position += 1;
    const receipt = {
      receipt: 1, submission: id, revision: (entry?.revisions.length ?? 0) + 1, digest, time: new Date(this.now).toISOString(),
      position: this.state.position, key: 'model', signature: `signed ${id} ${digest} ${this.state.position}`,
    };
    this.issued.add(receipt.signature);
    const next = entry ?? { id, sender, revisions: [] };
    next.sender = sender;
    next.revisions.push({ sender, digest, plain: Buffer.from(plain).toString(), parts: read.parts.map((one) => one.digest), receipt });
    this.state.submissions.set(id, next);
    return reply(201, this.envelope(next));
  }

  envelope(entry, revision = entry.revisions.at(-1)) {
    const missing = revision.parts.filter((one) => !this.whole(one));
    if (missing.length === 0) this.completed.add(revision.receipt.signature);
    return { receipt: revision.receipt, state: !this.knows ? 'quarantined' : missing.length > 0 ? 'incomplete' : 'complete', missing, agree: this.knows ? true : null };
  }

  whole(digest) {
    const held = this.state.parts.get(digest);
    return held !== undefined && sha256(held) === digest;
  }

  part(method, id, digest, headers, body, sender) {
    const entry = this.state.submissions.get(id);
    if (!entry || entry.sender !== sender || !entry.revisions.some((one) => one.parts.includes(digest))) return problem(404, 'unknown-part');
    const held = this.state.parts.get(digest) ?? Buffer.alloc(0);
    const offset = (bytes) => ({ 'upload-offset': String(bytes) });
    if (method === 'HEAD') return reply(200, '', { headers: offset(held.length) });
    if (method === 'PUT') {
      if (sha256(body) !== digest) return problem(422, 'wrong-digest');
      this.state.parts.set(digest, Buffer.from(body));
      return reply(201);
    }
    const from = Number(headers['upload-offset']);
    if (from !== held.length) return reply(409, { type: '#wrong-offset' }, { type: 'application/problem+json', headers: offset(held.length) });
    const next = Buffer.concat([held, Buffer.from(body)]);
    if (next.length === Number(headers['upload-length']) && sha256(next) !== digest) {
      this.state.parts.delete(digest);
      return problem(422, 'wrong-digest');
    }
    this.state.parts.set(digest, next);
    return reply(204, '', { headers: offset(next.length) });
  }
}
