// "Dismiss": the row goes at once, the focus moves to the next one, and from then on the list is watched without it.
async function dismiss(button) {
  const row = button.closest("li");
  const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("[data-dismiss]");
  const answer = await request("/attention/dismiss/", {
    method: "POST",
    headers: { "X-CSRFToken": document.body.dataset.csrf },
    body: new URLSearchParams({ key: button.dataset.dismiss }),
  });
  if (!answer) return;
  const list = document.getElementById("attention");
  list.dataset.topic = (await answer.json()).topic;
  list.dataset.version = "";
  row.remove();
  (next?.isConnected ? next : document.getElementById("main")).focus();
  document.dispatchEvent(new Event("desk:visible"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (button) dismiss(button);
});
