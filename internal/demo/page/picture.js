// A picture that can be looked at large.
import { h, icon } from './dom.js';

/** A picture as a button, which shows it large. It goes when it does not come. */
export function picture(src, alt, cls) {
  const img = h('img', { class: cls, src, alt, loading: 'lazy' });
  const el = h('button', { type: 'button', class: 'look', title: '大きく見る', on: { click: () => enlarge(src, alt) } }, img);
  img.addEventListener('error', () => el.remove());
  return el;
}

function enlarge(src, alt) {
  const close = () => dialog.close();
  const dialog = h('dialog', { class: 'large', 'aria-label': alt, on: { close: () => dialog.remove(), click: close } },
    h('button', { type: 'button', class: 'round', 'aria-label': '閉じる' }, icon('close', 22)), h('img', { src, alt }));
  document.body.append(dialog);
  dialog.showModal(); // Escape closes it, and the focus returns
}
