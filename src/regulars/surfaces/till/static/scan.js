// Codes before the camera. The decoder is the browser's own; where it has none, a hand scanner or
// the number pad does it.

let running;

export function stopScanning() {
  for (const track of running?.getTracks() ?? []) track.stop();
  running = undefined;
}

/** Looks until a code is seen; says `noCamera` or `noReader` where that cannot be. */
export async function scanned(video, found, cannot) {
  if (!("BarcodeDetector" in globalThis)) return cannot("noReader");
  try {
    running = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return cannot("noCamera");
  }
  video.srcObject = running;
  await video.play();
  const mine = running;
  const detector = new BarcodeDetector({ formats: ["qr_code", "code_128", "ean_13"] });
  const step = async () => {
    if (running !== mine) return;
    const [seen] = await detector.detect(video).catch(() => []);
    if (seen) {
      stopScanning();
      return found(seen.rawValue);
    }
    setTimeout(step, 150);
  };
  void step();
}
