// The roll, made quicker: everyone present at once, undo, and counts that follow. The form works without any of it.
const form = document.getElementById("roll");
const tools = document.getElementById("roll-tools");

if (form && tools) {
  const undo = document.getElementById("roll-undo");
  const boxes = [...form.querySelectorAll('input[name="here"]')];
  const reasons = [...form.querySelectorAll('.why input[type="radio"]')];
  const steps = [];
  let now = state();

  function state() {
    return [...boxes, ...reasons].map((input) => input.checked);
  }

  function restore(past) {
    [...boxes, ...reasons].forEach((input, place) => {
      input.checked = past[place];
    });
  }

  function show() {
    const here = boxes.filter((box) => box.checked).length;
    document.getElementById("roll-here").textContent = String(here);
    const exempt = boxes.filter((box) => {
      const chosen = box.closest("li").querySelector(".why input:checked");
      return !box.checked && chosen?.value === "exempt";
    }).length;
    document.getElementById("roll-away").textContent = String(boxes.length - here - exempt);
    document.getElementById("roll-exempt").textContent = String(exempt);
    for (const row of form.querySelectorAll(".roll > li")) {
      const chosen = row.querySelector(".why input:checked");
      const out = row.querySelector(".out");
      out.textContent = chosen ? row.querySelector(`label[for="${chosen.id}"]`).textContent : out.dataset.ask;
    }
    undo.disabled = steps.length === 0;
  }

  function step() {
    steps.push(now);
    now = state();
    show();
  }

  form.addEventListener("change", (event) => {
    if (boxes.includes(event.target) || reasons.includes(event.target)) {
      step();
    }
  });
  document.getElementById("roll-all").addEventListener("click", () => {
    for (const box of boxes) {
      box.checked = true;
    }
    step();
  });
  undo.addEventListener("click", () => {
    if (steps.length > 0) {
      now = steps.pop();
      restore(now);
      show();
    }
  });
  // A page gone back to shows what the browser kept of it.
  window.addEventListener("pageshow", () => {
    now = state();
    show();
  });
  tools.hidden = false;
  show();
}
