// A map with tiles: online, and only where this page is configured to have one. In: the page's setting and a scene. Out: a button, and behind it
// a map; Leaflet is loaded when it is pressed. Without a setting there is no button and no request to anybody. Tiles are not kept: Tianditu
// forbids it.

import type { Json } from '../pointer.ts';
import { openDialog } from '../ui/dialog.ts';
import { h } from '../ui/dom.ts';
import { bi, say } from '../ui/i18n.ts';
import type { Drawn } from './plan.ts';
import { tileSetting, type TileSetting } from './tile-setting.ts';

export interface MapScene {
  readonly venue: Json | undefined;
  readonly boundary: Json | undefined;
  readonly gate: Json | undefined;
  readonly limit: number | null;
}

export function mapButton(drawn: Drawn, scene: MapScene): HTMLElement | null {
  const content = document.querySelector<HTMLMetaElement>('meta[name="weibao-tiles"]')?.content ?? null;
  const setting = tileSetting(content);
  // A setting that cannot be used is the operator's mistake, and said where an operator looks.
  if (!setting && content) console.warn('weibao-tiles: url with {z}, crs wgs84 or cgcs2000, attribution and review are needed');
  if (!setting || !['wgs84', 'cgcs2000'].includes(drawn.crs)) return null;
  const button = h('button', { type: 'button', class: 'action quiet', text: bi('看在线地图', 'Look at the online map') });
  button.addEventListener('click', () => openMap(setting, scene, button));
  return h('div', { class: 'row' }, button);
}

function openMap(setting: TileSetting, scene: MapScene, opener: HTMLElement): void {
  const box = h('div', { class: 'map' });
  const status = h('p', { class: 'status', role: 'status' }, navigator.onLine ? say('正在取地图……', 'Getting the map…') : say('没有联网，没有地图。示意图照常可用。', 'Offline: no map. The drawing is there all the same.'));
  openDialog({
    title: say('在线地图', 'Online map'),
    opener,
    body: () => [box, status, h('p', { class: 'hint' }, `${setting.attribution} · ${say('审图号', 'Review number')}：${setting.review}`)],
  });
  if (!navigator.onLine) return;
  import('./leaflet.ts').then(({ showMap }) => showMap(box, setting, scene, (words) => (status.textContent = words)), () => {
    status.textContent = say('地图没有取到。示意图照常可用。', 'The map could not be loaded. The drawing is there all the same.');
  });
}
