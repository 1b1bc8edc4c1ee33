// The runs of a study compared: the coordinator composes the page's body, escaped, and it is asked for again and again.
import { call, token } from './api.js';
import { byId } from './dom.js';
import { askForToken, connected, onSignIn } from './session.js';

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
      askForToken(error, 'the runs');
      return;
    }
    connected('lost', 'not connected');
  }
  timer = setTimeout(renew, document.hidden ? 10 * interval : interval);
}

onSignIn(renew);

document.addEventListener('visibilitychange', () => { if (!document.hidden && document.body.dataset.view === 'live') renew(); });

renew();
