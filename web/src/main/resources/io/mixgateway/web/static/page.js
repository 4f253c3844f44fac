// What every page does with script, and does without when there is none: times in the viewer's zone, copy buttons, menus
// that close, parts that renew themselves without losing one's place. Nothing here is needed to read a page or to send a
// form.

const language = document.documentElement.lang;

// No script of these pages keeps anything in the browser. htmx, which runs after this, would note there which page one is on.
const CLOSED = ['localStorage', 'sessionStorage'];
for (const store of CLOSED) {
  Object.defineProperty(window, store, { get() { throw new DOMException(`${store} is not used here`, 'SecurityError'); } });
}

/** In a narrow column the only place for a new line is between the day and the time. */
function unbroken(parts) {
  const between = i => ['hour', 'dayPeriod'].includes(parts[i + 1]?.type) && ['year', 'month', 'day'].includes(parts[i - 1]?.type);
  return parts.map(({ value }, i) => between(i) ? value : value.replace(/\s/g, '\u00a0')).join('');
}

/** Server times are UTC; people live elsewhere. The year is told when it is another than this one. */
function localTimes(root) {
  const thisYear = new Date().getFullYear();
  const format = (time, seconds) => unbroken(new Intl.DateTimeFormat(language, {
    ...(time.getFullYear() === thisYear ? {} : { year: 'numeric' }),
    month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}),
  }).formatToParts(time));
  for (const element of root.querySelectorAll('time[datetime]:not([data-local])')) {
    const time = new Date(element.dateTime);
    if (Number.isNaN(time.getTime())) continue;
    element.dataset.local = '';
    element.title = element.textContent;
    element.textContent = format(time, element.hasAttribute('data-seconds'));
  }
}

function copyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll('button[data-copy][hidden]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const source = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(source.textContent);
      const words = button.textContent;
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 1500);
    });
  }
}

function menus() {
  document.addEventListener('click', event => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });
}

/** A part that renews itself is left alone when nothing is new; else what was open, focused and scrolled to stays so. */
function renewals() {
  const told = new WeakMap();
  let place = null;
  const stops = part => [...part.querySelectorAll('a[href], button, summary, [tabindex]')];
  const wide = part => [...part.querySelectorAll('.table-wrap')];
  document.addEventListener('htmx:beforeSwap', ({ detail }) => {
    const part = detail.target;
    if (told.get(part) === detail.serverResponse) detail.shouldSwap = false;
    told.set(part, detail.serverResponse);
    const all = stops(part);
    const at = all.indexOf(document.activeElement);
    place = {
      at,
      href: all[at]?.getAttribute('href'),
      left: wide(part).map(one => one.scrollLeft),
      open: [...part.querySelectorAll('details[id][open]')].map(one => one.id),
    };
  });
  document.addEventListener('htmx:afterSettle', ({ detail }) => {
    if (!place) return;
    for (const one of detail.target.querySelectorAll('details[id]')) one.open = place.open.includes(one.id);
    wide(detail.target).forEach((one, i) => { one.scrollLeft = place.left[i] ?? 0; });
    const all = stops(detail.target);
    const same = place.href ? all.find(one => one.getAttribute('href') === place.href) : null;
    if (place.at >= 0) (same ?? all[place.at])?.focus({ preventScroll: true });
    place = null;
  });
}

function dress(root) {
  localTimes(root);
  copyButtons(root);
}

menus();
dress(document);
document.addEventListener('htmx:afterSettle', event => dress(event.target));
renewals();
