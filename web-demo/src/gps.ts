// Where the phone is. In: how good a fix must be. Out: fixes as they get better, and an end: good enough, taken, stopped, or
// a fault in words. The W3C interface gives WGS-84 by its specification; the accuracy is kept, never dropped.

import { say } from './ui/i18n.ts';

export interface Fix {
  readonly lng: number;
  readonly lat: number;
  /** Metres. */
  readonly accuracy: number;
}

const GOOD_ENOUGH = 5;
const PATIENCE = 30_000;

export interface Watching {
  stop(): void;
}

/** Seven decimals are a centimetre; the accuracy is rounded up to a decimetre. */
function fixOf(position: GeolocationPosition): Fix {
  const { longitude, latitude, accuracy } = position.coords;
  const seven = (value: number): number => Math.round(value * 1e7) / 1e7;
  return { lng: seven(longitude), lat: seven(latitude), accuracy: Math.ceil(accuracy * 10) / 10 };
}

/** Follows the position until it is good enough or patience ends; `onEnd` gets words where there was no fix at all. */
export function watch(onFix: (fix: Fix) => void, onEnd: (fault: string | null) => void): Watching {
  if (!window.isSecureContext || !('geolocation' in navigator)) {
    onEnd(say('这个页面不能定位（需要 https）。请手工填写经纬度。', 'This page cannot use GPS (it needs https). Type the coordinates.'));
    return { stop: () => undefined };
  }
  let ended = false;
  let any = false;
  const end = (fault: string | null): void => {
    if (ended) return;
    ended = true;
    navigator.geolocation.clearWatch(id);
    clearTimeout(timer);
    onEnd(fault);
  };
  const timer = setTimeout(() => end(any ? null : say('一直没有定位到。请到室外空旷处再试，或者手工填写。', 'No position yet. Try again in the open, or type the coordinates.')), PATIENCE);
  const id = navigator.geolocation.watchPosition(
    (position) => {
      if (ended) return;
      any = true;
      const fix = fixOf(position);
      onFix(fix);
      if (fix.accuracy <= GOOD_ENOUGH) setTimeout(() => end(null));
    },
    (error) => {
      if (error.code === error.TIMEOUT && any) return;
      end(error.code === error.PERMISSION_DENIED
        ? say('没有定位的权限。请在手机设置里允许本页定位，或者手工填写。', 'No permission to locate. Allow it in the phone\'s settings, or type the coordinates.')
        : say('定位失败。请到室外空旷处再试，或者手工填写。', 'No position could be found. Try again in the open, or type the coordinates.'));
    },
    { enableHighAccuracy: true, maximumAge: 0, timeout: PATIENCE },
  );
  return { stop: () => end(null) };
}
