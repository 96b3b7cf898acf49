// UTF-8 as the host does it. In: text or bytes. Out: the other. Hosts without these classes bring their own, in portable/utf8.ts.

/** Text to bytes and back. */
export interface Codec {
  /** Writes UTF-8 into the bytes, which are long enough; gives how many were written. */
  encodeInto(text: string, into: Uint8Array): number;
  /** Text of UTF-8, without a byte order mark; throws where it is none. */
  decode(bytes: ArrayBuffer | ArrayBufferView): string;
}

let encoder: TextEncoder | undefined;

export const native: Codec = {
  encodeInto: (text, into) => (encoder ??= new TextEncoder()).encodeInto(text, into).written,
  decode: (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes as BufferSource),
};
