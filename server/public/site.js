// What pages do with script. Without it nothing is missing: what can be copied can be selected, too.
'use strict';

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const said = button.parentElement.querySelector('[role=status]');
    void copy(button.dataset.copy).then((isCopied) => (said.textContent = isCopied ? said.dataset.done : said.dataset.failed));
  });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over http, and where it is not allowed, the older way.
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'unseen';
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    return isCopied;
  }
}
