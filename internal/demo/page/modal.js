// The modal a member has on top: drawn from the view's JSON.
import { act } from './api.js';
import { h, icon, toast } from './dom.js';
import { makePicker, uploaded } from './files.js';
import { choicesOf, drawBlocks, pickedIn, selectOf } from './blocks.js';

/** Makes the layer for modals. behind is what cannot be used meanwhile. */
export function makeModal(layer, behind, tools) {
  let view = null, sign = '', user = '', fields = [], before = null, busy = false;

  const drafts = new Map(); // by view, block and action: what was entered

  function show(views, who) {
    const top = views.at(-1) ?? null;
    if (who !== user) { user = who; before = null; }
    const next = top ? `${user}${JSON.stringify([top.id, top.hash, top.blocks, top.errors, top.title, top.submit, views.length])}` : '';
    if (next === sign) return;
    const opened = top && (!view || view.id !== top.id);
    if (opened && !view) before = document.activeElement;
    sign = next;
    view = top;
    layer.hidden = !top;
    behind.inert = Boolean(top);
    if (!top) {
      layer.replaceChildren();
      drafts.clear();
      if (before?.isConnected) before.focus({ preventScroll: true });
      before = null;
      return;
    }
    draw(top, views.length > 1);
    if (opened || top.errors) focusFirst(top.errors);
  }

  function focusFirst(errors) {
    const bad = errors && layer.querySelector('[aria-invalid="true"]');
    const first = bad ?? layer.querySelector('.modal-body :is(textarea, input, select):not([hidden])') ?? layer.querySelector('.primary') ?? layer.querySelector('button');
    if (layer.contains(document.activeElement) && !bad && first !== document.activeElement && view.submitting) return;
    first?.focus({ preventScroll: true });
  }

  function draw(v, stacked) {
    fields = [];
    const formTools = { ...tools, input: (b) => input(b, v), press: (e) => tools.act({ action: e.action_id, value: e.value ?? '' }), choose: (e, values) => tools.act({ action: e.action_id, choose: values }) };
    const title = h('h3', { id: 'modal-title' }, v.title);
    const form = h('form', { class: 'modal', role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': 'modal-title', novalidate: true, on: { submit: (e) => { e.preventDefault(); submit(); } } },
      h('div', { class: 'modal-head' }, title, h('button', { type: 'button', class: 'round', 'aria-label': '閉じる', on: { click: () => cancel(true) } }, icon('close', 18))),
      h('div', { class: 'modal-body' }, drawBlocks(v.blocks, formTools)),
      h('div', { class: 'modal-foot' },
        h('button', { type: 'button', class: 'bk-button', on: { click: () => cancel(false) } }, v.close || (stacked ? '戻る' : 'キャンセル')),
        v.submit && h('button', { type: 'submit', class: 'bk-button primary' }, v.submit)));
    form.addEventListener('keydown', (e) => { if (e.key === 'Escape' && !e.isComposing) { e.stopPropagation(); cancel(false); } });
    layer.replaceChildren(form);
  }

  let ids = 0;
  function input(b, v) {
    const e = b.element ?? {};
    const key = `${b.block_id}/${e.action_id}`;
    const draftKey = `${v.id} ${key}`;
    const saved = drafts.get(draftKey) ?? valueOf(v.values?.[b.block_id]?.[e.action_id]);
    const error = v.errors?.[b.block_id];
    const id = `field-${++ids}`;
    const { el, read, files } = control(e, saved, () => keep());
    const described = [error && `${id}-error`, b.hint && `${id}-hint`].filter(Boolean).join(' ');
    el.id = id;
    if (error) el.setAttribute('aria-invalid', 'true');
    if (described) el.setAttribute('aria-describedby', described);
    if (!b.optional) el.setAttribute('aria-required', 'true');
    if (el.hasAttribute('role')) el.setAttribute('aria-labelledby', `${id}-label`); // a group is no field
    const keep = () => drafts.set(draftKey, read());
    el.addEventListener('input', keep);
    el.addEventListener('change', () => { keep(); if (b.dispatch_action) tools.act({ action: e.action_id, choose: read() }); });
    fields.push({ key, read, files, type: e.type });
    const label = b.label?.text ?? '';
    return h('div', { class: error ? 'bk-input wrong' : 'bk-input', dataset: { block: b.block_id ?? '' } },
      h('label', { for: id, id: `${id}-label` }, label, b.optional && h('small', null, '（任意）')), el,
      error && h('p', { class: 'bk-error', id: `${id}-error` }, error),
      b.hint && h('p', { class: 'bk-hint', id: `${id}-hint` }, b.hint.text));
  }

  function control(e, saved, changed) {
    if (e.type === 'checkboxes' || e.type === 'radio_buttons') {
      const el = choicesOf(e, saved, tools);
      return { el, read: () => pickedIn(el) };
    }
    if (/_select$/.test(e.type ?? '')) {
      const el = selectOf(e, tools, saved);
      return { el, read: () => [...el.selectedOptions].map((o) => o.value).filter(Boolean) };
    }
    if (e.type === 'file_input') {
      const picker = makePicker((e.filetypes ?? []).map((t) => `.${t}`).join(), changed);
      picker.set(saved.filter((c) => c?.file));
      return { el: h('div', { class: 'bk-files', role: 'group' }, picker.chips, picker.buttons), read: () => picker.list, files: true };
    }
    const types = { datepicker: 'date', timepicker: 'time', email_text_input: 'email', url_text_input: 'url', number_input: 'text', plain_text_input: 'text' };
    const el = e.multiline ? h('textarea', { rows: '3' }) : h('input', { type: types[e.type] ?? 'text', inputmode: e.type === 'number_input' ? 'decimal' : null });
    el.placeholder = e.placeholder?.text ?? '';
    el.value = saved[0] ?? '';
    return { el, read: () => [el.value] };
  }

  /** What state.values holds, as plain values. */
  function valueOf(entry) {
    if (!entry) return [];
    const one = (v) => (v && typeof v === 'object' ? v.value ?? '' : v ?? '');
    for (const [key, v] of Object.entries(entry)) {
      if (key === 'type' || v === null) continue;
      return (Array.isArray(v) ? v : [v]).map(one);
    }
    return [];
  }

  async function submit() {
    if (busy) return;
    busy = true;
    layer.classList.add('busy');
    const values = {};
    try {
      for (const f of fields) {
        const v = f.files ? await uploaded(user, f.read()) : f.read();
        const whole = f.files || /text_input$|number_input/.test(f.type);
        // An empty menu has nothing to say; an empty text takes the old one away.
        if (whole || v.some(Boolean)) values[f.key] = v;
      }
      await act('desk/submit', { user, values });
      tools.submitted?.();
    } catch (err) {
      if (err.status !== 422) toast(`送れませんでした：${err.message}`);
    } finally { busy = false; layer.classList.remove('busy'); tools.changed(); }
  }

  async function cancel(all) {
    tools.cancelled?.();
    try { await act('desk/cancel', { user, all }); } catch (err) { toast(err.message); }
    tools.changed();
  }

  return { show };
}
