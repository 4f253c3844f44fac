// Draws the figures of the table #steps as bars. The table is what is read without script, and by screen readers. Steps of
// a day are days in UTC, and are labelled so.

const charts = [];
// Steps of an axis that counts.
const WHOLE = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map(n => n * 10 ** power)).flat();
const HEIGHT = 190;
const language = document.documentElement.lang;

/** How wide a chart may be in its place, whose padding is not its own. */
function room(place) {
  const { paddingLeft, paddingRight } = getComputedStyle(place);
  return place.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
}

function colour(name) {
  // Resolves light-dark(), which a canvas does not know.
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

function draw() {
  charts.splice(0).forEach(chart => chart.destroy());
  const rows = [...document.querySelectorAll('#steps tbody tr')];
  if (!rows.length || typeof uPlot === 'undefined') return;
  const at = rows.map(row => Number(row.dataset.at));
  const step = at.length > 1 ? at[1] - at[0] : 3600;
  const byDay = step >= 86400;
  const zone = byDay ? { timeZone: 'UTC' } : {};
  const day = new Intl.DateTimeFormat(language, { month: 'numeric', day: 'numeric', ...zone });
  const hour = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hour12: false });
  for (const place of document.querySelectorAll('[data-chart]')) {
    const values = rows.map(row => Number(row.dataset[place.dataset.chart]));
    const ink = colour('--quiet');
    const line = colour('--line');
    const fill = colour(place.dataset.color);
    const unit = place.dataset.unit;
    const figure = new Intl.NumberFormat(language, unit
      ? { style: 'currency', currency: unit, currencyDisplay: 'narrowSymbol', maximumSignificantDigits: 4, signDisplay: 'negative' }
      : { maximumFractionDigits: 0, signDisplay: 'negative' });
    const font = '12px ' + getComputedStyle(document.body).fontFamily;
    const chart = new uPlot({
      width: room(place),
      height: HEIGHT,
      padding: [12, 18, 0, 4],
      legend: { show: false },
      tzDate: at => byDay ? uPlot.tzDate(new Date(at * 1000), 'Etc/UTC') : new Date(at * 1000),
      cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
      scales: { x: { time: true, range: (_, low, high) => [low, high + step] }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
      axes: [
        { stroke: ink, font, size: 30, grid: { show: false }, ticks: { stroke: line, size: 4 },
          values: (_, splits) => splits.map(t => (!byDay && splits.length > 1 && splits[1] - splits[0] < 86400 ? hour : day).format(t * 1000)) },
        { stroke: ink, font, size: 64, ...(unit ? {} : { incrs: WHOLE }), grid: { stroke: line, width: 1 }, ticks: { show: false },
          values: (_, splits) => splits.map(v => unit || Number.isInteger(v) ? figure.format(v) : '') },
      ],
      series: [{}, { stroke: fill, fill, width: 0, paths: uPlot.paths.bars({ size: [0.7, 40], align: 1 }), points: { show: false } }],
      hooks: {
        init: [self => {
          const tip = document.createElement('div');
          tip.className = 'chart-tip';
          tip.hidden = true;
          self.over.append(tip);
          self.tip = tip;
        }],
        setCursor: [self => {
          const i = self.cursor.idx;
          self.tip.hidden = i == null;
          if (i == null) return;
          const when = new Intl.DateTimeFormat(language, byDay ? { dateStyle: 'medium', ...zone } : { dateStyle: 'short', timeStyle: 'short' });
          self.tip.textContent = `${when.format(at[i] * 1000)}${byDay ? ' (UTC)' : ''}: ${figure.format(values[i])}`;
          const left = Math.min(self.valToPos(at[i], 'x'), self.over.clientWidth - self.tip.offsetWidth - 4);
          self.tip.style.left = `${Math.max(0, left)}px`;
        }],
      },
    }, [at, values], place);
    charts.push(chart);
  }
}

addEventListener('load', draw);
addEventListener('resize', () => charts.forEach(chart => chart.setSize({ width: room(chart.root.parentElement), height: HEIGHT })));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
document.addEventListener('htmx:afterSettle', draw);
