// Files a staff person chooses: bounded, shown as chips, uploaded when sent.
import { act, base64 } from './api.js';
import { h, icon, sizeText, toast } from './dom.js';
import { formPDF, mapPhoto } from './sample.js';

export const maxFile = 10 << 20; // bytes; what LINE takes of a picture
const most = 3; // the product sends no more at once

/** Whether a file may be sent; says why not. */
export function fits(file) {
  if (file.size > 0 && file.size <= maxFile) return true;
  toast(file.size ? `「${file.name}」は ${sizeText(file.size)} あります。10 MB までのものを送れます。` : `「${file.name}」は空です。ほかのファイルを選んでください。`);
  return false;
}

/** Makes what files are chosen with: buttons, and chips of those chosen. accept
 *  is as of an input; changed is called after each change. */
export function makePicker(accept, changed) {
  let list = [];
  const chips = h('div', { class: 'picked', role: 'list', 'aria-label': '選んだファイル' });
  const input = h('input', { type: 'file', accept, multiple: true, hidden: true, on: { change: () => { const chosen = [...input.files]; input.value = ''; chosen.forEach(add); } } });
  const item = (name, label, small, run) => h('button', { type: 'button', class: 'tray-item', on: { click: run } }, icon(name, 22), h('span', null, label), h('small', null, small));
  const buttons = h('div', { class: 'tray-row' }, input,
    item('photo', '写真', '見本', async () => add(new File([await mapPhoto()], '窓口の地図.jpg', { type: 'image/jpeg' }))),
    item('file', 'PDF', '見本', () => add(new File([formPDF()], '申込書.pdf', { type: 'application/pdf' }))),
    item('clip', 'ファイル', '自分の', () => input.click()));

  function add(file) {
    if (!fits(file)) return;
    if (list.length === most) { toast('一度に三つまで送れます。'); return; }
    set([...list, { file }]);
    changed();
  }

  function set(next) {
    list = next;
    chips.hidden = !list.length;
    chips.replaceChildren(...list.map((c) => h('span', { class: 'pick', role: 'listitem' }, icon(c.file.type.startsWith('image/') ? 'photo' : 'file', 16),
      h('span', null, c.file.name, h('small', null, sizeText(c.file.size))),
      h('button', { type: 'button', 'aria-label': `「${c.file.name}」をやめる`, on: { click: () => { set(list.filter((x) => x !== c)); changed(); } } }, icon('close', 14)))));
  }
  set([]);
  return { buttons, chips, set, get list() { return list; } };
}

/** Gives chosen files to Slack, each once, and returns their ids. */
export async function uploaded(user, list) {
  for (const c of list) c.id ??= (await act('desk/upload', { user, name: c.file.name, data: await base64(c.file) })).id;
  return list.map((c) => c.id);
}
