// Pause, resume, drain: for operators.
import { post } from './api.js';
import { byId, put, setText } from './dom.js';

export class Operate {
  #paused = false;

  constructor() {
    const dialog = byId('drain-dialog');
    byId('pause').addEventListener('click', () => this.#ask(byId('pause'), this.#paused ? 'resume' : 'pause', error => this.#failed(error)));
    byId('drain').addEventListener('click', () => {
      put('drain-error', '');
      dialog.showModal();
    });
    byId('drain-cancel').addEventListener('click', () => dialog.close());
    byId('drain-confirm').addEventListener('click', async () => {
      if (await this.#ask(byId('drain-confirm'), 'drain', error => put('drain-error', error.message))) dialog.close();
    });
  }

  show(status, mayOperate) {
    byId('operator').hidden = !mayOperate;
    this.#paused = status.state === 'paused';
    setText(byId('pause'), this.#paused ? 'Resume' : 'Pause');
    byId('pause').disabled = ['draining', 'finished', 'interrupted'].includes(status.state);
    byId('drain').disabled = ['draining', 'interrupted'].includes(status.state);
  }

  #failed(error) {
    put('operator-error', error.message);
    setTimeout(() => put('operator-error', ''), 15000);
  }

  async #ask(button, command, failed) {
    button.setAttribute('aria-busy', 'true');
    try {
      await post(`api/${command}`);
      return true;
    } catch (error) {
      failed(error);
      return false;
    } finally {
      button.removeAttribute('aria-busy');
    }
  }
}
