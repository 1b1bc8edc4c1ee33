// Small helpers. Text from the run is set as text, never as markup.
export const byId = id => document.getElementById(id);

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function put(id, text) {
  setText(byId(id), text);
}

// make('td', { class: 'number', title: '…' }, 'text' or child, …)
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

// Two buttons and what is shown between them; empty when all fits on one page.
export function pager(box, { offset, limit, count }, go) {
  const last = Math.min(offset + limit, count);
  const key = `${offset}/${limit}/${count}`;
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.step : undefined;
  box.replaceChildren();
  if (count <= limit) return;
  const button = (text, name, step, off) => {
    const b = make('button', { type: 'button', 'aria-label': name, 'data-step': step, disabled: off }, text);
    b.addEventListener('click', () => go(Math.max(0, offset + step * limit)));
    return b;
  };
  box.append(
    button('‹', 'Earlier page', -1, offset === 0),
    make('span', {}, `${(offset + 1).toLocaleString('en')}–${last.toLocaleString('en')} of ${count.toLocaleString('en')}`),
    button('›', 'Later page', 1, last >= count));
  if (focused) box.querySelector(`[data-step="${focused}"]`)?.focus();
}
