/* Says a sentence through the one live region of the frame: to a screen reader only, or as a visible warning. */
export function say(text, visible = false) {
  const region = document.getElementById('melding');
  if (!region) return;
  region.className = visible ? 'utrecht-alert utrecht-alert--error' : 'aj-hidden';
  region.textContent = text;
}
