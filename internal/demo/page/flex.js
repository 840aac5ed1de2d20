// Draws LINE's Flex Messages from their JSON.
// https://developers.line.biz/en/docs/messaging-api/flex-message-elements/
//
// The number of an action is its place in the walk that the stand-in does, too:
// a component's own action, then header, hero, body, footer, then contents.
import { h } from './dom.js';

const textSizes = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, '3xl': 35, '4xl': 48, '5xl': 74 };
const spaces = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const widths = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };
const corners = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const imageSizes = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, '3xl': 180, '4xl': 200, '5xl': 220 };

const px = (v) => (v === undefined ? '' : typeof v === 'number' ? `${v}px` : /^[\d.]+(px|%)$/.test(v) ? v : '');
const space = (v) => (v in spaces ? `${spaces[v]}px` : px(v));
const color = (v) => (/^#[0-9a-f]{6}([0-9a-f]{2})?$/i.test(v ?? '') ? v : '');
const sides = { start: 'flex-start', end: 'flex-end', center: 'center', 'flex-start': 'flex-start', 'flex-end': 'flex-end',
  'space-between': 'space-between', 'space-around': 'space-around', 'space-evenly': 'space-evenly' };

/** The contents of a Flex message. tap(index, action, element) is called for what is tapped. */
export function drawFlex(contents, tap) {
  const count = { n: 0 };
  if (contents?.type === 'carousel') {
    const items = contents.contents ?? [];
    const row = h('div', { class: 'flex-carousel', role: 'group', tabindex: '0', 'aria-label': `カード ${items.length} 枚（左右に動かせます）` },
      items.map((b, i) => bubble(b, count, tap, `${i + 1} / ${items.length}`)));
    return row;
  }
  return bubble(contents ?? {}, count, tap);
}

function number(node, count, tap) {
  if (!node?.action) return null;
  const index = count.n++;
  return { action: node.action, run: (el) => tap(index, node.action, el) };
}

function bubble(b, count, tap, label) {
  const el = h('div', { class: 'flex-bubble', role: 'group', 'aria-label': label, style: { width: px(widths[b.size] ?? widths.mega) } });
  if (b.direction === 'rtl') el.dir = 'rtl';
  const whole = number(b, count, tap);
  for (const name of ['header', 'hero', 'body', 'footer']) {
    if (!b[name]) continue;
    const style = b.styles?.[name] ?? {};
    const block = h('div', { class: `flex-block flex-${name}`, style: { 'background-color': color(style.backgroundColor) } });
    if (style.separator) block.style.borderTop = `1px solid ${color(style.separatorColor) || '#d8dde3'}`;
    const inner = component(b[name], count, tap, 'vertical');
    if (b[name].type === 'box' && !b[name].paddingAll) block.classList.add('padded');
    block.append(inner);
    el.append(block);
  }
  if (whole) tappable(el, whole);
  return el;
}

function component(c, count, tap, layout) {
  const does = c.type === 'button' ? null : number(c, count, tap);
  let el;
  switch (c.type) {
    case 'box': el = box(c, count, tap); break;
    case 'text': el = text(c); break;
    case 'button': el = button(c, number(c, count, tap)); break;
    case 'separator': el = h('div', { class: 'flex-separator', role: 'separator' }); if (color(c.color)) el.style.backgroundColor = c.color; break;
    case 'filler': el = h('div', { class: 'flex-filler' }); break;
    case 'spacer': el = h('div', { style: { height: space(c.size ?? 'md') } }); break;
    case 'image': case 'icon': case 'video': el = picture(c); break;
    default: el = h('div', { class: 'flex-unknown' }, `［${c.type}］`);
  }
  place(el, c, layout);
  if (does) tappable(el, does);
  return el;
}

/** What every component may say about its place in the box around it. */
function place(el, c, layout) {
  const margin = space(c.margin);
  if (margin) el.style[layout === 'vertical' ? 'marginTop' : 'marginLeft'] = margin;
  if (c.flex !== undefined) el.style.flex = c.flex === 0 ? '0 0 auto' : `${Number(c.flex)} 1 0`;
  else if (layout === 'horizontal' || layout === 'baseline') el.style.flex = c.type === 'icon' ? '0 0 auto' : '1 1 0';
  if (c.position === 'absolute') el.style.position = 'absolute';
  for (const [key, side] of [['offsetTop', 'top'], ['offsetBottom', 'bottom'], ['offsetStart', 'left'], ['offsetEnd', 'right']]) {
    if (c[key]) { if (!el.style.position) el.style.position = 'relative'; el.style[side] = space(c[key]); }
  }
}

function box(c, count, tap) {
  const el = h('div', { class: `flex-box flex-${c.layout ?? 'vertical'}` });
  const s = el.style;
  s.gap = space(c.spacing);
  s.backgroundColor = color(c.backgroundColor);
  for (const [key, prop] of [['paddingAll', 'padding'], ['paddingTop', 'paddingTop'], ['paddingBottom', 'paddingBottom'], ['paddingStart', 'paddingLeft'], ['paddingEnd', 'paddingRight']]) {
    if (c[key]) s[prop] = space(c[key]);
  }
  if (c.cornerRadius) s.borderRadius = c.cornerRadius in corners ? `${corners[c.cornerRadius]}px` : px(c.cornerRadius);
  if (color(c.borderColor)) s.border = `${c.borderWidth === 'none' ? 0 : px(c.borderWidth) || '1px'} solid ${c.borderColor}`;
  for (const key of ['width', 'height', 'maxWidth', 'maxHeight']) if (px(c[key])) s[key] = px(c[key]);
  if (c.justifyContent in sides) s.justifyContent = sides[c.justifyContent];
  if (c.alignItems in sides) s.alignItems = sides[c.alignItems];
  el.append(...(c.contents ?? []).map((child) => component(child, count, tap, c.layout ?? 'vertical')));
  return el;
}

function write(el, c) {
  const s = el.style;
  const size = textSizes[c.size] ?? parseFloat(c.size);
  if (size) s.fontSize = `${size}px`;
  s.color = color(c.color);
  if (c.weight === 'bold') s.fontWeight = '700';
  if (c.style === 'italic') s.fontStyle = 'italic';
  if (c.decoration === 'underline' || c.decoration === 'line-through') s.textDecoration = c.decoration;
}

function text(c) {
  const el = h('div', { class: c.wrap ? 'flex-text wrap' : 'flex-text' });
  write(el, c.size ? c : { ...c, size: 'md' });
  if (c.align) el.style.textAlign = c.align;
  if (c.maxLines > 0 && c.wrap) { el.classList.add('clamped'); el.style.webkitLineClamp = String(c.maxLines); }
  if (c.gravity && c.gravity !== 'top') el.style.alignSelf = c.gravity === 'bottom' ? 'flex-end' : 'center';
  if (c.contents?.length) {
    for (const span of c.contents) {
      const part = h('span', null, span.text ?? '');
      write(part, span);
      el.append(part);
    }
  } else el.textContent = c.text ?? '';
  return el;
}

function button(c, does) {
  const tel = c.action?.type === 'uri' && /^tel:/.test(c.action.uri ?? '');
  const el = h('button', { type: 'button', class: `flex-button ${c.style ?? 'link'} ${c.height === 'sm' ? 'small' : ''}` }, does?.action.label ?? '');
  if (tel) el.classList.add('tel');
  if (color(c.color)) {
    if (!c.style || c.style === 'link') el.style.color = c.color;
    else el.style.backgroundColor = c.color;
  }
  if (does) el.addEventListener('click', () => does.run(el));
  return el;
}

/** Pictures lie on other machines, which the page never asks. */
function picture(c) {
  const size = c.size === 'full' ? '100%' : px(imageSizes[c.size] ?? c.size ?? imageSizes.md);
  const el = h('div', { class: 'flex-picture', role: 'img', 'aria-label': '画像' }, c.type === 'icon' ? '' : '画像');
  el.style.width = c.type === 'icon' ? '1em' : size;
  const [w, hgt] = String(c.aspectRatio ?? '1:1').split(':').map(Number);
  if (w > 0 && hgt > 0) el.style.aspectRatio = `${w} / ${hgt}`;
  if (color(c.backgroundColor)) el.style.backgroundColor = c.backgroundColor;
  return el;
}

function tappable(el, does) {
  el.classList.add('tappable');
  el.tabIndex = 0;
  el.setAttribute('role', 'button');
  el.addEventListener('click', (e) => { if (!e.target.closest('button')) does.run(el); });
  el.addEventListener('keydown', (e) => { if (e.target === el && (e.key === 'Enter' || e.key === ' ')) { e.preventDefault(); does.run(el); } });
}
