// The runs of a study compared: the coordinator composes the page's body, escaped, and it is asked for again and again.
import { call, token } from './api.js';
import { byId, put } from './dom.js';

const interval = 2000;
let shown = '', timer;

async function renew() {
  clearTimeout(timer);
  try {
    const body = await (await call('api/study')).text();
    if (body !== shown) byId('main').innerHTML = shown = body;
    document.title = `${document.querySelector('main h2').textContent} · LoptCluster`;
    document.body.dataset.view = 'live';
    connected('live', 'live');
    byId('sign-out').hidden = !token.value;
  } catch (error) {
    if ([401, 403].includes(error.status)) {
      signIn(error);
      return;
    }
    connected('lost', 'not connected');
  }
  timer = setTimeout(renew, document.hidden ? 10 * interval : interval);
}

function signIn(error) {
  connected('lost', 'not signed in');
  document.body.dataset.view = 'sign-in';
  put('sign-in-error', token.value ? `This token may not read the runs: it takes a reader's or an operator's. ${error.message}` : '');
  token.set(null);
  byId('token').value = '';
  byId('token').focus();
}

function connected(state, words) {
  byId('connection').dataset.state = state;
  byId('connection').lastElementChild.textContent = words;
}

byId('sign-in-form').addEventListener('submit', e => {
  e.preventDefault();
  token.set(byId('token').value.trim());
  renew();
});

byId('sign-out').addEventListener('click', () => {
  token.set(null);
  location.reload();
});

document.addEventListener('visibilitychange', () => { if (!document.hidden && document.body.dataset.view === 'live') renew(); });

renew();
