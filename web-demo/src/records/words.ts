// Words for what the store and the queue say by code. In: a code. Out: what happened and what to do, in words. They decide nothing.

import type { StoreFaultCode } from '../store/types.ts';
import { say } from '../ui/i18n.ts';

type Pair = readonly [zh: string, en: string];

const STORE: Record<StoreFaultCode, Pair> = {
  full: ['手机存储已满，这一步没有存上。请拍小一点的照片，或者到首页“这台手机”里删除已签收的记录，再试一次。', 'The phone\'s storage is full; this was not saved. Take smaller photos, or remove received records under "This phone" on the first screen, then try again.'],
  locked: ['请先输入 PIN。', 'Enter the PIN first.'],
  wrong_pin: ['PIN 不对。', 'The PIN is wrong.'],
  taken: ['这份草稿已在另一个页面打开，那边在改。这里只能看。', 'This draft was opened in another page, which now writes it. Here it can only be read.'],
  gone: ['这份草稿已经不在这台手机上。', 'This draft is no longer on this phone.'],
  too_large: ['文件超过 20 MB，没有加上。请选小一点的。', 'The file is larger than 20 MB and was not added. Choose a smaller one.'],
  unreadable: ['读不了这个文件，请再选一次。', 'The file cannot be read; choose it again.'],
  damaged: ['存的内容打不开，可能已损坏。请导出后联系管理员。', 'What is stored cannot be opened; it may be damaged. Export it and ask the administrator.'],
  newer: ['本页已有新版在另一个页面运行。请刷新后再填。', 'A newer version of this page runs in another tab. Reload before you go on.'],
  unavailable: ['这个浏览器现在存不了东西（可能是无痕模式，或关闭了网站数据）。所填内容关页就没有了，请换普通窗口或导出。', 'This browser stores nothing now (a private window, or site data switched off). What you enter is gone when the page closes: use a normal window, or export.'],
};

export function storeFaultWords(code: StoreFaultCode): string {
  return say(...STORE[code]);
}

const WAITING: Record<string, Pair> = {
  offline: ['手机没有联网，联网后自动发送。', 'The phone is offline; it is sent when connected.'],
  unreachable: ['连不上服务器，稍后自动再试。', 'The server cannot be reached; it is tried again.'],
  timeout: ['网络太慢，没有传完，稍后自动再试。', 'The connection is too slow; it is tried again.'],
  cut_off: ['传到一半断了，稍后接着传。', 'The connection broke; it goes on later.'],
  login_page: ['被上网登录页拦住了。请先在浏览器里登录这个网络，或换成手机流量。', 'A network login page stands between. Log in to this network first, or use mobile data.'],
  redirect: ['请求被转到了别处，可能要先登录这个网络。', 'The request was sent elsewhere; this network may need a login.'],
  not_json: ['回答的不是本系统的服务器，稍后再试。', 'What answered is not our server; it is tried again.'],
  truncated: ['回答没有传完整，稍后再试。', 'The answer was cut short; it is tried again.'],
  not_receipt: ['没有收到回执，稍后再试。', 'No receipt came; it is tried again.'],
  not_our_refusal: ['被中间的设备拒绝，稍后再试。', 'Something on the way refused it; it is tried again.'],
  other_digest: ['回执与所发内容对不上，不算签收，稍后再试。', 'The receipt is for other contents; it does not count and is tried again.'],
  other_submission: ['回执是别的记录的，不算签收，稍后再试。', 'The receipt is for another record; it does not count and is tried again.'],
  signature: ['回执的签名不对，不算签收。请告诉管理员。', 'The receipt\'s signature is wrong; it does not count. Tell the administrator.'],
  unknown_key: ['回执用了不认识的密钥，不算签收。请告诉管理员。', 'The receipt is signed with an unknown key; it does not count. Tell the administrator.'],
  no_submissions: ['这台服务器不收记录。记录存在手机里，请联系管理员。', 'This server takes no records. They stay on the phone; ask the administrator.'],
  locked: ['照片和文件要先输入 PIN 才能发送。', 'Photos and files need the PIN before they can be sent.'],
  too_many: ['服务器让稍等，到时自动发送。', 'The server asks to wait; it is sent then.'],
  server_error: ['服务器出错，稍后自动再试。', 'The server failed; it is tried again.'],
  slow: ['服务器没有等到，稍后自动再试。', 'The server gave up waiting; it is tried again.'],
};

const LOOK: Record<string, Pair> = {
  conflict: ['服务器上已有同一编号而内容不同的记录。请导出，交管理员比对。', 'The server has another record under this number. Export it and let the administrator compare.'],
  stale: ['服务器上的这份记录已被改过，这次更正没有收下。请导出，交管理员处理。', 'The record was changed on the server meanwhile; the correction was not taken. Export it for the administrator.'],
  forbidden: ['这份记录不是这台手机（用现在的登记）发的，服务器不让它改。请导出，交管理员处理。', 'The record was not sent by this phone as it is registered now, so the server lets it change nothing. Export it for the administrator.'],
  body_missing: ['这份记录的内容在手机上找不到了。', 'The contents of this record are no longer on the phone.'],
  part_missing: ['这份记录的一张照片或文件在手机上找不到了。请导出，交管理员处理。', 'A photo or file of this record is no longer on the phone. Export it for the administrator.'],
  damaged: ['这份记录在手机上打不开了。请导出，交管理员处理。', 'This record cannot be opened on the phone. Export it for the administrator.'],
};

/** Why a record is not received yet; `status` 401 asks for a token. */
export function waitingWords(fault: { readonly code: string; readonly status: number } | undefined): string {
  if (!fault) return say('等待发送。', 'Waits to be sent.');
  if (fault.status === 401) return say('服务器不认这台手机的登记。请扫办公室给的新二维码重新登记，记录都在。', 'The server does not know this device\'s token. Scan a new code; nothing is lost.');
  const pair = WAITING[fault.code];
  return pair ? say(...pair) : say(`没有发成（${fault.code}），稍后自动再试。`, `Not sent (${fault.code}); it is tried again.`);
}

/** Why a person must look. */
export function attentionWords(fault: { readonly code: string; readonly status: number } | undefined): string {
  const code = fault?.code ?? '';
  const pair = LOOK[code];
  if (pair) return say(...pair);
  if (fault?.status === 413) return say('这份记录太大，服务器不收。请导出，交管理员处理。', 'The record is too large for the server. Export it for the administrator.');
  return say(`服务器不收这份记录（${code}）。可以重试；还不行就导出，交管理员处理。`, `The server refuses this record (${code}). Try again; if it stays so, export it for the administrator.`);
}
