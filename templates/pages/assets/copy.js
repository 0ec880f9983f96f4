// Puts what a page offers to copy on the clipboard. Without it the text is selected and copied by hand.
for (const button of document.querySelectorAll('button[data-copy]')) {
  const source = document.getElementById(button.dataset.copy);
  const status = document.getElementById(`${button.dataset.copy}-copied`);
  if (!source) continue;
  button.hidden = false;
  const select = () => {
    if (source.select) return source.select();
    getSelection().selectAllChildren(source);
  };
  source.addEventListener('focus', select);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
    } catch {
      // Not given over plain HTTP; the old way is.
      select();
      document.execCommand('copy');
    }
    if (status) status.textContent = button.dataset.copied;
  });
}
