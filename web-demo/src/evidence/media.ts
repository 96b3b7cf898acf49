// Kinds of evidence that the page makes itself, and what any kind is called. In: a media type. Out: words. Must not know: bytes, entries.

import { say } from '../ui/i18n.ts';

export const SIGNATURE_TYPE = 'application/vnd.weibao.signature+json';
export const FIXES_TYPE = 'application/vnd.weibao.fixes+json';
export const ROUTE_TYPE = 'application/vnd.weibao.route+json';

export function mediaName(type: string): string {
  switch (type) {
    case SIGNATURE_TYPE: return say('签名（没有手写）', 'Signature, not drawn');
    case FIXES_TYPE: return say('定位原始数据', 'Raw fixes');
    case ROUTE_TYPE: return say('分段测量记录', 'Measured by segments');
    case 'application/pdf': return say('PDF 文件', 'PDF');
  }
  if (type.startsWith('text/plain')) return say('文字记录', 'Text');
  switch (type.split('/')[0]) {
    case 'image': return say('照片或图片', 'Picture');
    case 'audio': return say('录音', 'Sound');
    case 'video': return say('录像', 'Film');
    default: return say('文件', 'File');
  }
}
