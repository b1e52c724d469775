// Leagues that the trader folded show their head alone, on every board, until they are unfolded.
const bar = document.querySelector("[data-folded]");
const folded = new Set(bar?.dataset.folded.split(" ").filter(Boolean));

/** Fold the leagues of the page that are to be folded; those that come later too. */
function fold() {
  for (const league of document.querySelectorAll(".league")) {
    const isFolded = folded.has(league.dataset.league);
    league.toggleAttribute("data-js-folded", isFolded);
    league.querySelector(".league__fold")?.setAttribute("aria-expanded", !isFolded);
  }
}

async function toggle(pk) {
  if (!folded.delete(pk)) folded.add(pk);
  fold();
  await request(`/leagues/${pk}/fold/`, { method: "POST", headers: { "X-CSRFToken": document.body.dataset.csrf } });
}

if (bar) {
  fold();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold]");
    if (button) toggle(button.dataset.fold);
  });
  document.addEventListener("desk:arranged", fold);
  document.body.addEventListener("htmx:after:swap", (event) => event.target.id === "board" && fold());
}
