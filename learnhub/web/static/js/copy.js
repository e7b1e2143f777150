// Buttons that copy a text of the page; without this module the text is selected by hand.
function select(text) {
  const range = document.createRange();
  range.selectNodeContents(text);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(text) {
  select(text);
  // Browsers inside other apps, and pages without TLS, have no clipboard of their own to write to.
  if (navigator.clipboard) await navigator.clipboard.writeText(text.innerText);
  else if (!document.execCommand("copy")) throw new Error("nothing was copied");
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", () => {
    copy(text).then(
      () => { button.textContent = button.dataset.done; },
      () => select(text),
    );
  });
}
