/* What a term means, shown beside it when the pointer is on it, when it has the focus, or at the first tap; the second tap
   follows the link. Escape and a tap elsewhere close it. Screen readers read the same sentence from the list at the end of
   the page, to which the link refers, so this is for eyes only. */
const MARGIN = 16;
const PAUSE = 150;

let note;
let shown;
let timer;
let byTouch = false;

function place(term) {
  const lines = term.getClientRects();
  const line = lines[lines.length - 1];
  const room = document.documentElement.clientWidth;
  const { width, height } = note.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(line.left, room - width - MARGIN));
  const below = line.bottom + height + MARGIN < innerHeight || line.top < height + MARGIN;
  note.style.left = `${left + scrollX}px`;
  note.style.top = `${(below ? line.bottom + 4 : line.top - height - 4) + scrollY}px`;
}

function part(name, text) {
  const span = document.createElement('span');
  span.className = name;
  span.textContent = text;
  return span;
}

function show(term) {
  const words = document.getElementById(term.getAttribute('aria-describedby'));
  clearTimeout(timer);
  if (!words || shown === term) return;
  const name = words.previousElementSibling.textContent;
  note.replaceChildren(part('aj-note__name', name), part('aj-note__text', words.textContent));
  if (byTouch) note.append(part('aj-note__more', 'Tik nog eens op het woord voor meer.'));
  note.hidden = false;
  shown = term;
  place(term);
}

function hide() {
  clearTimeout(timer);
  note.hidden = true;
  shown = undefined;
}

function later(then) {
  clearTimeout(timer);
  timer = setTimeout(then, PAUSE);
}

const termOf = (event) => event.target.closest?.('.aj-term');

/* The pointer may go from the term onto the note, to read or select what stands there. */
function over(event) {
  if (event.pointerType === 'touch') return;
  const term = termOf(event);
  if (term) later(() => show(term));
  else if (note.contains(event.target)) clearTimeout(timer);
  else if (shown && shown !== document.activeElement) later(hide);
}

function click(event) {
  const term = termOf(event);
  if (!term && shown && !note.contains(event.target)) hide();
  if (!term || !byTouch || shown === term) return;
  event.preventDefault();
  show(term);
}

export function startTerms() {
  if (!document.querySelector('.aj-term')) return;
  note = document.createElement('div');
  note.className = 'aj-note';
  note.hidden = true;
  note.setAttribute('aria-hidden', 'true');
  document.body.append(note);
  document.addEventListener('pointerdown', (event) => (byTouch = event.pointerType === 'touch'), true);
  document.addEventListener('pointerover', over);
  document.addEventListener('click', click);
  document.addEventListener('focusin', (event) => {
    const term = termOf(event);
    if (term && !byTouch) show(term);
    else if (!term) hide();
  });
  document.addEventListener('keydown', (event) => {
    byTouch = false;
    if (event.key === 'Escape' && shown) hide();
  });
  addEventListener('resize', hide);
}
