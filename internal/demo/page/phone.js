// The resident's phone.
import { act, base64, gathered, get } from './api.js';
import { dayText, follow, h, hue, icon, initial, safeURL, sizeText, timeText, toast } from './dom.js';
import { fits } from './files.js';
import { drawFlex } from './flex.js';
import { phoneWords } from './phone-words.js';
import { picture } from './picture.js';
import { formPDF, letterPhoto, station, stickers, voiceMessage } from './sample.js';

/** Makes the phone inside root. onChange is called when something was done. */
export function makePhone(root) {
  let resident = '', data = null, shown = [], drafts = new Map(), menuShown = '', menuOpen = null;

  const title = h('div', { class: 'phone-name' });
  const blockButton = h('button', { type: 'button', class: 'plain', on: { click: toggleBlock } }, '');
  const log = h('div', { class: 'chat', role: 'log', 'aria-label': 'トーク', tabindex: '0' });
  const quick = h('div', { class: 'quick', role: 'group', 'aria-label': '返事の選択肢' });
  const menu = h('div', { class: 'rich-menu', hidden: true });
  const field = h('textarea', { rows: '1', 'aria-label': 'メッセージを書く', placeholder: 'メッセージを書く', maxlength: '5000',
    on: { keydown: onKey, input: () => { grow(); drafts.set(resident, field.value); } } });
  const send = h('button', { type: 'submit', class: 'round send', 'aria-label': '送る' }, icon('send'));
  const plus = h('button', { type: 'button', class: 'round', 'aria-label': '写真・スタンプ・声・場所・ファイル', 'aria-expanded': 'false', on: { click: () => openTray(tray.hidden) } }, icon('plus'));
  const tray = h('div', { class: 'tray', hidden: true });
  const composer = h('form', { class: 'composer', on: { submit: (e) => { e.preventDefault(); sayTyped(); } } }, plus, field, send);
  const blockedNote = h('p', { class: 'blocked-note', hidden: true }, 'このアカウントをブロックしています。書くには、ブロックをやめてください。');
  root.append(h('div', { class: 'phone-bar' }, h('span', { class: 'bot-face' }, 'つ'), title, blockButton), log, quick, blockedNote, tray, composer, menu);
  fillTray();
  root.append(h('p', { class: 'phone-hint' }, '上の例から一つ選ぶか、', icon('plus', 16), ' で住民を加えて、困りごとを書いてみてください。'));
  let acted = false; // the resident did something: what follows should be seen
  const end = follow(log);

  function grow() {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 120)}px`;
  }

  function onKey(e) {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); sayTyped(); }
  }

  async function attempt(work) {
    try { await work(); } catch (err) { toast(`できませんでした：${err.message}`); }
  }

  async function sayTyped() {
    const text = field.value.trim();
    if (!text || !resident) return;
    openMenu(false); // the keyboard takes the menu's place, as in LINE
    field.value = '';
    drafts.delete(resident);
    grow();
    acted = true;
    await attempt(() => act('say', { resident, text }));
  }

  function openTray(open) {
    tray.hidden = !open;
    plus.setAttribute('aria-expanded', String(open));
    if (open) tray.querySelector('button')?.focus();
  }

  function fillTray() {
    const pick = (accept, kind) => {
      const input = h('input', { type: 'file', accept, hidden: true, on: { change: async () => {
        const file = input.files[0];
        input.value = '';
        if (file) await sendBlob(kind === 'file' ? 'file' : file.type.startsWith('video/') ? 'video' : kind, file, file.name);
      } } });
      tray.append(input);
      return () => input.click();
    };
    const item = (name, label, small, run) => h('button', { type: 'button', class: 'tray-item', on: { click: () => { openTray(false); run(); } } },
      icon(name, 22), h('span', null, label), small && h('small', null, small));
    const ownPhoto = pick('image/jpeg,image/png,image/webp,video/mp4', 'image');
    const ownFile = pick('', 'file');
    tray.append(
      h('div', { class: 'tray-row' },
        item('photo', '写真', '見本', () => sendSample('photo')),
        item('photo', '写真', '自分の', ownPhoto),
        item('file', 'PDF', '見本', () => sendSample('pdf')),
        item('clip', 'ファイル', '自分の', ownFile),
        item('voice', '声', '見本', () => sendSample('voice')),
        item('place', '場所', '立川駅', () => sendSample('place'))),
      h('div', { class: 'tray-row stickers', role: 'group', 'aria-label': 'スタンプ' },
        stickers.map((s) => h('button', { type: 'button', class: 'sticker-pick', 'aria-label': `スタンプ：${s.name}`, on: { click: () => { openTray(false); sendSticker(s); } } }, s.face))));
    tray.addEventListener('keydown', (e) => { if (e.key === 'Escape') { openTray(false); plus.focus(); } });
  }

  const sendSticker = (s) => attempt(() => act('send', { resident, kind: 'sticker', sticker: s.id, keywords: s.keywords }));

  async function sendBlob(kind, blob, name, millis) {
    if (!fits({ name, size: blob.size })) return;
    acted = true;
    await attempt(async () => act('send', { resident, kind, data: await base64(blob), type: blob.type, name, millis }));
  }

  async function sendSample(what) {
    if (what === 'photo') await sendBlob('image', await letterPhoto(), '手紙.jpg');
    if (what === 'pdf') await sendBlob('file', formPDF(), '申込書.pdf');
    if (what === 'voice') { const v = voiceMessage(); await sendBlob('audio', v.blob, 'voice.wav', v.millis); }
    if (what === 'place') await attempt(() => act('send', { resident, kind: 'place', ...station }));
    if (what === 'sticker') await sendSticker(stickers[0]);
  }

  async function toggleBlock() {
    if (data) await attempt(() => act('block', { resident, blocked: !data.blocked }));
  }

  /** Does what a finger on an action does. bubble is empty for quick replies. */
  async function tap(bubble, index, action, extra) {
    let when;
    if (action.type === 'datetimepicker') {
      when = prompt(action.mode === 'date' ? '日付 (2026-12-01)' : action.mode === 'time' ? '時刻 (10:00)' : '日時 (2026-12-01T10:00)', action.initial ?? '');
      if (!when) return;
    }
    acted = true;
    await attempt(async () => {
      await act('tap', { resident, bubble, index, when, ...extra });
      if (action.type !== 'uri') return;
      const url = safeURL(action.uri);
      if (url.startsWith('tel:')) toast(`☎ ${decodeURIComponent(url.slice(4))} に電話します（デモなので、かかりません）`);
      else if (url) toast('ページを開きます：', url);
    });
  }

  // ---- drawing

  function draw(ph) {
    const changedPerson = !data || data.id !== ph.id;
    data = ph;
    const words = phoneWords(ph.language);
    title.replaceChildren('つなぐ', h('small', null, words.owner(ph.name)));
    blockButton.textContent = ph.blocked ? words.unblock : words.block;
    field.placeholder = words.write;
    blockedNote.hidden = !ph.blocked;
    composer.hidden = ph.blocked;
    if (ph.blocked) openTray(false);
    if (changedPerson) {
      shown = [];
      log.replaceChildren();
      field.value = drafts.get(ph.id) ?? '';
      grow();
    }
    drawBubbles(ph.bubbles);
    drawLoading(ph.loadingUntil);
    drawQuick(ph.blocked ? [] : ph.quickReplies ?? []);
    drawMenu(ph.blocked ? '' : ph.richMenuId ?? '');
    end(changedPerson || acted);
    acted = false;
  }

  function drawBubbles(bubbles) {
    let day = '', last = '';
    bubbles.forEach((b, i) => {
      const today = dayText(b.time, phoneWords(data.language).locale);
      const who = b.fromBot ? `bot ${senderOf(b)}` : 'me';
      const head = { day: today === day ? '' : today, first: who !== last || today !== day };
      day = today;
      last = who;
      const sign = JSON.stringify([b, head]);
      if (shown[i]?.sign === sign) return;
      const el = row(b, head);
      if (shown[i]) shown[i].el.replaceWith(el);
      else log.append(el);
      shown[i] = { sign, el };
    });
    for (const extra of shown.splice(bubbles.length)) extra.el.remove();
  }

  const senderOf = (b) => b.message?.sender?.name ?? 'つなぐ';

  function row(b, head) {
    const wrap = h('div', { class: 'row-wrap' });
    if (head.day) wrap.append(h('div', { class: 'day' }, h('span', null, head.day)));
    if (b.unsent) {
      wrap.append(h('div', { class: 'unsent' }, b.fromBot ? '送信が取り消されました' : 'メッセージの送信を取り消しました'));
      return wrap;
    }
    const staff = b.fromBot && b.message?.sender?.name;
    const line = h('div', { class: `row ${b.fromBot ? 'theirs' : 'mine'} ${head.first ? 'first' : ''}` });
    if (b.fromBot) line.append(h('span', { class: `bot-face ${staff ? `staff ${hue(senderOf(b))}` : ''} ${head.first ? '' : 'gone'}`, 'aria-hidden': 'true' }, staff ? initial(senderOf(b)) : 'つ'));
    const column = h('div', { class: 'column' });
    if (b.fromBot && head.first) column.append(h('div', { class: 'sender' }, senderOf(b)));
    const meta = h('span', { class: 'meta' }, !b.fromBot && b.read && h('span', null, phoneWords(data.language).read), h('time', { datetime: b.time }, timeText(b.time)));
    const body = h('div', { class: 'body' }, content(b), meta);
    if (!b.fromBot && b.id && b.via === 'person') {
      body.append(h('button', { type: 'button', class: 'take-back', title: '送信を取り消す', 'aria-label': `送信を取り消す：${b.text || b.type}`,
        on: { click: () => attempt(() => act('unsend', { resident, bubble: b.id })) } }, icon('undo', 15)));
    }
    column.append(body);
    line.append(column);
    wrap.append(line);
    return wrap;
  }

  function content(b) {
    const m = b.message ?? {};
    switch (b.type) {
      case 'flex': return withPictures(drawFlex(m.contents, (index, action) => tap(b.id, index, action)), b.actions);
      case 'sticker': {
        const known = stickers.find((s) => s.id === m.stickerId);
        return h('div', { class: 'sticker', role: 'img', 'aria-label': `スタンプ ${known?.name ?? ''}` }, known?.face ?? '🙂');
      }
      case 'image': return b.fromBot ? picture(m.previewImageUrl, '職員が送った写真', 'photo') : picture(media(b), '送った写真', 'photo');
      case 'video': return b.fromBot ? h('div', { class: 'bubble' }, '［動画］') : h('video', { class: 'photo', src: media(b), controls: true, preload: 'metadata' });
      case 'audio': return b.fromBot ? h('div', { class: 'bubble' }, '［音声］') : h('div', { class: 'bubble audio' }, icon('voice', 18), h('audio', { src: media(b), controls: true, preload: 'none' }));
      case 'file': return h('a', { class: 'bubble file', href: media(b), download: m.fileName ?? 'file' }, icon('file', 22), h('span', null, m.fileName ?? 'file', h('small', null, sizeText(m.fileSize))));
      case 'location': return h('div', { class: 'place-card' }, h('div', { class: 'map', 'aria-hidden': 'true' }, icon('place', 30)), h('div', null, h('b', null, m.title ?? '場所'), h('span', null, m.address ?? '')));
      case 'template': case 'imagemap': return template(b);
    }
    return h('div', { class: 'bubble' }, linked(b.text || b.words || `［${b.type}］`));
  }

  /** What staff sent stands behind a link here, for LINE takes pictures over
   *  https only. A real phone would show the picture itself: so it is shown too. */
  function withPictures(card, actions) {
    const sent = (actions ?? []).map((a) => new URL(a.uri ?? '', location.href)).filter((u) => u.origin === location.origin && u.pathname.startsWith('/f/'));
    if (!sent.length) return card;
    return h('div', { class: 'with-pictures' }, card, sent.map((u) => picture(u.href, '職員が送った写真', 'photo')));
  }

  const media = (b) => `/demo/media?${new URLSearchParams({ id: b.id, name: b.message?.fileName ?? '' })}`;

  /** Older kinds of messages: their words, and what can be tapped. */
  function template(b) {
    return h('div', { class: 'bubble' }, b.words, h('div', { class: 'template-actions' },
      (b.actions ?? []).map((a, i) => h('button', { type: 'button', class: 'flex-button link', on: { click: () => tap(b.id, i, a) } }, a.label ?? a.type))));
  }

  /** Text with its web addresses as links. */
  function linked(text) {
    return text.split(/(https?:\/\/[^\s「」（）]+)/).map((part, i) => {
      const url = i % 2 ? safeURL(part) : '';
      return url ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, part) : part;
    });
  }

  let loading = null, loadingTimer = 0;
  function drawLoading(until) {
    const left = until ? new Date(until) - Date.now() : 0;
    loading?.remove();
    clearTimeout(loadingTimer);
    if (!(left > 0)) return;
    loading = h('div', { class: 'row theirs first' }, h('span', { class: 'bot-face' }, 'つ'), h('div', { class: 'bubble typing', 'aria-label': '入力しています' }, h('i'), h('i'), h('i')));
    log.append(loading);
    loadingTimer = setTimeout(refresh, Math.min(left, 60000));
  }

  let quickSign = '';
  function drawQuick(actions) {
    const sign = resident + JSON.stringify(actions);
    if (sign === quickSign) return;
    quickSign = sign;
    quick.replaceChildren(...actions.map((a, i) => h('button', { type: 'button', class: 'quick-reply', on: { click: () => tap('', i, a) } }, a.label)));
    quick.hidden = actions.length === 0;
    quick.scrollLeft = 0;
  }

  async function drawMenu(id) {
    if (id === menuShown) return;
    menuShown = id;
    menu.hidden = true;
    menu.replaceChildren();
    if (!id) return;
    const m = await get('menu', { id });
    if (menuShown !== id) return;
    const size = m.menu.size ?? { width: 2500, height: 843 };
    const pad = h('div', { class: 'rich-pad' });
    pad.style.aspectRatio = `${size.width} / ${size.height}`;
    if (m.picture) pad.append(h('img', { src: `/demo/menu/picture?${new URLSearchParams({ id })}`, alt: '' }));
    (m.menu.areas ?? []).forEach((area, i) => {
      const b = area.bounds;
      const label = area.action?.label ?? area.action?.displayText ?? area.action?.text ?? `メニュー ${i + 1}`;
      const el = h('button', { type: 'button', class: m.picture ? 'rich-area' : 'rich-area plain-area', 'aria-label': label, on: { click: () => tapArea(i, area.action) } }, m.picture ? '' : label);
      Object.assign(el.style, { left: `${100 * b.x / size.width}%`, top: `${100 * b.y / size.height}%`, width: `${100 * b.width / size.width}%`, height: `${100 * b.height / size.height}%` });
      pad.append(el);
    });
    const bar = h('button', { type: 'button', class: 'rich-bar', on: { click: () => openMenu(pad.hidden) } }, m.menu.chatBarText ?? 'メニュー');
    menu.append(bar, pad);
    menu.hidden = false;
    openMenu(menuOpen ?? m.menu.selected !== false);
  }

  /** Opens or closes the menu; a new one keeps as the last was. */
  function openMenu(open) {
    menuOpen = open;
    const pad = menu.querySelector('.rich-pad');
    if (!pad) return;
    pad.hidden = !open;
    menu.querySelector('.rich-bar').setAttribute('aria-expanded', String(open));
    end();
  }

  async function tapArea(i, action) {
    await tap('', i, action, { menu: true });
    if (action.inputOption === 'openKeyboard') { openMenu(false); field.focus(); }
  }

  async function load() {
    if (!resident) return;
    const asked = resident;
    const ph = await get('phone', { id: asked });
    if (asked === resident) draw(ph);
  }
  const refresh = gathered(load);

  return {
    refresh,
    toEnd: () => end(true),
    get resident() { return resident; },
    async show(id) {
      if (resident !== id) { resident = id; menuOpen = null; menuShown = ''; quickSign = ''; openTray(false); }
      root.classList.toggle('empty', !id);
      await load();
    },
    async say(text) { await act('say', { resident, text }); },
    sendSample,
    /** Types a text letter by letter, as a person would, and sends it. */
    async type(text, pause) {
      for (const ch of text) {
        field.value += ch;
        grow();
        if (pause) await new Promise((done) => setTimeout(done, pause));
      }
      await sayTyped();
    },
  };
}
