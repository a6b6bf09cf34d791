/** Things to attach where there is no camera and no microphone: a drawn photo and a hummed tune. */

const LONGEST = 1280; // pixels, as Telegram keeps photos
let drawn = 0;

/** @returns {Promise<Blob>} a drawn picture; each one differs */
export function samplePhoto() {
  drawn += 1;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1200, 900];
  const pen = canvas.getContext("2d");
  const hue = (170 + drawn * 47) % 360;
  const sky = pen.createLinearGradient(0, 0, 0, 900);
  sky.addColorStop(0, `hsl(${hue} 55% 78%)`);
  sky.addColorStop(1, `hsl(${(hue + 40) % 360} 70% 92%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, 1200, 900);
  pen.fillStyle = "rgb(255 255 255 / .85)";
  pen.beginPath();
  pen.arc(220 + ((drawn * 190) % 760), 230, 85, 0, 7);
  pen.fill();
  for (let ridge = 0; ridge < 4; ridge += 1) hill(pen, ridge, hue);
  return toJpeg(canvas);
}

function hill(pen, ridge, hue) {
  pen.fillStyle = `hsl(${(hue + 200 + ridge * 9) % 360} ${24 + ridge * 6}% ${66 - ridge * 13}%)`;
  pen.beginPath();
  pen.moveTo(0, 900);
  for (let x = 0; x <= 1200; x += 20) {
    const wave = Math.sin(x / (150 - ridge * 18) + drawn * 1.7 + ridge * 2.1) * (70 - ridge * 8);
    pen.lineTo(x, 470 + ridge * 115 + wave + Math.sin(x / 47 + drawn) * 12);
  }
  pen.lineTo(1200, 900);
  pen.fill();
}

function toJpeg(canvas) {
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/jpeg", 0.86);
  });
}

/** As a Telegram app does with photos: at most 1,280 pixels a side, as JPEG, without what the camera wrote into it. */
export async function asPhoto(blob) {
  const picture = await createImageBitmap(blob);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return toJpeg(canvas);
}

const RATE = 8000;
const TUNE = [392, 440, 494, 587, 494, 440]; // Hz, half a second each

/** @returns {{blob: Blob, duration: number}} a hummed tune of three seconds */
export function sampleVoice() {
  const each = RATE / 2;
  const bytes = new DataView(new ArrayBuffer(44 + TUNE.length * each));
  const head = [["RIFF", 0], ["WAVE", 8], ["fmt ", 12], ["data", 36]];
  for (const [text, at] of head) [...text].forEach((char, n) => bytes.setUint8(at + n, char.charCodeAt(0)));
  bytes.setUint32(4, bytes.byteLength - 8, true);
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true); // PCM
  bytes.setUint16(22, 1, true); // one channel
  bytes.setUint32(24, RATE, true);
  bytes.setUint32(28, RATE, true);
  bytes.setUint16(32, 1, true);
  bytes.setUint16(34, 8, true); // bits
  bytes.setUint32(40, TUNE.length * each, true);
  TUNE.forEach((pitch, n) => {
    for (let i = 0; i < each; i += 1) {
      const swell = Math.sin((i / each) * Math.PI);
      bytes.setUint8(44 + n * each + i, 128 + Math.round(44 * swell * Math.sin((2 * Math.PI * pitch * i) / RATE)));
    }
  });
  return { blob: new Blob([bytes.buffer], { type: "audio/wav" }), duration: TUNE.length / 2 };
}
