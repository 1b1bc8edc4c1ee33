// Before anything is painted: the colours that were chosen on this machine. Not a module, so that it does not wait for the page.
(() => {
  const key = 'lopt-theme';
  const choices = ['system', 'light', 'dark'];
  const names = { system: 'as the system', light: 'light', dark: 'dark' };
  const root = document.documentElement;
  let choice = choices.includes(localStorage.getItem(key)) ? localStorage.getItem(key) : 'system';

  const apply = () => {
    if (choice === 'system') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', choice);
    document.dispatchEvent(new Event('themechange'));
  };

  const label = button => {
    button.setAttribute('aria-label', `Colours: ${names[choice]}`);
    button.title = `Colours: ${names[choice]}`;
  };

  apply();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => document.dispatchEvent(new Event('themechange')));
  addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    label(button);
    button.addEventListener('click', () => {
      choice = choices[(choices.indexOf(choice) + 1) % choices.length];
      localStorage.setItem(key, choice);
      apply();
      label(button);
    });
  });
})();
