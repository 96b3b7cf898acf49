// JSON Pointers into the answers. In: a tree and a pointer. Out: the value there, or the tree changed in place.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Record_ = { [key: string]: Json };

export function isRecord(value: Json | undefined): value is Record_ {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `join('/sites', 0, 'name')` is `/sites/0/name`. */
export function join(base: string, ...keys: (string | number)[]): string {
  return base + keys.map((key) => '/' + String(key).replace(/~/g, '~0').replace(/\//g, '~1')).join('');
}

export function keysOf(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map((key) => key.replace(/~1/g, '/').replace(/~0/g, '~'));
}

export function read(root: Json, pointer: string): Json | undefined {
  let at: Json | undefined = root;
  for (const key of keysOf(pointer)) {
    if (Array.isArray(at)) at = at[Number(key)];
    else if (isRecord(at)) at = Object.hasOwn(at, key) ? at[key] : undefined;
    else return undefined;
  }
  return at;
}

/** Writes a value, making the records above it. Lists must exist: only the list's own view makes them. */
export function write(root: Json, pointer: string, value: Json): boolean {
  const keys = keysOf(pointer);
  const last = keys.pop();
  if (last === undefined) return false;
  let at: Json = root;
  for (const key of keys) {
    if (Array.isArray(at)) {
      const item: Json | undefined = at[Number(key)];
      if (item === undefined) return false;
      at = item;
    } else if (isRecord(at)) {
      at = at[key] ??= {};
    } else {
      return false;
    }
  }
  if (Array.isArray(at)) at[Number(last)] = value;
  else if (isRecord(at)) at[last] = value;
  else return false;
  return true;
}

/** Removes a value; records that are left empty go with it, list items stay. */
export function erase(root: Json, pointer: string): void {
  const keys = keysOf(pointer);
  const last = keys.pop();
  if (last === undefined) return;
  const parent = keys.length === 0 ? '' : join('', ...keys);
  const at = read(root, parent);
  if (Array.isArray(at)) at.splice(Number(last), 1);
  else if (isRecord(at)) {
    delete at[last];
    const above = keys.length === 0 ? undefined : read(root, join('', ...keys.slice(0, -1)));
    if (isRecord(above) && Object.keys(at).length === 0) erase(root, parent);
  }
}
