// What is said of a measurement of place: how good it is, why it is bad, and what to do. In: codes and numbers. Out: text.

import { say } from '../ui/i18n.ts';
import type { Averaged } from './average.ts';
import type { GpsFault } from './gps.ts';
import type { Located } from './locating.ts';
import type { Method } from './roles.ts';

/** Beyond this a distance of 200 m is hardly ever decided. */
const POOR = 30;
/** No satellites are worse than this; cells and networks are. */
const NETWORK = 100;

export function faultWords(fault: GpsFault): string {
  switch (fault) {
    case 'insecure': return say('这个页面不能定位（需要 https）。请手工填写经纬度，或者从名册选学校、用卷尺量。', 'This page cannot use GPS (it needs https). Type the coordinates, or measure by tape.');
    case 'denied': return say('没有定位的权限。请在手机设置里允许浏览器（微信、钉钉）和本页定位，再按一次；也可以手工填写。', 'No permission to locate. Allow it in the phone\'s settings for the browser and this page and try again, or type the coordinates.');
    case 'unavailable': return say('定位失败：手机没有给出位置。请打开手机的定位开关，到室外空旷处再试，或者手工填写。', 'The phone gives no position. Switch location on, go into the open and try again, or type the coordinates.');
    case 'silent': return say('一直没有定位到。请到室外空旷处、离开高楼再试，或者手工填写。', 'No position yet. Try again in the open, away from tall buildings, or type the coordinates.');
  }
}

/** While it goes on: one short line, because a screen reader reads it at each change. */
export function progressWords({ result, raw }: Located): string {
  return say(`第 ${raw.length} 次定位，±${result.accuracy} 米……`, `Fix ${raw.length}, ±${result.accuracy} m…`);
}

export function takenWords({ result, raw }: Located): string {
  const left = raw.length - result.used;
  return say(`已定位，精度 ±${result.accuracy} 米（${result.used} 次定位的平均${left ? `，舍去 ${left} 次` : ''}）`,
    `Position taken, accuracy ±${result.accuracy} m (mean of ${result.used} ${result.used === 1 ? 'fix' : 'fixes'}${left ? `, ${left} left out` : ''})`);
}

/** What is to be done before this place is relied on; empty where it is good. */
export function adviceWords(result: Averaged): string[] {
  const words: string[] = [];
  if (result.moved) words.push(say('定位期间位置在移动。请站住不动，再定一次。', 'The place moved meanwhile. Stand still and measure again.'));
  if (result.frozen) words.push(say('几次定位完全一样：可能来自网络、缓存或者模拟定位，不是卫星。请核对，必要时用卷尺量。', 'All fixes are the same number: they come from a network, a cache or a mock location, not from satellites. Check them; measure by tape if need be.'));
  if (result.accuracy > NETWORK) words.push(say('误差太大，像是基站或者网络定位。请打开“精确位置”，到室外空旷处再定一次。', 'Too coarse, probably a cell or network position. Switch "precise location" on, go into the open and measure again.'));
  else if (result.accuracy > POOR) words.push(say('误差较大，200 米的界限多半不能定。请离开高楼和屋檐再定一次，或者用卷尺量。', 'Coarse: a limit of 200 m can hardly be decided. Go away from walls and roofs and measure again, or use a tape.'));
  return words;
}

/** How the result came about, for who wants to know. */
export function detailWords({ result, source }: Located): string[] {
  const { left } = result;
  const reasons = [
    left.stale ? say(`旧定位 ${left.stale}`, `${left.stale} old`) : '', left.no_accuracy ? say(`没有精度 ${left.no_accuracy}`, `${left.no_accuracy} without accuracy`) : '',
    left.coarse ? say(`太粗 ${left.coarse}`, `${left.coarse} too coarse`) : '', left.outlier ? say(`离群 ${left.outlier}`, `${left.outlier} outlying`) : '',
  ].filter(Boolean);
  const metres = (value: number): string => String(Math.round(value * 10) / 10);
  return [
    say(`最好的一次 ±${metres(result.best)} 米，各次相差 ${metres(result.spread)} 米以内。同一地点的几次定位误差相同，平均不会比最好的一次更准。`,
      `Best single fix ±${metres(result.best)} m, all within ${metres(result.spread)} m. Fixes at one place share their error: a mean is no better than the best of them.`),
    reasons.length ? say(`舍去：${reasons.join('、')}。`, `Left out: ${reasons.join(', ')}.`) : '',
    source.confidence === 0.68 ? say('安卓手机报告的是 68% 的误差圈，这里按 95% 放大 1.6 倍。', 'Android reports a circle of 68 %; it is widened 1.6 times, to 95 %.') : '',
    say('坐标系 WGS-84。浏览器不告诉定位来源，也不标记模拟定位。', 'System WGS-84. A browser names no provider and marks no mock location.'),
  ].filter(Boolean);
}

export function methodName(method: Method): string {
  switch (method) {
    case 'boundary': return say('边界到场所的直线', 'Straight from the boundary');
    case 'gate_straight': return say('校门到场所的直线', 'Straight from the gate');
    case 'gate_walking': return say('校门到场所的步行', 'On foot from the gate');
    case 'other': return say('其他方法', 'Another method');
  }
}

/** For a narrow column. */
export function methodShort(method: Method): string {
  switch (method) {
    case 'boundary': return say('边界直线', 'Boundary');
    case 'gate_straight': return say('校门直线', 'Gate, straight');
    case 'gate_walking': return say('校门步行', 'Gate, on foot');
    case 'other': return say('其他方法', 'Other');
  }
}
