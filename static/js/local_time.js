// Times are sent in UTC and shown in the reader's own zone, or in the one from the preferences. A busy board is swapped
// several times a second and has a thousand times on it, so each is formatted once.
const timeZone = document.body.dataset.zone || undefined;
const FORMS = {
  short: { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  exact: { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  full: { year: "numeric", month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", timeZoneName: "short" },
};
const MOST_TEXTS = 10_000;
const formatOf = (form) => new Intl.DateTimeFormat(document.body.dataset.locale, { ...form, timeZone, hourCycle: "h23" });
const formats = new Map(Object.entries(FORMS).map(([name, form]) => [name, formatOf(form)]));
const texts = new Map();

function timeText(form, moment) {
  const key = `${form} ${moment}`;
  let text = texts.get(key);
  if (text === undefined) {
    if (texts.size >= MOST_TEXTS) texts.clear();
    text = formats.get(form).format(new Date(moment));
    texts.set(key, text);
  }
  return text;
}

function localise() {
  for (const element of document.querySelectorAll("time[data-local]")) {
    const text = timeText(element.dataset.local, element.dateTime);
    if (element.textContent !== text) element.textContent = text;
  }
}

localise();
document.body.addEventListener("htmx:ws:after:message:incoming", localise);
// A frame is handled above as one message, though it swaps many parts into the body; other swaps have their own target.
document.body.addEventListener("htmx:after:swap", (event) => event.target !== document.body && localise());
