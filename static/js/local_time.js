// Times are sent in UTC; here they are shown in the reader's own zone, or in the one that the preferences name.
const timeZone = document.body.dataset.zone || undefined;
const FORMS = {
  short: { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  exact: { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  full: { year: "numeric", month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", timeZoneName: "short" },
};

function localise(root) {
  for (const element of root.querySelectorAll("time[data-local]")) {
    const text = new Date(element.dateTime).toLocaleString("en-GB", { ...FORMS[element.dataset.local], timeZone });
    if (element.textContent !== text) element.textContent = text;
  }
}

localise(document);
for (const swapped of ["htmx:ws:after:message:incoming", "htmx:after:swap"])
  document.body.addEventListener(swapped, () => localise(document));
