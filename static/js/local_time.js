// Times are sent in UTC; here they are shown in the reader's own zone, or in the one that the preferences name. A busy
// board swaps several times a second and has a thousand times on it, so each is put into words once.
const timeZone = document.body.dataset.zone || undefined;
const FORMS = {
  short: { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  exact: { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  full: { year: "numeric", month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", timeZoneName: "short" },
};
const KEPT_WORDS = 10_000;
const formatOf = (form) => new Intl.DateTimeFormat(document.body.dataset.locale, { ...form, timeZone, hourCycle: "h23" });
const formats = new Map(Object.entries(FORMS).map(([name, form]) => [name, formatOf(form)]));
const words = new Map();

function inWords(form, moment) {
  const key = `${form} ${moment}`;
  let text = words.get(key);
  if (text === undefined) {
    if (words.size >= KEPT_WORDS) words.clear();
    text = formats.get(form).format(new Date(moment));
    words.set(key, text);
  }
  return text;
}

function localise() {
  for (const element of document.querySelectorAll("time[data-local]")) {
    const text = inWords(element.dataset.local, element.dateTime);
    if (element.textContent !== text) element.textContent = text;
  }
}

localise();
document.body.addEventListener("htmx:ws:after:message:incoming", localise);
// A frame swaps each of its parts for the body, and is one message; what the page asked for has a target of its own.
document.body.addEventListener("htmx:after:swap", (event) => event.target !== document.body && localise());
