// The dialog that measures a distance piece by piece. In: the field it is for. Out: its value with tolerance, written at each change, and the
// segments as evidence.

import { typedNumber } from '@weibao/rules/typed';
import { evidenceOf } from '../evidence/list.ts';
import { refusedWords } from '../evidence/words.ts';
import type { Inspection } from '../inspection.ts';
import { openDialog } from '../ui/dialog.ts';
import { fill, h, uid } from '../ui/dom.ts';
import { say } from '../ui/i18n.ts';
import { locateButton } from './button.ts';
import { distancesOf } from './distances.ts';
import { sumOf, toleranceOf, TOOLS, WAYS, type Segment, type Tool, type Way } from './route.ts';
import { keepRoute, loadRoute } from './routes.ts';
import { methodOf, rolesOf } from './roles.ts';
import { intervalWords } from './site.ts';
import { methodName } from './words.ts';

function wayName(way: Way): string {
  const names: Record<Way, readonly [string, string]> = {
    gate: ['出校门', 'Out of the gate'], pavement: ['人行道', 'Pavement'], crossing: ['过街（斑马线）', 'Crossing'], stairs: ['台阶、坡道', 'Stairs or ramp'],
    bridge: ['天桥、地道', 'Bridge or underpass'], corridor: ['楼内通道', 'Inside a building'], other: ['其他', 'Other'],
  };
  return say(...names[way]);
}

function toolName(tool: Tool): string {
  const names: Record<Tool, readonly [string, string]> = { tape: ['卷尺', 'Tape'], wheel: ['测距轮', 'Wheel'], laser: ['激光测距仪', 'Laser'], paces: ['步测', 'Paces'] };
  return say(...names[tool]);
}

/** What the places say of the same site, to be held against what is measured. */
function besideWords(inspection: Inspection, at: string): string {
  const roles = rolesOf(inspection.description.form.fields);
  if (!roles) return '';
  const site = at.slice(0, at.lastIndexOf('/'));
  const placed = distancesOf(inspection, roles, site).flatMap(({ method, placed }) => (placed ? [`${methodName(method)} ${intervalWords(placed)}`] : []));
  return placed.length > 0 ? `${say('由位置推算：', 'From the places: ')}${placed.join(say('；', '; '))}` : '';
}

