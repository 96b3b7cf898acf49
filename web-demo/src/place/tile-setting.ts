// The page's setting for a map with tiles. In: the text of `<meta name="weibao-tiles" content='{…}'>`. Out: the setting, or null.
//
// Law: a map that the public sees must be a reviewed one and show its review number (审图号; 地图管理条例 Art. 15, 22, 38), so a setting without one
// is not used.

import { isRecord, type Json } from '../pointer.ts';

export interface TileSetting {
  /** `https://…/{z}/{x}/{y}.png`, relative addresses too. */
  readonly url: string;
  /** System of the tiles. Only WGS-84 and CGCS2000 fit the phone's; others lie hundreds of metres beside it. */
  readonly crs: 'wgs84' | 'cgcs2000';
  readonly attribution: string;
  /** The review number, such as `GS（2024）0650号`. */
  readonly review: string;
  readonly maxZoom?: number;
}

/** The setting in `<meta name="weibao-tiles" content='{…}'>`; null where there is none, or one that may not be used. */
export function tileSetting(content: string | null): TileSetting | null {
  if (content === null || content.trim() === '') return null;
  try {
    const value = JSON.parse(content) as Json;
    if (!isRecord(value)) return null;
    const { url, crs, attribution, review, maxZoom } = value;
    const sound = typeof url === 'string' && url.includes('{z}') && (crs === 'wgs84' || crs === 'cgcs2000') && typeof attribution === 'string' && typeof review === 'string' && review.trim() !== '';
    return sound ? { url, crs, attribution, review, ...(typeof maxZoom === 'number' ? { maxZoom } : {}) } : null;
  } catch {
    return null;
  }
}
