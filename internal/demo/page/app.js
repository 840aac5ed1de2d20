// Puts the three parts together.
import { act, gathered, get, listen } from './api.js';
import { calm, h, hue, icon, initial, toast } from './dom.js';
import { makeDesk } from './desk.js';
import { makeMind } from './mind.js';
import { makePhone } from './phone.js';

const $ = (id) => document.getElementById(id);
let town = null, offset = 0, playing = false;
const botSeen = new Map(); // by resident: bubbles of the bot looked at

const mind = makeMind($('mind'));
const phone = makePhone($('phone'));
const desk = makeDesk($('desk'), () => town?.members ?? [], (n) => mark('desk', n > 0));

// ---- tabs, on narrow screens

const parts = ['phone', 'desk', 'mind'];
const wide = matchMedia('(min-width: 1000px)');

function mark(name, on) {
  const tab = $(`tab-${name}`);
  tab.querySelector('.dot').hidden = !on || tab.getAttribute('aria-selected') === 'true';
}

function openTab(name, focus) {
  for (const p of parts) {
    const on = p === name;
    $(`tab-${p}`).setAttribute('aria-selected', String(on));
    $(`tab-${p}`).tabIndex = on ? 0 : -1;
    $(`${p}-part`).classList.toggle('shown', on);
  }
  mark(name, false);
  if (focus) $(`tab-${name}`).focus();
  if (name === 'desk') desk.seen();
  if (name === 'phone') { phone.toEnd(); seen(); }
}

parts.forEach((p, i) => {
  $(`tab-${p}`).addEventListener('click', () => openTab(p));
  $(`tab-${p}`).addEventListener('keydown', (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (step) { e.preventDefault(); openTab(parts[(i + step + parts.length) % parts.length], true); }
  });
});
/** On a wide screen the three are no tabs but regions side by side. */
function roles() {
  for (const p of parts) {
    if (wide.matches) $(`${p}-part`).removeAttribute('role');
    else { $(`${p}-part`).setAttribute('role', 'tabpanel'); }
  }
}
wide.addEventListener('change', () => { roles(); desk.seen(); });
roles();

// ---- residents and staff

const phoneVisible = () => $('phone').offsetParent !== null && !document.hidden;

function seen() {
  const r = town?.residents.find((x) => x.id === phone.resident);
  if (r && phoneVisible()) botSeen.set(r.id, r.bot);
}

async function chooseResident(id) {
  await Promise.all([phone.show(id), mind.show(id)]);
  seen();
  drawFaces();
}

async function chooseStaff(id) {
  await desk.show(id);
  drawStaff();
}