/** `opener` gets the focus back. */
export async function measureBySegments(inspection: Inspection, at: string, opener: HTMLElement): Promise<void> {
  const list = evidenceOf(inspection);
  let segments: readonly Segment[] = (await loadRoute(list, at))?.segments ?? [];
  const method = methodOf(at);
  const title = say(`分段测量${method ? `：${methodName(method)}距离` : ''}`, `By segments${method ? `: ${methodName(method)}` : ''}`);
  const beside = besideWords(inspection, at);
  const rows = h('ol', { class: 'segments-list' });
  const sum = h('p', { class: 'segments-sum', role: 'status' });
  const fault = h('p', { class: 'problem', role: 'alert', hidden: true });
  const [wayId, toolId, metresId, toleranceId] = [uid('seg'), uid('seg'), uid('seg'), uid('seg')];
  const way = h('select', { id: wayId }, WAYS.map((one) => h('option', { value: one }, wayName(one))));
  const tool = h('select', { id: toolId }, TOOLS.map((one) => h('option', { value: one }, toolName(one))));
  const metres = h('input', { id: metresId, type: 'text', inputmode: 'decimal', autocomplete: 'off' });
  const tolerance = h('input', { id: toleranceId, type: 'text', inputmode: 'decimal', autocomplete: 'off' });
  let end: Segment['to'];
  const gps = locateButton({
    label: () => say('记下这一段终点的位置（可不记）', 'Locate the end of this segment (optional)'),
    onTaken: ({ result }) => {
      end = { lng: result.lng, lat: result.lat, accuracy: result.accuracy, crs: 'wgs84' };
    },
  });
  const propose = (): void => {
    const value = typedNumber(metres.value, 'm');
    tolerance.placeholder = value === null ? '' : String(toleranceOf({ tool: tool.value as Tool, metres: value }));
  };
  metres.addEventListener('input', propose);
  tool.addEventListener('change', propose);

  const complain = (words: string, target: HTMLElement): void => {
    fault.textContent = words;
    fault.hidden = false;
    target.focus();
  };
  const store = (next: readonly Segment[]): void => {
    segments = next;
    draw();
    // The answer first: the record of it may not fit into a full store.
    if (segments.length > 0) inspection.set(at, { ...sumOf(segments) });
    else inspection.remove(at);
    keepRoute(list, at, { route: 1, segments }).catch((error: unknown) => complain(refusedWords(error), metres));
  };
  const draw = (): void => {
    fill(rows, segments.map((segment, n) => {
      const remove = h('button', { type: 'button', class: 'row-remove', 'aria-label': say(`删除第 ${n + 1} 段`, `Remove segment ${n + 1}`), text: say('删除', 'Remove') });
      remove.addEventListener('click', () => {
        store(segments.filter((_, index) => index !== n));
        metres.focus();
      });
      return h('li', { class: 'evidence-row' }, h('span', { class: 'evidence-words' },
        h('b', {}, `${n + 1}. ${wayName(segment.way)} ${intervalWords({ value: segment.metres, tolerance: toleranceOf(segment) })}`),
        h('small', {}, `${toolName(segment.tool)}${segment.to ? ` · ${say('终点已定位', 'end located')} ±${segment.to.accuracy} ${say('米', 'm')}` : ''}`)), remove);
    }));
    sum.textContent = segments.length === 0 ? say('还没有量。', 'Nothing measured yet.')
      : say(`共 ${segments.length} 段，${intervalWords(sumOf(segments))}，已写入表格。`, `${segments.length} segments, ${intervalWords(sumOf(segments))}, written into the form.`);
  };
  const add = h('button', { type: 'button', class: 'action', text: say('加这一段', 'Add this segment') });
  const addSegment = (): void => {
    const value = typedNumber(metres.value, 'm');
    const own = tolerance.value.trim() === '' ? undefined : typedNumber(tolerance.value, 'm');
    if (value === null || value <= 0 || value > 10_000) return complain(say('请写这一段的米数，如 35.2。', 'Write the metres of this segment, such as 35.2.'), metres);
    if (own === null || (own !== undefined && own < 0)) return complain(say('误差请写米数，如 0.3，或者留空。', 'Write the tolerance in metres, such as 0.3, or leave it empty.'), tolerance);
    fault.hidden = true;
    store([...segments, { way: way.value as Way, tool: tool.value as Tool, metres: value, ...(own !== undefined ? { tolerance: own } : {}), ...(end ? { to: end } : {}) }]);
    end = undefined;
    gps.reset();
    metres.value = tolerance.value = '';
    propose();
    metres.focus();
  };
  add.addEventListener('click', addSegment);
  for (const input of [metres, tolerance]) {
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing) addSegment();
    });
  }
  draw();
  const part = (id: string, label: string, control: HTMLElement): HTMLElement => h('div', { class: 'part' }, h('label', { for: id }, label), control);
  openDialog({
    title,
    opener,
    body: (close) => {
      const done = h('button', { type: 'button', class: 'action quiet', text: say('量完了', 'Done') });
      done.addEventListener('click', () => {
        gps.reset();
        close(true);
      });
      return [
        h('p', { class: 'hint' }, say('从校门（或者边界）量到场所门口，一段一段加。误差直接相加：同一把尺、同一个人的误差是同一个方向的。', 'From the gate (or boundary) to the venue\'s door, piece by piece. Tolerances are added as they are: the errors of one tape in one hand go the same way.')),
        beside ? h('p', { class: 'hint' }, beside) : null,
        rows, sum, fault,
        h('div', { class: 'parts' }, part(wayId, say('哪一段', 'Which part'), way), part(toolId, say('用什么量', 'With what'), tool),
          part(metresId, say('长度（米）', 'Length (m)'), metres), part(toleranceId, say('误差（米，可空）', 'Tolerance (m)'), tolerance)),
        gps.el, h('div', { class: 'row' }, add, done),
      ];
    },
  });
  metres.focus();
}
