// Fixes of the phone, as they come. In: the browser's geolocation. Out: raw fixes, and a fault as a code when there will be none. Must not
// know: what makes a good place out of fixes (`average.ts`), answers, the screen.

/** One fix, as the phone gave it. */
export interface RawFix {
  readonly lng: number;
  readonly lat: number;
  /** Radius in metres that the phone claims. */
  readonly accuracy: number;
  /** When the fix was made, by the phone: RFC 3339. */
  readonly time: string;
  readonly altitude?: number;
  /** Metres per second; phones leave it out when they stand. */
  readonly speed?: number;
}

export type GpsFault = 'insecure' | 'denied' | 'unavailable' | 'silent';

/** What is known of where fixes come from. The W3C interface names no provider and has no mark for a mock place; a container that tells
 *  them (DingTalk's `isFromMock`) fills these in. */
export interface Source {
  readonly api: string;
  readonly crs: 'wgs84';
  readonly provider: string | null;
  readonly mock: boolean | null;
  /** The share of true places within the claimed radius, as the platform documents it. */
  readonly confidence: 0.68 | 0.95;
}

export interface Watching {
  stop(): void;
}

/** The specification wants 95 %; Android hands through `Location.getAccuracy`, which is documented as 68 %. */
export function sourceOf(userAgent: string): Source {
  return { api: 'navigator.geolocation', crs: 'wgs84', provider: null, mock: null, confidence: /Android/i.test(userAgent) ? 0.68 : 0.95 };
}

function fixOf(position: GeolocationPosition): RawFix {
  const { longitude, latitude, accuracy, altitude, speed } = position.coords;
  return {
    lng: longitude, lat: latitude, accuracy, time: new Date(position.timestamp).toISOString(),
    ...(typeof altitude === 'number' ? { altitude } : {}), ...(typeof speed === 'number' ? { speed } : {}),
  };
}

/** Follows the position. After `denied` and `insecure` nothing more comes; after the others the phone may still find itself. */
export function watch(patience: number, onFix: (fix: RawFix) => void, onFault: (fault: GpsFault) => void): Watching {
  if (!window.isSecureContext || !('geolocation' in navigator)) {
    onFault('insecure');
    return { stop: () => undefined };
  }
  const id = navigator.geolocation.watchPosition((position) => onFix(fixOf(position)), (error) => {
    if (error.code === error.TIMEOUT) return onFault('silent');
    onFault(error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable');
  }, { enableHighAccuracy: true, maximumAge: 0, timeout: patience });
  return { stop: () => navigator.geolocation.clearWatch(id) };
}
