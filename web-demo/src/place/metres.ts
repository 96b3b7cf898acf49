// A flat piece of the earth: degrees to metres east and north of a point, and back. In: degrees. Out: metres, true to 0.1 % within ten
// kilometres. For drawing and for averaging fixes metres apart only: what decides is measured by the engine.

export interface Degrees {
  readonly lng: number;
  readonly lat: number;
}

export interface Xy {
  /** Metres east. */
  readonly x: number;
  /** Metres north. */
  readonly y: number;
}

export interface Plane {
  xy(at: Degrees): Xy;
  lngLat(at: Xy): Degrees;
}

/** WGS-84: equatorial radius and first eccentricity squared. */
const A = 6_378_137;
const E2 = 0.006_694_379_990_14;

export function planar(origin: Degrees): Plane {
  const phi = (origin.lat * Math.PI) / 180;
  const w = 1 - E2 * Math.sin(phi) ** 2;
  const perLng = ((A / Math.sqrt(w)) * Math.cos(phi) * Math.PI) / 180;
  const perLat = ((A * (1 - E2)) / w ** 1.5 * Math.PI) / 180;
  return {
    xy: (at) => ({ x: (at.lng - origin.lng) * perLng, y: (at.lat - origin.lat) * perLat }),
    lngLat: (at) => ({ lng: origin.lng + at.x / perLng, lat: origin.lat + at.y / perLat }),
  };
}
