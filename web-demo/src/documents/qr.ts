// The code at the end of a paper. In: a digest. Out: the address that it stands for, as text and as a drawing. The address leads
// to the page that says what this server knows of the digest; it names nobody.

import { encode } from 'uqr';

/** `https://host/verify/<64 hexadecimal digits>`, beside the page wherever that stands. */
export function verifyAddress(digest: string): string {
  return new URL(`verify/${digest.replace(/^sha256:/, '')}`, document.baseURI).href;
}

/** Level M survives a stain on paper; the border of four is part of the standard. */
const options = { ecc: 'M', border: 4 } as const;

export function codeSvg(text: string): SVGSVGElement {
  const { data, size } = encode(text, options);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  let drawn = '';
  data.forEach((row, y) => row.forEach((dark, x) => {
    if (dark) drawn += `M${x} ${y}h1v1h-1z`;
  }));
  path.setAttribute('d', drawn);
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.append(path);
  return svg;
}

/** The same as a PNG, for word processors. */
export async function codePng(text: string): Promise<Uint8Array> {
  const { data, size } = encode(text, options);
  const dot = 8;
  const canvas = document.createElement('canvas');
  canvas.width = size * dot;
  canvas.height = size * dot;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#000';
  data.forEach((row, y) => row.forEach((dark, x) => {
    if (dark) pen.fillRect(x * dot, y * dot, dot, dot);
  }));
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('no picture');
  return new Uint8Array(await blob.arrayBuffer());
}
