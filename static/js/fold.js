// Leagues that the trader folded show their head alone, on every board, until they are unfolded; with Shift all leagues
// of a sport.
const bar = document.querySelector("[data-folded]");
const setOf = (words) => new Set(words.split(" ").filter(Boolean));
const folded = { league: setOf(bar?.dataset.folded ?? ""), sport: setOf(bar?.dataset.foldedSports ?? "") };
const ADDRESSES = { league: "leagues", sport: "sports" };

/** Fold the leagues of the page that are to be folded; those that come later too. */
function fold() {
  for (const league of document.querySelectorAll(".league")) {
    const isFolded = folded.league.has(league.dataset.league) || folded.sport.has(league.dataset.sport);
    league.toggleAttribute("data-js-folded", isFolded);
    league.querySelector(".league__fold")?.setAttribute("aria-expanded", !isFolded);
  }
}

async function toggle(kind, pk) {
  if (!folded[kind].delete(pk)) folded[kind].add(pk);
  fold();
  await request(`/${ADDRESSES[kind]}/${pk}/fold/`, { method: "POST", headers: { "X-CSRFToken": document.body.dataset.csrf } });
}

/** With Shift the sport; a league of a folded sport is unfolded with it. By start there are no leagues. */
function kindOf(event, league) {
  return event.shiftKey || league.dataset.league === "0" || folded.sport.has(league.dataset.sport) ? "sport" : "league";
}

if (bar) {
  fold();
  document.addEventListener("click", (event) => {
    const league = event.target.closest("[data-fold]")?.closest(".league");
    if (!league) return;
    const kind = kindOf(event, league);
    toggle(kind, league.dataset[kind]);
  });
  document.addEventListener("desk:arranged", fold);
  document.body.addEventListener("htmx:after:swap", (event) => event.target.id === "board" && fold());
}
