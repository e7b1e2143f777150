// The film at another speed, and the smallest file where data is to be saved. Nothing is counted and nothing sent.
const video = document.querySelector("video[data-film]");
const tools = document.getElementById("film-tools");

if (video && tools) {
  const speed = document.getElementById("film-speed");
  const network = navigator.connection;
  speed.addEventListener("change", () => {
    video.playbackRate = video.defaultPlaybackRate = Number(speed.value);
  });
  speed.parentElement.hidden = false;

  const source = video.querySelector("source");
  const saving = network && (network.saveData || /2g/.test(network.effectiveType));
  if (saving && !("chosen" in tools.dataset) && source.getAttribute("src") !== tools.dataset.small) {
    source.src = tools.dataset.small;
    source.type = tools.dataset.kind;
    video.load();
    tools.querySelector("[data-film-state]").textContent = tools.dataset.saving;
    for (const link of tools.querySelectorAll("a[aria-current]")) link.removeAttribute("aria-current");
  }
}
