// Signs in again without leaving the page: the form of the sign-in page in a dialog. A page asks for it by the event
// "sign-in-needed" and hears "signed-in" with the page that came after it; refusing that event says it is not its own.

const dialog = document.querySelector("dialog[data-sign-in]");
const { address, other } = dialog.dataset;
const place = dialog.querySelector("[data-place]");

async function page(target, options) {
  const response = await fetch(target, { headers: { Accept: "text/html" }, ...options });
  return { response, found: new DOMParser().parseFromString(await response.text(), "text/html") };
}

function show(found) {
  place.replaceChildren(document.adoptNode(found.querySelector(`form[action="${new URL(address, location).pathname}"]`).parentElement));
}

function say(text) {
  const told = document.createElement("p");
  told.className = "notice notice-need";
  told.setAttribute("role", "alert");
  told.textContent = text;
  place.prepend(told);
}

async function ask(reason) {
  if (dialog.open && !reason) return;
  try {
    show((await page(address)).found);
    if (reason) say(reason);
    if (!dialog.open) dialog.showModal();
    place.querySelector("input:not([type=hidden])").focus();
  } catch {
    // without network nobody can sign in: the page says so itself, and asks again
  }
}

document.addEventListener("sign-in-needed", () => ask());

dialog.addEventListener("submit", async (event) => {
  if (event.target.method === "dialog") return;
  event.preventDefault();
  event.submitter.disabled = true;
  try {
    const sent = { method: "POST", body: new URLSearchParams(new FormData(event.target)) };
    const { response, found } = await page(event.target.action, sent);
    if (!response.redirected) {
      show(found); // with what was wrong
      place.querySelector("input:not([type=hidden])").focus();
    } else if (document.dispatchEvent(new CustomEvent("signed-in", { detail: found, cancelable: true }))) {
      dialog.close();
    } else {
      ask(other);
    }
  } catch {
    event.submitter.disabled = false; // the network went away: the same press tries again
  }
});
