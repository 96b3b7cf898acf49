// What went wrong, in words, and what to do about it. In: a status and a problem's word. Out: live text. Must not know: who asked.

import { say } from '../ui/i18n.ts';

type Pair = readonly [zh: string, en: string];

const WORDS: Record<string, Pair> = {
  late: ['服务器太久没有回答。请稍后再试；筛选条件都还在。', 'The server took too long. Try again later; your filters are kept.'],
  offline: ['电脑没有联网。联网后再试；筛选条件都还在。', 'This computer is offline. Try again when connected; your filters are kept.'],
  unreachable: ['连不上服务器。请检查网络，或请管理员看服务器是否在运行。', 'The server cannot be reached. Check the network, or ask the administrator whether it runs.'],
  'cut-off': ['传到一半断了，结果不完整。请再试一次。', 'The transfer was cut off, and the result is not complete. Try again.'],
  'not-ours': ['服务器的回答读不懂。请管理员检查地址，或者刷新本页。', 'The answer cannot be read. Ask the administrator to check the address, or reload this page.'],
  page: ['本页出错了。请刷新页面再试；已经保存的都还在。', 'This page failed. Reload it and try again; what was saved is safe.'],
  'no-purpose': ['没有说明查阅目的，所以没有读取记录。点“查阅目的”填写后再试。', 'No purpose was given, so nothing was read. Choose “Purpose” and try again.'],
  'no-access': ['还没有登录。请登录后再试。', 'You are not logged in. Log in and try again.'],
  'token-expired': ['登录已经过期。请重新登录；筛选条件都还在。', 'Your session has expired. Log in again; your filters are kept.'],
  'token-revoked': ['登录已经失效（账号被停用，或者在别处退出）。请重新登录。', 'Your session was ended. Log in again.'],
  'wrong-password': ['用户名或者密码不对。请检查大小写；忘记密码请找管理员重设。', 'Name and password do not fit. Check capitals; an administrator can set a new password.'],
  'too-many-mistakes': ['密码错了太多次，暂时不能登录。请过几分钟再试。', 'Too many mistakes. Wait some minutes and try again.'],
  'rate-limited': ['请求太密。请稍等再试。', 'Too many requests. Wait a little and try again.'],
  forbidden: ['您的账号没有这个权限，或者不在您的地区。需要时请找管理员。', 'Your account may not do this, or it lies outside your area. Ask an administrator if you need it.'],
  'not-found': ['没有找到：可能不存在，也可能不在您的地区。', 'Not found: it does not exist, or does not lie in your area.'],
  'wrong-state': ['现在的状态不能这样做。请刷新后看当前状态。', 'This cannot be done in the present state. Look at the current state first.'],
  stale: ['别人刚刚改过这一条。', 'Somebody has changed it meanwhile.'],
  'bad-bundle': ['这个文件不是能用的规则包。请选用 rules build 生成的 .rules.json 文件。', 'This file is no ruleset that can be used. Choose a .rules.json file made by “rules build”.'],
  'bad-json': ['这个文件不是 JSON，可能没有下载完整。', 'This file is not JSON; perhaps it was not downloaded whole.'],
  conflict: ['同一编号、同一版本已经发布过别的内容。请提高版本号再生成。', 'Other content is published under this id and version. Raise the version and build again.'],
  'too-large': ['文件太大，服务器不收。', 'The file is too large for the server.'],
  'storage-full': ['服务器的磁盘满了，没有保存。请马上通知管理员。', 'The server’s disk is full, and nothing was saved. Tell the administrator now.'],
  unavailable: ['服务器暂时不能读写数据库。请稍后再试。', 'The server cannot reach its database now. Try again later.'],
  'purpose-required': ['查阅目的写得不对：2 到 200 个字。请改写后再试。', 'The purpose must have 2 to 200 characters. Change it and try again.'],
};

const PLACES: Record<string, Pair> = {
  area: ['地区', 'Area'], '/area': ['地区', 'Area'], from: ['起始日', 'From'], to: ['截止日', 'To'], rule: ['规则', 'Rule'], '/name': ['名称', 'Name'], '/days': ['有效天数', 'Days'],
  '/measure': ['整改措施', 'Measure'], '/due': ['期限', 'Due'], '/unit': ['责任单位', 'Unit'], '/evidence': ['佐证', 'Evidence'], '/done': ['完成日', 'Done on'], '/note': ['说明', 'Note'],
};

/** Words for a refusal. `at` and `detail` are the server's. */
export function faultWords(status: number, word: string, at: string, detail: string): () => string {
  return () => {
    const place = PLACES[at];
    const where = place ? say(`${place[0]}：`, `${place[1]}: `) : '';
    const known = WORDS[word];
    // The engine's code and the server's sentence help whoever is asked for help.
    if (known) return where + say(known[0], known[1]) + (word === 'bad-bundle' && detail ? ` [${detail}]` : '');
    if (status === 422) return where + say(`填写有误，请改正：${detail || word}`, `This cannot be taken; correct it: ${detail || word}`);
    if (status >= 500) return say(`服务器出错（${status}）。请稍后再试；还不行请告诉管理员。`, `The server failed (${status}). Try again later, else tell the administrator.`);
    return where + say(`服务器不接受（${status} ${word}）。`, `The server refused it (${status} ${word}).`);
  };
}
