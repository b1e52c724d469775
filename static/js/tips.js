// A price's opening, previous and present value, and how it went, while it is pointed at or its row has the focus.
const tip = document.getElementById("tip");
const NAMES = ["", "Opened", "Before", "Now", "Decimal"];

function line(list, name, value) {
  const term = document.createElement("dt");
  const told = document.createElement("dd");
  term.textContent = name;
  told.textContent = value;
  list.append(term, told);
}

function fill(cell) {
  const [provider, ...values] = cell.dataset.tip.split("|");
  const note = values.pop();
  const title = document.createElement("strong");
  title.textContent = provider;
  const list = document.createElement("dl");
  values.forEach((value, place) => value && line(list, NAMES[place + 1], value));
  tip.replaceChildren(title, list);
  if (note) tip.append(note);
  if (cell.dataset.history) {
    const path = new Image();
    path.alt = "";
    path.src = cell.dataset.history.replace("/history/", "/spark.svg");
    tip.append(path);
  }
}

function show(cell) {
  fill(cell);
  tip.hidden = false;
  const place = cell.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const below = place.bottom + size.height + 8 < innerHeight;
  tip.style.left = `${Math.max(4, Math.min(place.left, innerWidth - size.width - 8))}px`;
  tip.style.top = `${below ? place.bottom + 4 : place.top - size.height - 4}px`;
}

function hide() {
  tip.hidden = true;
}

const main = document.getElementById("main");
main.addEventListener("pointerover", (event) => {
  const cell = event.target.closest("[data-tip]");
  if (cell) show(cell);
  else hide();
});
main.addEventListener("pointerleave", hide);
main.addEventListener("focusin", (event) => {
  const row = event.target.closest("th[scope=row]")?.parentElement;
  const cell = row?.querySelector(".px--best[data-tip]") ?? row?.querySelector("[data-tip]");
  if (cell) show(cell);
});
main.addEventListener("focusout", hide);
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("scroll", hide, { passive: true, capture: true });
