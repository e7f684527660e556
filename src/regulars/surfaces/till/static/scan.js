// Codes before the camera. The decoder is the browser's own where it has one; else ours, which is
// fetched when it is wanted first. Where the camera fails, the number pad does it.

let running;

export function stopScanning() {
  for (const track of running?.getTracks() ?? []) track.stop();
  running = undefined;
}

const WIDEST = 640; // enough for a code in the hand; more only takes longer

/** The browser's own decoder, where it can read these squares. */
async function own() {
  if (!("BarcodeDetector" in globalThis)) return undefined;
  const can = await BarcodeDetector.getSupportedFormats().catch(() => []);
  const formats = ["qr_code", "code_128", "ean_13"].filter((one) => can.includes(one));
  if (!formats.includes("qr_code")) return undefined;
  const detector = new BarcodeDetector({ formats });
  return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue;
}

let fetched;
/** jsQR, once for this page. */
function ours() {
  fetched ??= import("./vendor/jsqr.js").catch((error) => {
    fetched = undefined;
    throw error;
  });
  return fetched.then(() => {
    const canvas = document.createElement("canvas");
    const paper = canvas.getContext("2d", { willReadFrequently: true });
    return async (video) => {
      const scale = Math.min(1, WIDEST / (video.videoWidth || WIDEST));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      if (!canvas.width || !canvas.height) return undefined;
      paper.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data, width, height } = paper.getImageData(0, 0, canvas.width, canvas.height);
      return globalThis.jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data || undefined;
    };
  });
}

/** Gets ready before anybody scans, so that it is here when the network is not. */
export async function prepareScanning() {
  if (!(await own())) void ours().catch(() => undefined);
}

/** Looks until a code is seen; says `noCamera` or `noReader` where that cannot be. */
export async function scanned(video, found, cannot) {
  let mine;
  try {
    mine = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch {
    return cannot("noCamera");
  }
  if (!video.isConnected) return mine.getTracks().forEach((track) => track.stop());
  stopScanning();
  running = mine;
  video.srcObject = mine;
  const reads = await Promise.all([own().then((one) => one ?? ours()), video.play()]).then(([one]) => one, () => undefined);
  if (running !== mine) return undefined;
  if (!reads) {
    stopScanning();
    return cannot("noReader");
  }
  const step = async () => {
    if (running !== mine) return undefined;
    const seen = await reads(video);
    if (running !== mine) return undefined;
    if (seen) {
      stopScanning();
      return found(seen);
    }
    return setTimeout(step, 150);
  };
  return void step();
}