let facesSign = '', staffSign = '';
function drawFaces() {
  const items = town.residents.map((r) => ({ ...r, on: r.id === phone.resident, fresh: r.bot > (botSeen.get(r.id) ?? 0) && r.id !== phone.resident }));
  const sign = JSON.stringify(items.map((r) => [r.id, r.name, r.on, r.fresh, r.blocked]));
  if (sign === facesSign) return;
  facesSign = sign;
  const row = $('faces');
  const focused = row.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  row.replaceChildren(
    h('button', { type: 'button', class: 'face-button new', dataset: { id: 'new' }, title: '新しい住民', 'aria-label': '新しい住民を加える', on: { click: newResident } }, icon('plus', 18)),
    ...items.toReversed().map((r) => h('button', { type: 'button', class: 'face-button', dataset: { id: r.id }, title: r.name, 'aria-pressed': String(r.on), 'aria-label': `${r.name}${r.blocked ? '（ブロック中）' : ''}${r.fresh ? '（新しい返事）' : ''}`, on: { click: () => chooseResident(r.id) } },
      h('span', { class: `face ${hue(r.id)} ${r.blocked ? 'blocked' : ''}` }, initial(r.name)), r.on && h('span', { class: 'face-name' }, r.name), r.fresh && h('i', { class: 'dot' }))));
  row.querySelector('[aria-pressed="true"]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  if (focused) row.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function drawStaff() {
  const sign = JSON.stringify([town.staff.map((m) => m.id), desk.user]);
  if (sign === staffSign) return;
  staffSign = sign;
  $('staff').replaceChildren(...town.staff.map((m) => {
    const name = m.display_name || m.real_name || m.name;
    const full = m.real_name || name; // with the team, where Slack's profile names it
    const face = h('span', { class: 'face' }, initial(name));
    if (/^[0-9a-f]{6}$/i.test(m.color)) face.style.backgroundColor = `#${m.color}`;
    const on = m.id === desk.user;
    return h('button', { type: 'button', class: 'face-button', dataset: { id: m.id }, title: full, 'aria-pressed': String(on), 'aria-label': `${full}（職員）`, on: { click: () => chooseStaff(m.id) } }, face, on && h('span', { class: 'face-name' }, full));
  }));
}

const names = ['花子', '太郎', '真央', '健一', '美咲', '翔', '由美', '大輔', '千夏', '亮'];
async function newResident() {
  try {
    const { id } = await act('resident', { name: names[town.residents.length % names.length], language: 'ja' });
    await readTown();
    await chooseResident(id);
  } catch (err) { toast(`できませんでした：${err.message}`); }
}

// ---- examples

const rest = (ms) => new Promise((done) => setTimeout(done, ms));

async function play(x) {
  if (playing) return;
  playing = true;
  document.body.classList.add('playing');
  for (const b of $('examples').querySelectorAll('button')) b.disabled = true;
  try {
    if (!wide.matches) openTab('phone');
    if (x.clock) await setClock(x.clock);
    const { id } = await act('resident', { name: x.name, language: x.language });
    await readTown();
    await chooseResident(id);
    await rest(calm() ? 200 : 900);
    for (const step of x.steps) {
      if (phone.resident !== id) break; // the visitor went on to somebody else
      if (step.sample) await phone.sendSample(step.sample);
      else await phone.type(step.text, calm() ? 0 : Math.min(45, 1400 / step.text.length));
      await rest(calm() ? 50 : 350);
    }
  } catch (err) { toast(`できませんでした：${err.message}`); } finally {
    playing = false;
    document.body.classList.remove('playing');
    for (const b of $('examples').querySelectorAll('button')) b.disabled = false;
  }
}

function drawExamples() {
  const row = $('examples');
  if (row.childElementCount) return;
  row.append(...town.examples.map((x) => h('button', { type: 'button', class: `example ${x.mark ?? ''}`, dataset: { example: x.id }, on: { click: () => play(x) } }, h('b', null, x.label), h('small', { lang: 'en' }, x.note))));
}

// ---- the town's clock

const clockText = new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', month: 'numeric', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' });
const face = h('time', { class: 'clock-face' });
const moments = [['now', '今'], ['day', '平日 10:00'], ['night', '夜 22:00'], ['sunday', '日曜']];

function drawClock() {
  const box = $('clock');
  if (!box.childElementCount) {
    box.append(face);
    if (town.setClock) box.append(...moments.map(([id, label]) => h('button', { type: 'button', dataset: { to: id }, on: { click: () => setClock(id) } }, label)));
  }
  tick();
}

function tick() {
  if (!town) return;
  const now = new Date(Date.now() + offset);
  face.textContent = clockText.format(now);
  face.dateTime = now.toISOString();
  $('clock').classList.toggle('moved', Math.abs(offset) > 60000);
}
setInterval(tick, 5000);

async function setClock(to) {
  try {
    const { now } = await act('clock', { to });
    offset = new Date(now) - Date.now();
    tick();
  } catch (err) { toast(`時計を動かせませんでした：${err.message}`); }
}

// ---- reading

async function readTown() {
  town = await get('town');
  offset = new Date(town.now) - Date.now();
  if (Math.abs(offset) < 3000) offset = 0;
  seen();
  drawClock();
  drawExamples();
  drawFaces();
  drawStaff();
  mind.setExplains(town.explains);
  mark('phone', town.residents.some((r) => r.bot > (botSeen.get(r.id) ?? 0)));
  $('foot').replaceChildren(
    h('span', null, `LINE 返信 ${town.replies} · プッシュ ${town.pushes}`), h('span', null, `Slack 投稿 ${town.posts}`),
    h('span', { class: town.refused ? 'bad' : '' }, `LINE と Slack の規則からの外れ ${town.refused}`), h('span', { class: 'soft' }, '住民も職員も、つくりものです。'));
}
const townLater = gathered(readTown, 120);

let started = false;
async function start() {
  await readTown();
  if (!started) {
    started = true;
    for (const r of town.residents) botSeen.set(r.id, r.bot);
    if (town.staff.length) await chooseStaff(town.staff[0].id);
    const last = town.residents.at(-1);
    await chooseResident(last?.id ?? '');
    document.body.classList.add('ready');
    return;
  }
  phone.refresh();
  desk.refresh();
  mind.refresh();
}

listen((change) => {
  townLater();
  if (change.from === 'line' && (!change.chat || change.chat === phone.resident)) phone.refresh();
  if (change.from === 'slack') desk.refresh();
  if (change.from === 'mind') { mind.refresh(); if (!wide.matches) mark('mind', true); }
}, () => { document.body.classList.remove('lost'); start().catch((err) => toast(err.message)); }, () => document.body.classList.add('lost'));

document.addEventListener('visibilitychange', () => { if (!document.hidden && started) start().catch(() => {}); });
