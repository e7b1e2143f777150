// Remembers where reading stopped, in this browser only: nothing is sent anywhere and no time is counted.

const PREFIX = "learnhub.reading.";

function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return null; // storage is off, full or damaged: reading goes on without it
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // as above
  }
}

function offer(place, words, href, title) {
  const link = document.createElement("a");
  link.className = "act";
  link.href = href;
  link.textContent = words.replace("{title}", title);
  place.append(link);
  place.hidden = false;
}

function followReading(article) {
  const name = article.dataset.reading;
  const headings = [...article.querySelectorAll("h2[id]")];
  const place = document.querySelector("[data-resume]");
  const last = headings.find((heading) => heading.id === recall(name)?.heading);
  if (last && last !== headings[0] && !location.hash) {
    offer(place, place.dataset.resume, `#${last.id}`, last.textContent);
  }
  if (article.dataset.course) {
    keep(article.dataset.course, { href: location.pathname, title: document.querySelector("h1").textContent });
  }
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const reached = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2).pop();
      if (!reached) return;
      keep(name, { heading: reached.id });
      for (const link of document.querySelectorAll(".outline a")) {
        if (link.hash === `#${reached.id}`) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    });
  }, { passive: true });
}

const article = document.querySelector("[data-reading]");
if (article) followReading(article);

for (const place of document.querySelectorAll("[data-course-resume]")) {
  const last = recall(place.dataset.courseResume);
  // Only a path of this site is ever offered, whatever stands in the storage.
  if (last?.href?.startsWith("/courses/")) offer(place, place.dataset.words, last.href, last.title);
}
