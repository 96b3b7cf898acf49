// What is said of evidence. In: codes, entries. Out: text.

import { FIXES_TYPE, ROUTE_TYPE } from './media.ts';
import type { Notice } from './take.ts';
import { StoreFault, type Evidence } from '../store/types.ts';
import { say } from '../ui/i18n.ts';

export function sizeWords(bytes: number): string {
  return bytes < 1024 ? say(`${bytes} 字节`, `${bytes} bytes`) : bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function noticeWords(notice: Notice): string {
  switch (notice) {
    case 'stripped': return say('照片里的位置已取出另存，附件本身不再带位置', 'the position was taken out of the picture and is kept beside it');
    case 'smaller': return say('已缩小', 'made smaller');
    case 'converted': return say('已转为 JPEG', 'converted to JPEG');
    case 'kept_whole': return say('这个浏览器打不开这种图片，原样保存；里面可能还带有位置，请改用 JPEG 拍照', 'this browser cannot read the format: kept as it is, possibly with a position inside; take photos as JPEG instead');
  }
}

export function entryName(entry: Evidence): string {
  if (entry.type === FIXES_TYPE) return say('定位原始数据', 'Raw fixes');
  if (entry.type === ROUTE_TYPE) return say('分段测量记录', 'Measured by segments');
  if (entry.name) return entry.name;
  switch (entry.kind) {
    case 'photo': return say('照片', 'Photo');
    case 'file': return say('文件', 'File');
    case 'signature': return say('签名', 'Signature');
    case 'note': return say('记录', 'Note');
  }
}

/** What can be said of an entry in one line. */
export function entryWords(entry: Evidence): string {
  const { position } = entry;
  return [
    sizeWords(entry.bytes), entry.takenAt ? `${say('摄于', 'taken')} ${entry.takenAt.slice(0, 16).replace('T', ' ')}` : '',
    position ? say(`位置 ${position.lng}, ${position.lat}`, `at ${position.lng}, ${position.lat}`) : '',
  ].filter(Boolean).join(' · ');
}

/** Why nothing was added. */
export function refusedWords(error: unknown): string {
  switch (error instanceof StoreFault ? error.code : '') {
    case 'full': return say('手机存储满了，没有加上。请删掉不要的记录或者照片再试。', 'The phone\'s storage is full; nothing was added. Delete what is not needed and try again.');
    case 'locked': return say('先输入 PIN 解锁，再加附件。', 'Unlock with the PIN first, then attach.');
    case 'too_large': return say('文件超过 20 MB，没有加上。请拍小一点，或者分成几个文件。', 'The file is larger than 20 MB; nothing was added. Make it smaller or split it.');
    case 'unreadable': return say('读不了这个文件，没有加上。请重新选一次；从相册选不行的，用“拍照”。', 'The file cannot be read; nothing was added. Choose it again, or take a photo instead.');
    case 'unavailable': return say('这个页面不能存附件（需要 https，并且不是无痕模式），没有加上。', 'This page cannot store files (it needs https and no private mode); nothing was added.');
    default: return say('没有加上，请再试一次。', 'Nothing was added; try again.');
  }
}
