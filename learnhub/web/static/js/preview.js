// The author's preview: asks once a second whether the folder changed, and if so shows the page anew where it stood.
const seen = document.documentElement.dataset.version;
const place = `preview:${location.pathname}`;

const kept = sessionStorage.getItem(place);
if (kept) {
  sessionStorage.removeItem(place);
  scrollTo(0, Number(kept));
}

async function look() {
  try {
    const answer = await fetch("/version");
    const { version } = await answer.json();
    if (version !== seen) {
      sessionStorage.setItem(place, String(scrollY));
      location.reload();
      return;
    }
  } catch {
    // The command was stopped, or a file vanished while it was read: ask again.
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
