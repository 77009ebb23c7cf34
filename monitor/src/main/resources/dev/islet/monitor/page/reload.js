// Asks a service to read its configuration anew. The token is kept in this variable and nowhere
// else: it is gone with the page.

import { el, say } from './dom.js';
import { serviceName } from './format.js';

let token = null;

export function askReload(service) {
  const name = serviceName(service);
  const field = el('input', { type: 'password', id: 'token', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'token-hint' });
  const result = el('p', { class: 'result', role: 'status' });
  const go = el('button', { type: 'submit', class: 'strong' }, 'Reload');
  const close = el('button', { type: 'button', onclick: () => dialog.close() }, 'Close');
  const forget = el('button', {
    type: 'button',
    class: 'plain',
    onclick: () => {
      token = null;
      field.value = '';
      forget.hidden = true;
      say(result, 'The token is forgotten.');
    },
  }, 'Forget token');
  const form = el(
    'form',
    { onsubmit: send },
    el('h2', { id: 'reload-title' }, `Reload ${name}`),
    el('p', {}, `${name} reads its configuration anew: all of it takes effect, or nothing and the old stays.`),
    el('label', { for: 'token' }, 'Admin token of the monitor'),
    field,
    el('p', { class: 'note', id: 'token-hint' }, 'From the file admin.token in the monitor’s data folder. It is kept in memory until this page closes.'),
    result,
    el('div', { class: 'buttons' }, forget, close, go),
  );
  const dialog = el('dialog', { 'aria-labelledby': 'reload-title', onclose: () => dialog.remove() }, form);
  field.value = token ?? '';
  forget.hidden = token == null;
  document.body.append(dialog);
  dialog.showModal();

  async function send(event) {
    event.preventDefault();
    token = field.value.trim();
    if (!token) {
      say(result, 'Give the token first.');
      field.focus();
      return;
    }
    go.disabled = true;
    say(result, 'Asking …');
    try {
      const answer = await fetch(`/api/reload?service=${encodeURIComponent(service)}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}` },
      });
      if (answer.status === 401 || answer.status === 403) token = null;
      say(result, await words(answer));
    } catch {
      say(result, 'The monitor did not answer.');
    } finally {
      go.disabled = false;
      forget.hidden = token == null;
    }
  }
}

async function words(answer) {
  if (answer.status === 401 || answer.status === 403) return 'Refused: this is not the monitor’s token.';
  let said = {};
  try {
    said = await answer.json();
  } catch {
    // no JSON: the status says enough
  }
  if (!answer.ok) return `Not reloaded: ${said.why ?? said.error ?? 'status ' + answer.status}`;
  const changed = said.changed ?? [];
  const later = said.needsRestart ?? [];
  const first = changed.length > 0 ? `Now in force: ${changed.join(', ')}.` : 'Nothing had changed.';
  return later.length > 0 ? `${first} After a restart: ${later.join(', ')}.` : first;
}
