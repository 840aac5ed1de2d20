// Things a made-up resident has at hand: a photo, a voice message, a place.
// They are made here, so that the demo carries no pictures of anybody.

/** A photo of a letter on a table, as a JPEG. */
export async function letterPhoto() {
  const canvas = document.createElement('canvas');
  canvas.width = 720;
  canvas.height = 960;
  const c = canvas.getContext('2d');
  const table = c.createLinearGradient(0, 0, 720, 960);
  table.addColorStop(0, '#b98d5f');
  table.addColorStop(1, '#9a7146');
  c.fillStyle = table;
  c.fillRect(0, 0, 720, 960);
  c.strokeStyle = 'rgba(80,50,20,.18)';
  for (let y = 20; y < 960; y += 46) { c.beginPath(); c.moveTo(0, y); c.bezierCurveTo(240, y + 14, 480, y - 12, 720, y + 6); c.stroke(); }
  c.save();
  c.translate(360, 480);
  c.rotate(-0.045);
  c.shadowColor = 'rgba(0,0,0,.35)';
  c.shadowBlur = 26;
  c.shadowOffsetY = 10;
  c.fillStyle = '#fdfcf7';
  c.fillRect(-265, -380, 530, 760);
  c.shadowColor = 'transparent';
  const write = (text, x, y, size, weight = '400', color = '#2b2b2b') => {
    c.fillStyle = color;
    c.font = `${weight} ${size}px "Hiragino Sans", "Noto Sans CJK JP", "Yu Gothic", sans-serif`;
    c.fillText(text, x, y);
  };
  write('水道料金のお知らせ', -140, -295, 31, '700');
  c.strokeStyle = '#b3261e';
  c.lineWidth = 4;
  c.strokeRect(95, -250, 135, 52);
  write('督　促', 117, -214, 32, '700', '#b3261e');
  write('見本 太郎 様', -225, -200, 24);
  const lines = ['次の水道料金が、まだ支払われて', 'いません。期限までにお支払い', 'ください。', '', '金額　　　8,640 円', '期限　　　12月15日', '', 'お支払いが難しいときは、', 'ご相談ください。'];
  lines.forEach((text, i) => write(text, -225, -110 + i * 44, 25));
  c.strokeStyle = '#777';
  c.lineWidth = 1.5;
  c.strokeRect(-225, 275, 450, 62);
  write('（これは見本の手紙です）', -150, 315, 24, '400', '#666');
  c.restore();
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
}

/** A map with the way from the station to the desk, as a JPEG: what staff may
 *  send. */
export async function mapPhoto() {
  const canvas = document.createElement('canvas');
  canvas.width = 900;
  canvas.height = 675;
  const c = canvas.getContext('2d');
  const box = (x, y, w, h2, color) => { c.fillStyle = color; c.fillRect(x, y, w, h2); };
  const line = (color, width, dash, ...points) => {
    c.strokeStyle = color;
    c.lineWidth = width;
    c.setLineDash(dash);
    c.beginPath();
    points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
    c.stroke();
  };
  const write = (text, x, y, size, color) => {
    c.fillStyle = color;
    c.font = `700 ${size}px "Hiragino Sans", "Noto Sans CJK JP", "Yu Gothic", sans-serif`;
    c.fillText(text, x, y);
  };
  box(0, 0, 900, 675, '#eef2ea');
  for (const [x, y, w, h2] of [[60, 60, 210, 150], [350, 60, 210, 150], [640, 60, 200, 150], [60, 300, 210, 130], [350, 300, 210, 130]]) box(x, y, w, h2, '#d8e2d0');
  line('#fff', 44, [], [0, 255], [900, 255]);
  line('#fff', 44, [], [310, 0], [310, 520]);
  line('#fff', 44, [], [600, 0], [600, 520]);
  box(0, 520, 900, 70, '#b8c2cc');
  line('#6b7782', 8, [26, 16], [0, 555], [900, 555]);
  box(190, 530, 240, 50, '#1a5fa8');
  write('立川駅', 262, 566, 32, '#fff');
  box(640, 300, 200, 130, '#0b6b3a');
  write('相談窓口', 672, 376, 34, '#fff');
  line('#c2410c', 9, [20, 12], [310, 515], [310, 255], [600, 255], [600, 365], [636, 365]);
  write('駅から歩いて 8分', 340, 240, 30, '#9a3412');
  write('（これは見本の地図です）', 276, 640, 26, '#52606d');
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.88));
}

/** One page with a form's title, as a PDF. Its letters are Latin, for which a
 *  reader needs no font of ours. */
export function formPDF() {
  const text = 'BT /F1 26 Tf 72 740 Td (SAMPLE FORM) Tj /F1 14 Tf 0 -48 Td (Name: ______________________________) Tj 0 -36 Td (Date:  ______________________________) Tj ET';
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>', `<< /Length ${text.length} >>\nstream\n${text}\nendstream`];
  let out = '%PDF-1.4\n';
  const at = objects.map((o, i) => { const from = out.length; out += `${i + 1} 0 obj\n${o}\nendobj\n`; return from; });
  const table = at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('');
  out += `xref\n0 ${at.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${at.length + 1} /Root 1 0 R >>\nstartxref\n${out.length}\n%%EOF\n`;
  return new Blob([out], { type: 'application/pdf' });
}

/** Two seconds of humming, as a WAV file. */
export function voiceMessage() {
  const rate = 8000, seconds = 2, n = rate * seconds;
  const bytes = new DataView(new ArrayBuffer(44 + n * 2));
  const word = (at, s) => [...s].forEach((ch, i) => bytes.setUint8(at + i, ch.charCodeAt(0)));
  word(0, 'RIFF'); bytes.setUint32(4, 36 + n * 2, true); word(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true); bytes.setUint16(20, 1, true); bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate, true); bytes.setUint32(28, rate * 2, true); bytes.setUint16(32, 2, true); bytes.setUint16(34, 16, true);
  word(36, 'data'); bytes.setUint32(40, n * 2, true);
  for (let i = 0; i < n; i++) {
    const t = i / rate, soft = Math.sin(Math.PI * t / seconds);
    const tone = Math.sin(2 * Math.PI * (196 + 24 * Math.sin(2 * Math.PI * 1.5 * t)) * t);
    bytes.setInt16(44 + i * 2, tone * soft * 7000, true);
  }
  return { blob: new Blob([bytes.buffer], { type: 'audio/wav' }), millis: seconds * 1000 };
}

export const station = { title: '立川駅', address: '東京都立川市曙町2丁目', lat: 35.6979, lon: 139.4136 };

/** Stickers, with LINE's kind of English keywords. */
export const stickers = [
  { id: '1988', face: '🙂', name: 'にっこり', keywords: ['smile', 'happy', 'hello'] },
  { id: '1989', face: '🙏', name: 'ありがとう', keywords: ['thank you', 'thanks', 'grateful'] },
  { id: '1990', face: '😢', name: 'かなしい', keywords: ['sad', 'cry', 'tears'] },
  { id: '1991', face: '👌', name: 'OK', keywords: ['ok', 'okay', 'yes'] },
  { id: '1992', face: '😵', name: 'つかれた', keywords: ['tired', 'exhausted'] },
  { id: '1993', face: '🙇', name: 'おねがい', keywords: ['please', 'request', 'bow'] },
];
