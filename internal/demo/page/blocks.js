// Draws Slack's Block Kit from its JSON. https://docs.slack.dev/reference/block-kit/blocks
import { h } from './dom.js';
import { markup, richText, textNodes } from './markup.js';

/** Draws blocks. tools: who(id) names somebody, press(element) and
 *  choose(element, values) act, file(id) draws a file. */
export function drawBlocks(blocks, tools) {
  return (blocks ?? []).map((b) => block(b, tools));
}

function block(b, tools) {
  switch (b.type) {
    case 'header': return h('h4', { class: 'bk-header' }, textNodes(b.text, tools.who));
    case 'section': return h('div', { class: 'bk-section' },
      h('div', { class: 'bk-main' }, textNodes(b.text, tools.who),
        b.fields?.length && h('div', { class: 'bk-fields' }, b.fields.map((f) => h('div', null, textNodes(f, tools.who))))),
      b.accessory && h('div', { class: 'bk-accessory' }, element(b.accessory, tools)));
    case 'context': return h('div', { class: 'bk-context' }, (b.elements ?? []).map((e) => (e.type === 'image' ? h('span', { class: 'bk-image-small', role: 'img', 'aria-label': e.alt_text }) : h('span', null, textNodes(e, tools.who)))));
    case 'divider': return h('hr');
    case 'actions': return h('div', { class: 'bk-actions' }, (b.elements ?? []).map((e) => element(e, tools)));
    case 'rich_text': return richText(b, tools.who);
    case 'markdown': return h('div', { class: 'bk-section' }, markup(b.text ?? '', tools.who));
    case 'image': return b.slack_file?.id && tools.file ? tools.file(b.slack_file.id, b.alt_text) : h('div', { class: 'bk-picture' }, b.alt_text ?? '画像');
    case 'file': return null;
    case 'input': return tools.input ? tools.input(b) : null;
  }
  return h('div', { class: 'bk-unknown' }, `［${b.type}］`);
}

/** Something to press or choose outside of a form. */
export function element(e, tools) {
  switch (e.type) {
    case 'button': {
      const el = h('button', { type: 'button', class: `bk-button ${e.style ?? ''}`, 'aria-label': e.accessibility_label }, textNodes({ ...e.text, type: 'plain_text' }, tools.who));
      el.addEventListener('click', () => tools.press(e, el));
      return el;
    }
    case 'static_select': case 'external_select': case 'users_select': case 'channels_select': case 'conversations_select': {
      const el = selectOf(e, tools, null);
      el.addEventListener('change', () => {
        if (!el.value) return;
        tools.choose(e, [el.value]);
        if (!tools.input) el.value = ''; // in a message the same entry can be chosen again
      });
      return el;
    }
    case 'overflow': {
      const el = h('select', { 'aria-label': 'ほかの操作', class: 'bk-overflow' }, h('option', { value: '' }, '…'), (e.options ?? []).map(optionOf));
      el.addEventListener('change', () => { if (el.value) tools.choose(e, [el.value]); el.value = ''; });
      return el;
    }
    case 'datepicker': case 'timepicker': {
      const el = h('input', { type: e.type === 'datepicker' ? 'date' : 'time', 'aria-label': e.placeholder?.text ?? '', value: e.initial_date ?? e.initial_time ?? '' });
      el.addEventListener('change', () => el.value && tools.choose(e, [el.value]));
      return el;
    }
    case 'checkboxes': case 'radio_buttons': {
      const el = choicesOf(e, [], tools);
      el.addEventListener('change', () => tools.choose(e, pickedIn(el)));
      return el;
    }
    case 'image': return h('div', { class: 'bk-picture small', role: 'img', 'aria-label': e.alt_text }, '画像');
  }
  return h('span', { class: 'bk-unknown' }, `［${e.type}］`);
}

const optionOf = (o) => h('option', { value: o.value }, o.text?.text ?? o.value);

/** A menu with its options, or the people or channels there are. */
export function selectOf(e, tools, chosen) {
  const multi = e.type.startsWith('multi_');
  const el = h('select', { multiple: multi, 'aria-label': e.placeholder?.text ?? '選ぶ' });
  if (!multi) el.append(h('option', { value: '' }, e.placeholder?.text ?? '選ぶ'));
  if (/users_select$/.test(e.type)) el.append(...tools.people().map((p) => h('option', { value: p.id }, p.name)));
  else if (/(channels|conversations)_select$/.test(e.type)) el.append(...tools.channels().map((c) => h('option', { value: c.id }, `#${c.name}`)));
  else {
    el.append(...(e.options ?? []).map(optionOf));
    for (const g of e.option_groups ?? []) el.append(h('optgroup', { label: g.label?.text ?? '' }, (g.options ?? []).map(optionOf)));
  }
  for (const o of el.options) o.selected = chosen ? chosen.includes(o.value) : false;
  if (!multi && !chosen?.length) el.value = '';
  return el;
}

let groups = 0;
/** Boxes or circles to tick. */
export function choicesOf(e, chosen, tools) {
  const name = `choice-${++groups}`;
  return h('div', { class: 'bk-choices', role: e.type === 'radio_buttons' ? 'radiogroup' : 'group' }, (e.options ?? []).map((o) => {
    const input = h('input', { type: e.type === 'radio_buttons' ? 'radio' : 'checkbox', name, value: o.value });
    input.checked = chosen.includes(o.value);
    return h('label', null, input, h('span', null, textNodes(o.text, tools.who)), o.description && h('small', null, textNodes(o.description, tools.who)));
  }));
}

export const pickedIn = (el) => [...el.querySelectorAll('input:checked')].map((i) => i.value);
