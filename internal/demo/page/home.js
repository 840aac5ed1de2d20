// The app's home tab, as one staff person sees it. https://docs.slack.dev/surfaces/app-home
import { h } from './dom.js';
import { drawBlocks } from './blocks.js';

/** Draws the home into a panel. tools are those of blocks. */
export function makeHome(panel, tools) {
  let sign = '';
  return {
    /** Shows the view as published for a user; null while there is none. */
    show(user, view) {
      const next = JSON.stringify([user, view?.blocks]);
      if (next === sign) return;
      sign = next;
      const inside = () => [...panel.querySelectorAll('button, a, select, input')];
      const focused = inside().indexOf(document.activeElement);
      panel.replaceChildren(...(view ? drawBlocks(view.blocks, tools).filter(Boolean) : [h('p', { class: 'nothing', role: 'status' }, 'ホームを用意しています…')]));
      if (focused >= 0) (inside()[focused] ?? panel).focus({ preventScroll: true });
    },
  };
}
