// The attempt is handed in: nothing of it stays in this browser's storage.

const { handedIn } = document.querySelector("[data-handed-in]").dataset;
try {
  localStorage.removeItem(`learnhub.quiz.${handedIn}`);
  localStorage.removeItem(`learnhub.quiz.${handedIn}.client`);
} catch {
  // storage is off: there is nothing to remove
}
