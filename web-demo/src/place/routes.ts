// Routes that were measured, by the field that they are for. In: the list of evidence. Out: the route; read from the store once and remembered.

import type { EvidenceList } from '../evidence/list.ts';
import { takeMade } from '../evidence/take.ts';
import { ROUTE_TYPE } from '../evidence/media.ts';
import { readRoute, type Route } from './route.ts';

const known = new Map<string, Route>();

/** The route at a place, or null where there is none or it has not been read yet. */
export function routeAt(list: EvidenceList, at: string): Route | null {
  const entry = list.at(at).find((one) => one.type === ROUTE_TYPE);
  return entry ? (known.get(entry.digest) ?? null) : null;
}

/** Reads the route at a place from the store. */
export async function loadRoute(list: EvidenceList, at: string): Promise<Route | null> {
  const entry = list.at(at).find((one) => one.type === ROUTE_TYPE);
  if (!entry) return null;
  const found = known.get(entry.digest);
  if (found) return found;
  const data = await list.kept().then((keeper) => keeper.blobs.get(entry.digest)).catch(() => null);
  const route = data ? readRoute(await data.text()) : null;
  if (route) known.set(entry.digest, route);
  return route;
}

export async function keepRoute(list: EvidenceList, at: string, route: Route): Promise<void> {
  const data = new Blob([JSON.stringify(route)], { type: ROUTE_TYPE });
  const entry = await takeMade(list, data, { at, kind: 'file' }, 'put');
  known.set(entry.digest, route);
}
