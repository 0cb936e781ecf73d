/* Filters renew the results through htmx (attributes in the page). This keeps opened lists open and says the new count. */
import { say } from './announce.js';

export function startFilters(body) {
  let opened = [];
  body.addEventListener('htmx:beforeSwap', () => {
    opened = [...document.querySelectorAll('[data-aj-filter] details[id][open]')].map((d) => d.id);
  });
  body.addEventListener('htmx:afterSettle', () => {
    for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
  });
  body.addEventListener('htmx:afterSwap', (event) => {
    const count = document.getElementById('aantal');
    if (count && event.detail.target?.id === 'resultaten') say(count.textContent.trim());
  });
}
