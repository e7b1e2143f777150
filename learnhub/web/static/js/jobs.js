/* A job's page renews its own middle while the job is under way. */
const middle = () => document.getElementById("job");

async function look() {
  const seconds = Number(middle().dataset.poll);
  if (!seconds) return;
  await new Promise((resume) => setTimeout(resume, seconds * 1000));
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-By": "script" } });
    const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("job");
    if (page) middle().replaceWith(page);
  } catch {
    // No network: what stands here stays, and the next look may succeed.
  }
  look();
}

look();
