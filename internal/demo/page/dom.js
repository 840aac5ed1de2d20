// Small helpers to build the page. Text only ever goes in as text nodes.

/** Makes an element. Props: class, on (object of listeners), dataset, style
 *  (object), aria-… and other attributes; false, null and undefined are left out. */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name === 'class') el.className = value;
    else if (name === 'on') for (const [type, fn] of Object.entries(value)) el.addEventListener(type, fn);
    else if (name === 'dataset') Object.assign(el.dataset, value);
    else if (name === 'style') for (const [k, v] of Object.entries(value)) { if (v) el.style.setProperty(k, v); }
    else if (name === 'value') el.value = value;
    else el.setAttribute(name, value === true ? '' : String(value));
  }
  el.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** Line icons, drawn here so that nothing is fetched. */
const paths = {
  photo: 'M4 7h3l1.6-2h6.8L17 7h3v12H4zM12 10a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4z',
  sticker: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9 10v.5M15 10v.5M8.5 14.2c1.8 2.2 5.2 2.2 7 0',
  voice: 'M12 4a2.6 2.6 0 0 0-2.6 2.6v5a2.6 2.6 0 0 0 5.2 0v-5A2.6 2.6 0 0 0 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5',
  place: 'M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11zM12 7.8a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z',
  file: 'M7 3.5h7l4 4v13H7zM14 3.5v4h4M10 12h5M10 15.5h5',
  send: 'M4 12l16-7.5-5.5 16-3-6.5zM11.5 14L20 4.5',
  plus: 'M12 5v14M5 12h14',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  lock: 'M7 11h10v8.5H7zM9 11V8.2a3 3 0 0 1 6 0V11',
  close: 'M6 6l12 12M18 6L6 18',
  block: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.5 6.5l11 11',
  phone: 'M7 4h3l1.5 4-2 1.5a10 10 0 0 0 5 5l1.5-2 4 1.5v3A2 2 0 0 1 18 19 14 14 0 0 1 5 6a2 2 0 0 1 2-2z',
  undo: 'M9 7L4.5 11.5 9 16M5 11.5h9a5 5 0 0 1 0 10h-2',
  reply: 'M5 6h14v9.5h-7L8 19v-3.5H5z',
  menu: 'M5 7h14M5 12h14M5 17h14',
  clip: 'M17.5 11.5l-6.4 6.4a4 4 0 0 1-5.7-5.7l7.1-7.1a2.7 2.7 0 0 1 3.8 3.8l-7 7a1.3 1.3 0 0 1-1.9-1.9l6.3-6.2',
  up: 'M12 19V5M6 11l6-6 6 6',
};

export function icon(name, size = 20) {
  const svg = document.createElementNS(svgSpace, 'svg');
  for (const [k, v] of Object.entries({ viewBox: '0 0 24 24', width: size, height: size, 'aria-hidden': 'true', class: 'icon' })) svg.setAttribute(k, v);
  const path = document.createElementNS(svgSpace, 'path');
  path.setAttribute('d', paths[name] ?? '');
  svg.append(path);
  return svg;
}

const clockFormat = new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' });
const dayFormat = (locale) => new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Tokyo', month: 'long', day: 'numeric', weekday: 'short' });

export const sizeText = (n) => (n > 1 << 20 ? `${(n / (1 << 20)).toFixed(1)} MB` : `${Math.max(1, Math.round((n ?? 0) / 1024))} KB`);

export const timeText = (t) => clockFormat.format(new Date(t));
export const dayText = (t, locale = 'ja-JP') => dayFormat(locale).format(new Date(t));

/** Keeps a scrolling box at its end as long as its reader is there; the
 *  function returned does so after a change, or always when forced. Of what is
 *  higher than the box, and headed() names, the top is shown. */
export function follow(box, headed = () => false) {
  let following = true, put = -1, seen = '';
  const sizes = () => `${box.scrollHeight} ${box.clientHeight}`;
  const go = (force) => {
    if (force) following = true;
    if (!following) return;
    const last = box.lastElementChild;
    const high = last && last.offsetHeight > box.clientHeight && headed();
    box.scrollTop = high ? last.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop : box.scrollHeight;
    put = box.scrollTop;
    seen = sizes();
  };
  box.addEventListener('scroll', () => {
    const moved = sizes() !== seen; // the browser scrolled because something grew, not the reader
    seen = sizes();
    if (Math.abs(box.scrollTop - put) < 2 || box.scrollHeight - box.scrollTop - box.clientHeight < 60) following = true;
    else if (!moved) following = false;
    if (moved) go();
  }, { passive: true });
  box.addEventListener('load', () => go(false), true); // pictures come later
  new ResizeObserver(() => go(false)).observe(box);
  return go;
}

export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

let toastTimer = 0;
export function toast(text, link) {
  const el = document.getElementById('toast');
  el.replaceChildren(text);
  if (link) el.append(' ', h('a', { href: link, target: '_blank', rel: 'noopener noreferrer' }, '開く'));
  el.classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => el.classList.remove('shown'), link ? 9000 : 5000);
}

/** A link as it may be followed: http, https, mailto and tel only. */
export function safeURL(u) {
  try {
    const url = new URL(u);
    return ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol) ? url.href : '';
  } catch { return ''; }
}

/** The first letter of a name, for its picture. */
export const initial = (name) => [...(name || '?').trim()][0] ?? '?';

/** One of eight calm colours, always the same for the same text. */
export function hue(text) {
  let n = 0;
  for (const c of text) n = (n * 31 + c.codePointAt(0)) >>> 0;
  return `tint-${n % 8}`;
}
