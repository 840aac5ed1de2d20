// Slack's markup as nodes. https://docs.slack.dev/messaging/formatting-message-text
import { h, safeURL } from './dom.js';

const emoji = { white_check_mark: '✅', warning: '⚠️', bell: '🔔', rotating_light: '🚨', wave: '👋', pray: '🙏', eyes: '👀', thumbsup: '👍', '+1': '👍', phone: '📞', telephone_receiver: '📞',
  heart: '❤️', speech_balloon: '💬', memo: '📝', lock: '🔒', house: '🏠', sos: '🆘', information_source: 'ℹ️', arrow_right: '➡️', hourglass: '⌛', camera: '📷', paperclip: '📎', x: '❌', question: '❓', tada: '🎉' };

const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const plainOf = (s) => s.replace(/&(amp|lt|gt);/g, (e) => entities[e]);
const withEmoji = (s) => s.replace(/:([a-z0-9_+-]+):/g, (all, name) => emoji[name] ?? all);

/** The text of a text object, as nodes. who(id) names a member or channel. */
export function textNodes(t, who) {
  if (!t) return [];
  if (t.type === 'mrkdwn') return markup(t.text ?? '', who);
  const s = plainOf(t.text ?? '');
  return [t.emoji === false ? s : withEmoji(s)];
}

/** A message's text: paragraphs, quotes and blocks of code. */
export function markup(source, who) {
  const out = [];
  source.split('```').forEach((part, i) => {
    if (i % 2) { out.push(h('pre', null, plainOf(part.replace(/^\n|\n$/g, '')))); return; }
    let quoted = null, open = null;
    const lines = part.split('\n');
    if (i > 0 && lines[0] === '') lines.shift();
    lines.forEach((line) => {
      const quote = /^(&gt;|>) ?/.test(line);
      const box = quote ? (quoted ??= put(h('blockquote'))) : (open ??= put(h('div', { class: 'para' })));
      if (quote) open = null; else quoted = null;
      if (box.childNodes.length) box.append(h('br'));
      box.append(...inline(quote ? line.replace(/^(&gt;|>) ?/, '') : line, who));
    });
  });
  function put(el) { out.push(el); return el; }
  return out;
}

const marks = { '*': 'b', '_': 'i', '~': 's', '`': 'code' };
// A mark opens after a border and closes before one, as in Slack.
const pattern = /<([^<>]+)>|(?<![\p{L}\p{N}])([*_~`])(?=\S)(.+?)(?<=\S)\2(?![\p{L}\p{N}])/gsu;

function inline(text, who) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(pattern)) {
    out.push(withEmoji(plainOf(text.slice(at, m.index))));
    if (m[1] !== undefined) out.push(special(m[1], who));
    else if (m[2] === '`') out.push(h('code', null, plainOf(m[3])));
    else out.push(h(marks[m[2]], null, inline(m[3], who)));
    at = m.index + m[0].length;
  }
  out.push(withEmoji(plainOf(text.slice(at))));
  return out.filter((n) => n !== '');
}

/** What stands in angle brackets. */
function special(inside, who) {
  const [ref, label] = inside.split('|', 2);
  if (ref.startsWith('@')) return h('span', { class: 'mention' }, `@${who(ref.slice(1))}`);
  if (ref.startsWith('#')) return h('span', { class: 'mention' }, `#${plainOf(label || who(ref.slice(1)))}`);
  if (ref.startsWith('!')) return ref.startsWith('!date') ? plainOf(label ?? '') : h('span', { class: 'mention here' }, `@${plainOf(label || ref.slice(1))}`);
  const url = safeURL(plainOf(ref));
  const text = plainOf(label ?? ref);
  return url ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text) : text;
}

/** Rich text, which people's own messages are made of. */
export function richText(block, who) {
  return h('div', { class: 'rich' }, (block.elements ?? []).map((e) => richPart(e, who)));
}

function richPart(e, who) {
  const runs = () => (e.elements ?? []).map((r) => richRun(r, who));
  switch (e.type) {
    case 'rich_text_quote': return h('blockquote', null, runs());
    case 'rich_text_preformatted': return h('pre', null, runs());
    case 'rich_text_list': return h(e.style === 'ordered' ? 'ol' : 'ul', null, (e.elements ?? []).map((item) => h('li', null, richPart(item, who))));
  }
  return h('div', { class: 'para' }, runs());
}

function richRun(r, who) {
  let node;
  switch (r.type) {
    case 'text': node = r.text ?? ''; break;
    case 'link': { const url = safeURL(r.url); node = url ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, r.text || r.url) : (r.text ?? ''); break; }
    case 'user': return h('span', { class: 'mention' }, `@${who(r.user_id)}`);
    case 'channel': return h('span', { class: 'mention' }, `#${who(r.channel_id)}`);
    case 'broadcast': return h('span', { class: 'mention here' }, `@${r.range}`);
    case 'emoji': return emoji[r.name] ?? `:${r.name}:`;
    default: return r.text ?? '';
  }
  for (const [style, tag] of [['bold', 'b'], ['italic', 'i'], ['strike', 's'], ['code', 'code']]) if (r.style?.[style]) node = h(tag, null, node);
  return node;
}
