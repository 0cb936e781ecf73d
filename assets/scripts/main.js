/* What the script adds: suggestions while typing, results that renew when a filter changes, and what a term means beside
   it. Without it every form
   and link works as well. */
import htmx from 'htmx.org/dist/htmx.min.js';
import { startSuggestions } from './suggestions.js';
import { startFilters } from './filters.js';
import { startTerms } from './terms.js';
import { say } from './announce.js';

/* The pages refuse inline styles, inline scripts and eval; htmx must not need them. No page is kept in the browser's
   storage: going back asks the server. */
Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollBehavior: 'auto',
  timeout: 10000,
});

startSuggestions(document.getElementById('zoek'), document.getElementById('suggesties'));
startFilters(document.body);
startTerms();

for (const failure of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.body.addEventListener(failure, (event) => {
    if (event.detail.elt.closest('[data-aj-filter]'))
      say('De resultaten ophalen lukt nu niet. Gebruik de knop Toon resultaten.', true);
  });
}
