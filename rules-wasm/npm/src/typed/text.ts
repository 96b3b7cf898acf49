// What people type, made regular. In: typed text. Out: text with half-width digits, letters and signs and no stray spaces.

/** Full-width ASCII and the ideographic space become half-width; other characters stay. */
export function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, " ");
}

/** Half-width, and without white space, zero-width and direction marks. For codes and numbers, not for prose. */
export function compact(text: string): string {
  return halfWidth(text).replace(/[\s\u200b-\u200f\u2060\ufeff\u00ad]/g, "");
}

/** An identity number as it is kept: 15 or 18 places, the check letter in upper case. Anything else: null. */
export function identityNumber(text: string): string | null {
  const bare = compact(text).replace(/[-–—]/g, "").toUpperCase();
  return /^(\d{17}[\dX]|\d{15})$/.test(bare) ? bare : null;
}

/** Typed text as a value: an identity number regular, a text that must match a pattern compact, prose untouched. */
export function typedText(text: string, hasPattern: boolean): string {
  return identityNumber(text) ?? (hasPattern ? compact(text) : text);
}
