// Refreshes the boxes above a package's form: ages, feed, queue, what a snapshot brought.
const SECONDS = 3

async function refresh(box) {
  if (document.hidden) return
  const answer = await fetch(box.dataset.refresh, { headers: { "X-Requested-With": "fetch" } })
  if (answer.ok && !answer.redirected) box.innerHTML = await answer.text()
}

for (const box of document.querySelectorAll("[data-refresh]")) {
  setInterval(() => refresh(box).catch(() => {}), SECONDS * 1000)
}
