// Pictures drawn anew: smaller, or out of a format that cannot be cut, and thumbnails. In: bytes that the browser can decode. Out: a JPEG without
// any data beside the picture, or null where the browser cannot. Must not know: where it goes.

/** A photo of a sign or a licence can be read at this size; a record with ten of them is still sent over a bad line. */
export const LONGEST = 2560;
/** Copies below this are kept as the camera made them. */
export const MOST_PHOTO = 3 * 1024 * 1024;
const THUMBNAIL = 240;
const QUALITY = 0.85;

interface Canvas {
  getContext(kind: '2d'): { drawImage(image: CanvasImageSource, x: number, y: number, w: number, h: number): void; fillStyle: string | CanvasGradient | CanvasPattern; fillRect(x: number, y: number, w: number, h: number): void } | null;
}

/** The picture the right way up, or null where the browser cannot decode it. */
async function decode(data: Blob): Promise<{ image: CanvasImageSource; width: number; height: number; close(): void } | null> {
  if ('createImageBitmap' in globalThis) {
    const made = await createImageBitmap(data, { imageOrientation: 'from-image' }).catch(() => createImageBitmap(data)).catch(() => null);
    if (made) return { image: made, width: made.width, height: made.height, close: () => made.close() };
  }
  // Safari decodes HEIC in an <img> only.
  const address = URL.createObjectURL(data);
  const image = new Image();
  image.src = address;
  const loaded = await image.decode().then(() => true, () => false);
  const close = (): void => URL.revokeObjectURL(address);
  if (loaded && image.naturalWidth > 0) return { image, width: image.naturalWidth, height: image.naturalHeight, close };
  close();
  return null;
}

async function paint(data: Blob, longest: number): Promise<Blob | null> {
  const source = await decode(data);
  if (!source) return null;
  try {
    const scale = Math.min(1, longest / Math.max(source.width, source.height));
    const [width, height] = [Math.max(1, Math.round(source.width * scale)), Math.max(1, Math.round(source.height * scale))];
    const fill = (canvas: Canvas): boolean => {
      const context = canvas.getContext('2d');
      if (!context) return false;
      // What is transparent would come out black.
      context.fillStyle = '#fff';
      context.fillRect(0, 0, width, height);
      context.drawImage(source.image, 0, 0, width, height);
      return true;
    };
    if (typeof OffscreenCanvas === 'function') {
      const canvas = new OffscreenCanvas(width, height);
      if (fill(canvas as unknown as Canvas)) return await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
    }
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    if (!fill(canvas as unknown as Canvas)) return null;
    return await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  } catch {
    // Too large for this phone's canvas.
    return null;
  } finally {
    source.close();
  }
}

export const redraw = (data: Blob): Promise<Blob | null> => paint(data, LONGEST);
export const thumbnail = (data: Blob): Promise<Blob | null> => paint(data, THUMBNAIL);
