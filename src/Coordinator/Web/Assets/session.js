// What every page has: the mark of the connection at the top, and the form that asks for a token.
import { token } from './api.js';
import { byId, put, setText } from './dom.js';

export function connected(state, words) {
  byId('connection').dataset.state = state;
  setText(byId('connection').lastElementChild, words);
}

// The coordinator has refused to show what was asked for.
export function askForToken(error, what) {
  connected('lost', 'not signed in');
  document.body.dataset.view = 'sign-in';
  put('sign-in-error', !token.value ? '' : error.status === 401
    ? 'The coordinator does not know this token. Look for a space too many, or ask whoever runs it.'
    : `This token may not read ${what}: it takes a reader's or an operator's. ${error.message}`);
  token.set(null);
  byId('token').value = '';
  byId('token').focus();
}

// Calls `start` with each token that is given.
export function onSignIn(start) {
  byId('sign-in-form').addEventListener('submit', e => {
    e.preventDefault();
    token.set(byId('token').value.trim());
    put('sign-in-error', '');
    start();
  });
  byId('sign-out').addEventListener('click', () => {
    token.set(null);
    location.reload();
  });
}
