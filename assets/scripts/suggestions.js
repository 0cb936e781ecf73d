/* Keyboard behaviour of the search box with suggestions (ARIA combobox with a listbox). htmx fetches the list, whose
   options are links. The roles are set here: without script the box is a plain search field. */
import { say } from './announce.js';

export function startSuggestions(input, panel) {
  if (!input || !panel) return;
  let current = -1;
  const options = () => [...panel.querySelectorAll('[role=option]')];

  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', panel.id);
  input.setAttribute('aria-expanded', 'false');

  function mark(index) {
    const list = options();
    current = index;
    list.forEach((option, i) => option.setAttribute('aria-selected', String(i === index)));
    if (list[index]) {
      input.setAttribute('aria-activedescendant', list[index].id);
      list[index].scrollIntoView({ block: 'nearest' });
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }

  function close() {
    panel.replaceChildren();
    input.setAttribute('aria-expanded', 'false');
    mark(-1);
  }

  function opened() {
    if (document.activeElement !== input || input.value.trim() === '') return close();
    const count = options().length;
    input.setAttribute('aria-expanded', String(count > 0));
    mark(-1);
    say(count === 0 ? 'Geen suggesties' : count === 1 ? '1 suggestie' : `${count} suggesties`);
  }

  function move(step) {
    const count = options().length;
    if (count === 0) return;
    const next = current + step;
    mark(next >= count ? -1 : next < -1 ? count - 1 : next); /* -1: back in the box */
  }

  panel.addEventListener('htmx:afterSwap', opened);
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (options().length === 0) return;
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && options()[current]) {
      event.preventDefault();
      options()[current].click();
    } else if (event.key === 'Escape' && options().length > 0) {
      event.preventDefault(); /* else the browser empties the field as well */
      close();
    } else if (event.key === 'Tab') {
      close();
    }
  });
  panel.addEventListener('mousedown', (event) => event.preventDefault()); /* keep the focus in the box */
  input.addEventListener('blur', close);
  input.form?.addEventListener('submit', close);
}
