// The staff's Slack.
import { act, gathered, get } from './api.js';
import { dayText, follow, h, icon, initial, sizeText, timeText, toast } from './dom.js';
import { drawBlocks } from './blocks.js';
import { makePicker, uploaded } from './files.js';
import { makeHome } from './home.js';
import { makeModal } from './modal.js';
import { markup, textNodes } from './markup.js';
import { picture } from './picture.js';

const channelSeen = (m) => Number(m.ts);

/** Makes the desk inside root. people() lists all members. */
export function makeDesk(root, people, onUnread) {
  let user = '', data = null, channel = '', thread = '';
  let atHome = false;
  const seen = new Map(); // by user and channel, or user and thread: the newest ts looked at
  const drafts = new Map(), chosen = new Map(); // by user, channel and thread: words and files not sent yet
  let shown = [], shownWhere = '';
  let doing = null; // the card whose form is open, to show its thread once the form is sent
  let caseLineOf = null;

  const list = h('nav', { class: 'channels', 'aria-label': 'チャンネル' });
  const head = h('div', { class: 'desk-head' });
  const log = h('div', { class: 'messages', role: 'log', tabindex: '0', 'aria-label': 'メッセージ' });
  const field = h('textarea', { rows: '1', on: { keydown: onKey, input: () => { drafts.set(where(), field.value); grow(); reach(); } } });
  const send = h('button', { type: 'submit', class: 'round send', 'aria-label': '送る' }, icon('send'));
  const note = h('p', { class: 'reach', 'aria-live': 'polite' });
  const clip = h('button', { type: 'button', class: 'round', 'aria-label': '写真・PDF を付ける', title: '写真・PDF を付ける', 'aria-expanded': 'false', on: { click: () => openTray(tray.hidden) } }, icon('clip'));
  const picker = makePicker('', () => { chosen.set(where(), picker.list); openTray(false); reach(); field.focus({ preventScroll: true }); });
  const tray = h('div', { class: 'tray', hidden: true, on: { keydown: (e) => { if (e.key === 'Escape') { openTray(false); clip.focus(); } } } }, picker.buttons);
  const composer = h('form', { class: 'desk-composer', on: { submit: (e) => { e.preventDefault(); write(); } } }, tray, h('div', { class: 'box' }, picker.chips, clip, field, send), note);
  const caseLine = h('button', { type: 'button', class: 'case-line', hidden: true, title: 'カードの上へ', on: { click: () => caseLineOf?.scrollIntoView({ block: 'start' }) } });
  const homePanel = h('div', { class: 'desk-home', id: 'desk-home', role: 'tabpanel', 'aria-labelledby': 'desk-tab-home', tabindex: '0', hidden: true });
  const talk = h('div', { class: 'desk-talk', id: 'desk-talk', role: 'tabpanel', 'aria-labelledby': 'desk-tab-talk' }, list, h('div', { class: 'desk-main' }, head, h('div', { class: 'log-box' }, caseLine, log), composer));
  const tab = (name, panel, label) => h('button', { type: 'button', role: 'tab', id: `desk-tab-${name}`, 'aria-controls': panel, on: { click: () => openTab(name === 'home'), keydown: turn } }, label);
  const fresh = h('i', { class: 'dot', role: 'img', 'aria-label': '新しいもの', hidden: true });
  const tabs = [tab('home', 'desk-home', 'ホーム'), tab('talk', 'desk-talk', ['メッセージ', fresh])];
  const inner = h('div', { class: 'desk-inner' }, h('div', { class: 'desk-tabs', role: 'tablist', 'aria-label': 'Slack' }, tabs), homePanel, talk);
  const layer = h('div', { class: 'modal-layer', hidden: true });
  root.append(inner, layer);
  // A card is read from its top, until something new stands in its thread.
  const end = follow(log, () => log.childElementCount === 1 || (thread === '' && !log.lastElementChild.querySelector('.thread-link.fresh')));
  log.addEventListener('scroll', drawCaseLine, { passive: true });
  root.addEventListener('click', openLink);
  drawTabs();

  const who = (id) => {
    const m = people().find((p) => p.id === id);
    return m ? m.display_name || m.real_name || m.name : data?.channels.find((c) => c.id === id)?.name ?? id;
  };
  const tools = {
    who, changed: () => refresh(), people: () => people().map((p) => ({ id: p.id, name: who(p.id) })), channels: () => data?.channels ?? [],
    act: (what) => attempt(() => act('desk/click', { user, ...what })), file: drawFile,
    submitted: () => { if (doing) doing.sent = true; }, cancelled: () => { doing = null; },
  };
  const modal = makeModal(layer, inner, tools);
  const pressHome = (what) => attempt(() => act('desk/click', { user, home: true, ...what }));
  const home = makeHome(homePanel, { ...tools, press: (e) => pressHome({ action: e.action_id, value: e.value ?? '' }), choose: (e, values) => pressHome({ action: e.action_id, choose: values }) });

  const where = () => `${user} ${channel} ${thread}`;

  async function attempt(work) {
    try { await work(); } catch (err) { toast(`できませんでした：${err.message}`); }
    refresh();
  }

  function grow() {
    field.style.height = 'auto';
    const height = field.scrollHeight; // 0 behind another tab: then the style's own
    field.style.height = height ? `${Math.min(height, 140)}px` : '';
  }

  /** Says who will read what is being typed: the difference that matters most. */
  function reach() {
    const out = thread && /^\s*(&gt;|>|＞){2}/m.test(field.value), files = picker.list.length > 0;
    composer.classList.toggle('reaches', Boolean(out));
    const others = files ? '職員だけが見ます。「>>」で始まる行を書くと、ファイルもご本人に届きます。' : '職員だけが読みます。「>>」で始まる行だけが、ご本人に届きます。';
    note.textContent = isCommand(field.value) && !thread ? '「/tsunagu help」で使い方が出ます。答えは、あなただけに見えます。'
      : out ? (files ? 'この行とファイルは、ご本人の LINE に届きます。' : 'この行は、ご本人の LINE に届きます。') : thread ? others : '職員だけが読みます。';
  }

  const isCommand = (text) => text.trimStart().startsWith('/');

  function openTray(open) {
    tray.hidden = !open;
    clip.setAttribute('aria-expanded', String(open));
    if (open) tray.querySelector('button').focus();
  }

  function onKey(e) {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); write(); }
  }

  /** Fills the composer with what was not sent yet here. */
  function fill() {
    field.value = drafts.get(where()) ?? '';
    picker.set(chosen.get(where()) ?? []);
    openTray(false);
    grow();
    reach();
  }

  async function write() {
    const text = field.value.trim(), files = picker.list, from = where(), at = { user, channel, thread };
    if (!text && !files.length) return;
    const command = isCommand(text) ? text.split(/\s/)[0] : '';
    if (command && (thread || files.length)) { // as in Slack
      toast(thread ? `スレッドの中では ${command} を使えません。チャンネルにもどって書いてください。` : `${command} とファイルは、いっしょに送れません。`);
      return;
    }
    drafts.delete(from);
    chosen.delete(from);
    fill();
    try { await act('desk/write', { ...at, text, files: await uploaded(user, files) }); } catch (err) {
      toast(command && err.status === 409 ? `${command} という命令はありません。「/tsunagu help」をためしてください。` : `送れませんでした：${err.message}`);
      if (!drafts.has(from) && !chosen.has(from)) { // nothing written meanwhile: it can be tried again
        drafts.set(from, text);
        chosen.set(from, files);
        if (from === where()) fill();
      }
    }
    refresh();
  }

  // ---- home and messages

  function drawTabs() {
    tabs.forEach((t, i) => {
      const on = (i === 0) === atHome;
      t.setAttribute('aria-selected', String(on));
      t.tabIndex = on ? 0 : -1;
    });
    homePanel.hidden = !atHome;
    talk.hidden = atHome;
  }

  /** Opens the home, which tells the app, or the messages. */
  function openTab(toHome) {
    atHome = toHome;
    drawTabs();
    if (toHome) attempt(() => act('desk/home', { user }));
    if (data) { draw(); end(true); }
  }

  function turn(e) {
    if (e.key !== 'ArrowRight' && e.key !== 'ArrowLeft') return;
    e.preventDefault();
    openTab(!atHome);
    tabs[atHome ? 0 : 1].focus();
  }

  // ---- what is unread

  const isReply = (m) => m.thread_ts && m.thread_ts !== m.ts;
  const mine = (m) => m.user === user;
  const lastSeen = (key) => seen.get(`${user} ${key}`) ?? 0;
  const look = (key, ts) => seen.set(`${user} ${key}`, Math.max(lastSeen(key), Number(ts)));

  const mainOf = (c) => c.messages.filter((m) => !isReply(m) || m.broadcast);
  const repliesOf = (c, ts) => c.messages.filter((m) => isReply(m) && m.thread_ts === ts);
  const notesOf = (c, ts) => (data.ephemerals ?? []).filter((m) => m.channel === c.id && (ts ? m.thread_ts === ts : !m.thread_ts || m.thread_ts === m.ts));

  function unread(c) {
    const main = mainOf(c).filter((m) => !mine(m) && channelSeen(m) > lastSeen(c.id));
    const calls = main.filter((m) => m.pings?.some((p) => ['here', 'channel', 'everyone', user].includes(p)));
    const threads = mainOf(c).filter((m) => newReplies(c, m).length > 0).length;
    return { n: main.length, calls: calls.length, threads };
  }

  const newReplies = (c, m) => repliesOf(c, m.ts).filter((r) => !mine(r) && Number(r.ts) > lastSeen(m.ts));

  function markSeen(c) {
    const visible = log.offsetParent !== null && !document.hidden;
    if (!visible || !c) return;
    if (thread) repliesOf(c, thread).forEach((m) => look(thread, m.ts));
    else mainOf(c).forEach((m) => look(c.id, m.ts));
  }

  // ---- drawing

  function draw() {
    const c = data.channels.find((x) => x.id === channel) ?? data.channels.find((x) => unread(x).n > 0) ?? data.channels[0];
    channel = c?.id ?? '';
    if (thread && !c?.messages.some((m) => m.ts === thread)) thread = '';
    drawMessages(c);
    markSeen(c);
    drawHead(c);
    drawChannels();
    field.placeholder = thread ? '例：>> こんにちは。' : `#${c?.name ?? ''} に書く（/tsunagu も）`;
    field.setAttribute('aria-label', thread ? 'スレッドに返信する' : `#${c?.name ?? ''} に書く`);
    home.show(user, data.home ?? null);
    modal.show(data.modals ?? [], user);
    const news = data.channels.reduce((n, x) => { const u = unread(x); return n + u.n + u.threads; }, 0);
    fresh.hidden = !atHome || news === 0;
    onUnread(news);
  }

  let listSign = '';
  function drawChannels() {
    const items = data.channels.map((c) => ({ c, u: unread(c), on: c.id === channel }));
    const sign = JSON.stringify(items.map((i) => [i.c.id, i.c.name, i.u, i.on]));
    if (sign === listSign) return;
    listSign = sign;
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : '';
    list.replaceChildren(h('p', { class: 'team' }, '立川市社協', h('small', null, '見本')), ...items.map(({ c, u, on }) =>
      h('button', { type: 'button', class: `channel ${u.n ? 'unread' : ''}`, 'aria-current': on ? 'page' : null, dataset: { id: c.id }, on: { click: () => go(c.id, '') } },
        c.private ? icon('lock', 14) : h('span', { class: 'hash' }, '#'), h('span', { class: 'channel-name' }, c.name),
        u.calls > 0 ? h('b', { class: 'badge', 'aria-label': `呼び出し ${u.calls} 件` }, String(u.calls))
          : u.n + u.threads > 0 && h('i', { class: 'dot', role: 'img', 'aria-label': '未読' }))));
    if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  let headSign = '';
  function drawHead(c) {
    const sign = JSON.stringify([c?.id, c?.name, thread]);
    if (sign === headSign) return;
    headSign = sign;
    head.replaceChildren(
      thread ? h('button', { type: 'button', class: 'plain back', on: { click: () => go(channel, '') } }, icon('back', 16), `#${c.name}`) : h('h3', null, icon('lock', 14), ` ${c?.name ?? ''}`),
      thread ? h('h3', null, 'スレッド') : h('span', { class: 'soft' }, c?.direct ? 'あなただけに届きます' : `${c?.members.length ?? 0} 人`));
  }

  function drawMessages(c) {
    const here = where();
    const moved = here !== shownWhere;
    if (moved) { shown = []; log.replaceChildren(); shownWhere = here; fill(); }
    let items = [];
    if (c) {
      items = thread ? c.messages.filter((m) => m.ts === thread || (isReply(m) && m.thread_ts === thread)) : mainOf(c);
      items = [...items, ...notesOf(c, thread)].sort((a, b) => (a.ts === thread ? -1 : b.ts === thread ? 1 : Number(a.ts) - Number(b.ts)));
    }
    let day = '', last = '';
    items.forEach((m, i) => {
      const today = dayText(m.at);
      const by = `${m.user} ${m.ephemeral_to ?? ''}`;
      const info = { day: today !== day && today, first: by !== last || today !== day || !thread, fresh: !thread && newReplies(c, m).length, me: user };
      day = today;
      last = by;
      const replies = thread ? [] : repliesOf(c, m.ts).map((r) => [r.ts, r.user]);
      const sign = JSON.stringify([m, info, replies]);
      if (shown[i]?.sign === sign) return;
      const el = row(c, m, info);
      if (shown[i]) shown[i].el.replaceWith(el); else log.append(el);
      shown[i] = { sign, el };
    });
    for (const extra of shown.splice(items.length)) extra.el.remove();
    log.querySelector('.nothing')?.remove();
    if (!items.length) log.append(nothing());
    end(moved);
    drawCaseLine();
  }

  /** What stands in an empty channel: where something has come, if it has. */
  function nothing() {
    const other = data.channels.find((x) => x.id !== channel && unread(x).n > 0);
    return h('p', { class: 'nothing' }, 'まだ何もありません。住民が「職員に伝えて」と言うと、ここに出ます。',
      other && h('button', { type: 'button', class: 'bk-button', on: { click: () => go(other.id, '') } }, `#${other.name} に、新しい知らせがあります`));
  }

  /** Names the case whose buttons are in view while its head is not: which it
   *  is, and who has it. */
  function drawCaseLine() {
    const top = log.getBoundingClientRect().top;
    caseLineOf = [...log.children].find((el) => {
      if (!el.dataset.caseLine) return false;
      const box = el.getBoundingClientRect();
      return box.top < top - 70 && (thread !== '' || box.bottom > top + 60);
    }) ?? null;
    caseLine.hidden = !caseLineOf;
    if (caseLineOf) caseLine.replaceChildren(h('span', null, textNodes({ type: 'mrkdwn', text: caseLineOf.dataset.caseLine }, who)), icon('up', 16));
  }

  /** Follows a link to a message of this workspace inside the page, whether it
   *  stands in a message, in the home or in a form, which it closes. */
  function follows(href) {
    const at = /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/.exec(href);
    if (!at) return false;
    if (!data.channels.some((c) => c.id === at[1])) { toast('そのチャンネルには入っていません。'); return true; }
    if (data.modals?.length) attempt(() => act('desk/cancel', { user, all: true }));
    go(at[1], /[?&]thread_ts=(\d{10}\.\d{6})/.exec(href)?.[1] ?? `${at[2]}.${at[3]}`, true);
    return true;
  }

  function openLink(e) {
    if (follows(e.target.closest?.('a')?.href ?? '')) e.preventDefault();
  }

  /** Remembers that a card's button was pressed in the channel. */
  function began(c, m) {
    doing = thread || m.ephemeral_to || !c ? null : { user, channel: c.id, ts: m.ts, replies: repliesOf(c, m.ts).length, sent: false };
  }

  /** Once the form of a card is sent, what came of it stands in the thread:
   *  among it ten seconds to take a reply back. */
  function openDone() {
    if (!doing?.sent || data.modals?.length) return;
    const { ts, replies } = doing;
    const c = data.channels.find((x) => x.id === doing.channel);
    if (doing.user !== user || channel !== doing.channel || thread) doing = null;
    else if (c && repliesOf(c, ts).length > replies) { doing = null; go(c.id, ts); }
  }

  function row(c, m, info) {
    const author = people().find((p) => p.id === m.user);
    const name = m.username || who(m.user);
    const bot = Boolean(m.bot_id);
    const out = h('article', { class: `msg ${bot ? 'app' : ''} ${m.ephemeral_to ? 'private' : ''} ${info.first ? 'first' : ''}` });
    const wrap = h('div', null, info.day && h('div', { class: 'day' }, h('span', null, info.day)), out);
    if (m.ephemeral_to) out.append(h('p', { class: 'only-you' }, 'あなただけに見えています'));
    const face = h('span', { class: bot ? 'bot-face' : 'staff-face', 'aria-hidden': 'true' }, bot ? 'つ' : initial(name));
    if (!bot && /^[0-9a-f]{6}$/i.test(author?.color ?? '')) face.style.backgroundColor = `#${author.color}`;
    const body = h('div', { class: 'msg-body' },
      info.first && h('div', { class: 'by' }, h('b', null, name), bot && h('span', { class: 'app-mark' }, 'アプリ'), h('time', { datetime: m.at }, timeText(m.at))));
    if (m.tombstone) body.append(h('p', { class: 'soft' }, 'このメッセージは削除されました。'));
    else {
      const press = (e, el) => pressed(m, e, el);
      const blockTools = { ...tools, press, choose: (e, values) => { began(c, m); attempt(() => act('desk/click', { user, channel: m.channel, ts: m.ts, action: e.action_id, choose: values })); } };
      body.append(...(m.blocks?.length ? drawBlocks(m.blocks, blockTools).filter(Boolean) : markup(m.text, who)));
      for (const a of m.attachments ?? []) body.append(h('div', { class: 'attachment' }, a.blocks ? drawBlocks(a.blocks, blockTools).filter(Boolean) : markup(a.text ?? a.fallback ?? '', who)));
      for (const f of m.files ?? []) body.append(fileOf(f));
      if (m.edited) body.append(h('span', { class: 'edited' }, '（編集済み）'));
      if (m.reactions?.length) body.append(h('div', { class: 'reactions' }, m.reactions.map((r) => h('span', null, `:${r.name}: ${r.users.length}`))));
    }
    const menu = shortcutMenu(c, m);
    if (menu) out.append(menu);
    if (!thread && !m.ephemeral_to) body.append(threadLink(c, m, info.fresh));
    if (m.blocks?.[0]?.type === 'header') wrap.dataset.caseLine = (m.text ?? '').replace(/^<![^>]*>\s*/, '');
    out.append(info.first ? face : h('span', { class: 'gutter', 'aria-hidden': 'true' }), body);
    return wrap;
  }

  /** The menu of a message, with what the app offers for it. */
  function shortcutMenu(c, m) {
    const offered = (data.shortcuts ?? []).filter((s) => s.message && s.name);
    if (m.ephemeral_to || m.tombstone || !offered.length) return null;
    const el = h('select', { class: 'msg-menu', 'aria-label': 'このメッセージでできること', title: 'このメッセージでできること' },
      h('option', { value: '' }, '︙'), offered.map((s) => h('option', { value: s.callback_id }, s.name)));
    el.addEventListener('change', () => {
      const shortcut = el.value;
      el.value = '';
      if (!shortcut) return;
      began(c, m);
      attempt(() => act('desk/shortcut', { user, channel: m.channel, ts: m.ts, shortcut }));
    });
    return el;
  }

  function threadLink(c, m, fresh) {
    const replies = repliesOf(c, m.ts);
    const open = () => go(c.id, m.ts, true);
    if (!replies.length) return h('button', { type: 'button', class: 'thread-link none', on: { click: open } }, icon('reply', 15), 'スレッドで話す');
    const faces = [...new Set(replies.map((r) => r.user))].slice(0, 4);
    return h('button', { type: 'button', class: `thread-link ${fresh ? 'fresh' : ''}`, on: { click: open } },
      h('span', { class: 'tiny-faces', 'aria-hidden': 'true' }, faces.map((id) => { const p = people().find((x) => x.id === id); const f = h('i', { class: p?.is_bot ? 'bot-face' : 'staff-face' }, p?.is_bot ? 'つ' : initial(who(id))); if (p && !p.is_bot && /^[0-9a-f]{6}$/i.test(p.color)) f.style.backgroundColor = `#${p.color}`; return f; })),
      `${replies.length} 件の返信`, fresh > 0 && h('b', { class: 'badge' }, `新しい ${fresh}`));
  }

  async function pressed(m, e, el) {
    if (e.url && !follows(e.url)) { toast('ページを開きます：', e.url); }
    if (e.confirm && !confirm(`${e.confirm.title?.text ?? ''}\n${e.confirm.text?.text ?? ''}`)) return;
    began(data.channels.find((x) => x.id === m.channel), m);
    el.disabled = true;
    el.classList.add('busy');
    await attempt(() => act('desk/click', { user, channel: m.channel, ts: m.ts, action: e.action_id, value: e.value ?? '' }));
    el.disabled = false;
    el.classList.remove('busy');
  }

  const fileURL = (id) => `/demo/file?${new URLSearchParams({ id })}`;

  function fileOf(f) {
    if (f.deleted) return h('p', { class: 'soft' }, '（ファイルは消されました）');
    if (f.mimetype?.startsWith('image/')) return h('figure', { class: 'shared' }, picture(fileURL(f.id), f.alt_txt || f.title || f.name), h('figcaption', null, f.title || f.name));
    if (f.mimetype?.startsWith('audio/')) return h('div', { class: 'shared-sound' }, h('audio', { src: fileURL(f.id), controls: true, preload: 'none' }), h('small', null, f.title || f.name));
    if (f.mimetype?.startsWith('video/')) return h('figure', { class: 'shared' }, h('video', { src: fileURL(f.id), controls: true, preload: 'metadata' }), h('figcaption', null, f.title || f.name));
    return h('a', { class: 'shared-file', href: fileURL(f.id), download: f.name }, icon('file', 22), h('span', null, f.title || f.name, h('small', null, sizeText(f.size))));
  }

  function drawFile(id, alt) { return h('figure', { class: 'shared' }, picture(fileURL(id), alt ?? '')); }

  /** Opens a channel, or a thread in it. */
  function go(id, ts, focus) {
    channel = id;
    thread = ts;
    atHome = false;
    drawTabs();
    draw();
    if (focus) field.focus({ preventScroll: true });
  }

  let lastNotice = 0;
  async function load() {
    if (!user) return;
    const asked = user;
    const next = await get('desk', { user: asked });
    if (asked !== user) return;
    data = next;
    const notices = data.notices ?? [];
    if (notices.length > lastNotice && lastNotice >= 0) toast(notices.at(-1).text);
    lastNotice = notices.length;
    draw();
    openDone();
  }
  const refresh = gathered(load);

  return {
    refresh,
    get user() { return user; },
    async show(id) {
      if (user === id) return;
      user = id;
      thread = '';
      data = null;
      lastNotice = -1;
      shownWhere = '';
      listSign = '';
      headSign = '';
      if (atHome) attempt(() => act('desk/home', { user }));
      await load();
    },
    /** Draws again after it became visible, which makes things read. */
    seen: () => { if (data) { draw(); end(true); } },
  };
}
