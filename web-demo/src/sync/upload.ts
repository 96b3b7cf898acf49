// One part on its way: whole while it is small, else in pieces that go on where the last try ended. In: the bytes. Out: what the server
// said to the last request. Must not know: records.

import { answerOf, type Answer, type Reply } from './answer.ts';
import { Unreachable, type Transport } from './transport.ts';

/** Up to this size a part goes in one request. */
export const WHOLE = 256 * 1024;
const PIECE = 256 * 1024;

export interface Upload {
  readonly submission: string;
  readonly digest: string;
  readonly type: string;
  readonly token?: string;
}

/** Throws {@link Unreachable}. */
export async function upload(send: Transport, { submission, digest, type, token }: Upload, bytes: Uint8Array<ArrayBuffer>): Promise<Answer> {
  const path = `v1/submissions/${submission}/parts/${digest.slice('sha256:'.length)}`;
  const common = { path, ...(token !== undefined && { token }) };
  if (bytes.length <= WHOLE) {
    return answerOf(await send({ ...common, method: 'PUT', headers: { 'content-type': type }, body: bytes }), 'done');
  }
  const head = await send({ ...common, method: 'HEAD' });
  let offset = offsetOf(head);
  // No offset: the server has nothing of it, or the reply is not its own; the first piece will tell.
  if (offset === null) offset = 0;
  for (let pieces = 0; offset < bytes.length; pieces += 1) {
    if (pieces > 2 * Math.ceil(bytes.length / PIECE) + 4) throw new Unreachable('cut_off'); // it says each time that it has less
    const piece = bytes.slice(offset, offset + PIECE);
    const reply = await send({
      ...common, method: 'PATCH', body: piece,
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), 'upload-length': String(bytes.length) },
    });
    const said = offsetOf(reply);
    if (reply.status === 409 && said !== null && said !== offset && said <= bytes.length) {
      offset = said; // another try was further
      continue;
    }
    const answer = answerOf(reply, 'done');
    if (answer.kind !== 'done') return answer;
    if (said === null || said <= offset) return { kind: 'foreign', code: 'no_offset', status: reply.status };
    offset = said;
  }
  return { kind: 'done' };
}

function offsetOf(reply: Reply): number | null {
  const given = reply.header('upload-offset');
  return given !== null && /^\d{1,12}$/.test(given) ? Number(given) : null;
}
