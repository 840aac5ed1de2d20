// What the bot understood, and why.
import { act, gathered, get } from './api.js';
import { h, timeText } from './dom.js';

const langs = { ja: '日本語', 'ja-easy': 'やさしい日本語', en: 'English', zh: '中文', ko: '한국어', vi: 'Tiếng Việt' };
const scripts = { ja: '漢字かな', kana: 'ひらがな', romaji: 'ローマ字', en: '英語', zh: '中国語', ko: '韓国語', vi: 'ベトナム語' };
const kinds = { ordinary: '相談・質問', 'not-ours': '対象の外', 'not-understood': '手がかりなし', greeting: 'あいさつ', thanks: 'お礼', human: '人と話したい' };
const sides = { phone: '住民へ', desk: '職員へ', inside: '中で' };

/** Makes the panel inside root. */
export function makeMind(root) {
  let resident = '', sign = '';
  const opened = new Map(); // by turn: opened or closed by hand

  const result = h('div', { class: 'try-result', 'aria-live': 'polite' });
  const field = h('input', { type: 'text', id: 'try-text', maxlength: '2000', placeholder: '例：こどもが がっこうに いきません', autocomplete: 'off' });
  const trial = h('form', { class: 'try', on: { submit: (e) => { e.preventDefault(); explain(); } } },
    h('label', { for: 'try-text' }, 'ためしに読ませる', h('small', null, 'だれにも送りません')),
    h('div', { class: 'try-line' }, field, h('button', { type: 'submit', class: 'bk-button' }, '読む')), result);
  const list = h('div', { class: 'turns' });
  root.append(trial, list);

  async function explain() {
    const text = field.value.trim();
    if (!text) { result.replaceChildren(); return; }
    try { result.replaceChildren(understanding(await act('explain', { text }))); } catch { result.replaceChildren('いまは読めません。'); }
  }

  async function load() {
    if (!resident) { list.replaceChildren(empty()); return; }
    const asked = resident;
    const turns = await get('mind', { resident: asked });
    if (asked !== resident) return;
    const next = JSON.stringify([resident, turns]);
    if (next === sign) return;
    sign = next;
    list.replaceChildren(...(turns.length ? turns.map((t, i) => turn(t, i === 0)) : [empty()]));
  }

  const empty = () => h('p', { class: 'nothing' }, '住民が何か送ると、ここに、どう受け取ったか、なぜか、何をするかが出ます。');

  function turn(t, newest) {
    const key = `${t.id} ${t.at}`;
    const open = opened.get(key) ?? newest;
    const el = h('details', { class: 'turn', open },
      h('summary', null, h('time', { datetime: t.at }, timeText(t.at)), h('span', { class: 'what' }, t.event), t.words && h('q', null, t.words)));
    el.firstChild.addEventListener('click', () => opened.set(key, !el.open));
    if (t.understanding) el.append(understanding(t.understanding));
    el.append(part('すること', h('ul', { class: 'effects' }, t.effects.length
      ? t.effects.map((e) => h('li', { class: `for-${e.side}` }, h('span', { class: 'side' }, sides[e.side] ?? ''), h('span', null, e.text))) : h('li', { class: 'soft' }, '何もしない'))));
    if (t.state.length) el.append(part('いま覚えていること', h('dl', null, t.state.map((f) => [h('dt', null, f.label), h('dd', null, f.value)]))));
    return el;
  }

  const part = (title, body) => h('section', { class: 'turn-part' }, h('h4', null, title), body);

  const refresh = gathered(load);
  return {
    refresh,
    async show(id) { resident = id; await load(); },
    setExplains(yes) { trial.hidden = !yes; },
  };
}

/** Windows as bars, danger, and what else was read from the words. */
function understanding(u) {
  const danger = u.urgency && u.urgency.level !== 'none';
  const box = h('div', { class: 'reading' });
  if (danger) {
    box.append(h('div', { class: `urgency ${u.urgency.level}` }, h('b', null, u.urgency.level === 'certain' ? '危険' : '危険のうたがい'), h('span', null, u.urgency.name || u.urgency.kind), h('span', { class: 'score' }, percent(u.urgency.score)),
      u.urgency.why?.length > 0 && h('span', { class: 'why' }, u.urgency.why.map((w) => h('mark', null, w)))));
  }
  box.append(h('ol', { class: 'bars' }, (u.windows ?? []).slice(0, 5).map((w, i) => bar(w, i))));
  const chips = [
    [danger ? '' : '危険', danger ? '' : 'なし'], ['ことば', langs[u.lang] ?? u.lang], ['文字', scripts[u.script] ?? u.script],
    ['だれのこと', u.person === 'other' ? 'ほかの人' : '本人'], ['町', u.town || '—'], ['種類', kinds[u.kind] ?? u.kind],
  ];
  box.append(h('dl', { class: 'chips' }, chips.filter(([k, v]) => k && v).map(([k, v]) => h('div', null, h('dt', null, k), h('dd', null, v)))));
  return box;
}

function bar(w, i) {
  const fill = h('i');
  fill.style.width = `${Math.max(1, Math.round(100 * w.score))}%`;
  return h('li', { class: i === 0 ? 'first' : '' },
    h('div', { class: 'bar-head' }, h('span', null, w.name || w.id), h('span', { class: 'score' }, percent(w.score))),
    h('div', { class: 'bar', 'aria-hidden': 'true' }, fill),
    w.why?.length > 0 && w.score >= 0.05 && h('div', { class: 'why' }, w.why.map((x) => h('mark', null, x))));
}

const percent = (x) => `${(100 * (x ?? 0)).toFixed(x > 0 && x < 0.1 ? 1 : 0)}%`;
