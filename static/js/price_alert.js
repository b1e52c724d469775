// "Tell me when this passes 2.10": a click on a price, or the key `a` on the one that is marked, opens a small form.
const dialog = document.getElementById("price-alert");
let address = "";

function fill(html) {
  dialog.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  if (!dialog.open) dialog.showModal();
  const amount = dialog.querySelector("[name=amount]");
  amount?.focus();
  amount?.select();
}

async function open(wanted) {
  const answer = await request(wanted);
  if (!answer) return;
  const html = await answer.text();
  address = wanted;
  fill(html); // Only then is it open: an Enter meanwhile would send the form of the price before.
}

async function send(form) {
  const answer = await fetch(address, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (answer?.status === 422) return fill(await answer.text());
  const text = answer?.ok ? (await answer.json()).text : gettext("The desk could not do this.");
  if (answer?.ok) dialog.close();
  document.dispatchEvent(new CustomEvent("desk:message", { detail: text }));
}

document.addEventListener("desk:price-alert", ({ detail }) => open(detail));
dialog.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target);
});
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
