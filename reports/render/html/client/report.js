// Draws the charts, switches the theme and hands out the raw data. A classic script: `Chart` is Chart.js' global.
// Every text stands ready in the data; nothing is formatted here. The shapes are those of view/chart-spec.ts.
;(() => {
  'use strict'

  /** @type {any[]} */
  const specs = JSON.parse(document.getElementById('charts-data').textContent)
  const darkTheme = document.getElementById('dark-theme')
  const charts = new Map()

  // ---- Colours -------------------------------------------------------------------------------------------------

  const isDark = () => darkTheme.media !== 'not all' && matchMedia(darkTheme.media).matches

  /** @param {{ light: string, dark: string }} style */
  const ink = (style) => (isDark() ? style.dark : style.light)

  /** @param {string} name of a CSS custom property */
  const cssColor = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

  // ---- Intervals -----------------------------------------------------------------------------------------------

  /**
   * @typedef {object} Mark an interval in pixels
   * @property {'x' | 'y'} along the axis that `low` and `high` lie on
   * @property {number} at the place on the other axis
   * @property {number} low
   * @property {number} high
   * @property {number} [tick] the value itself, where nothing else shows it
   * @property {number[]} [dash] not as narrow as it was to be
   * @property {string} color
   */

  /**
   * A plugin that draws what each median is worth: a line from the low to the high end of its interval, with caps.
   * @param {'beforeDatasetsDraw' | 'afterDatasetsDraw'} hook below the markers, or above the bars
   * @param {(chart: object) => Mark[]} marksOf
   */
  const intervals = (hook, marksOf) => ({
    id: 'intervals',
    [hook](chart) {
      for (const mark of marksOf(chart)) drawInterval(chart, mark)
    },
  })

  /** @param {Mark} mark */
  function drawInterval({ ctx, chartArea }, { along, at, low, high, tick, dash, color }) {
    const [first, last] =
      along === 'x' ? [chartArea.left, chartArea.right] : [chartArea.top, chartArea.bottom]
    const [from, to] = [low, high].map((pixel) => Math.min(Math.max(pixel, first), last))
    const line = (start, end, aside) => {
      ctx.moveTo(...(along === 'x' ? [start, at - aside] : [at - aside, start]))
      ctx.lineTo(...(along === 'x' ? [end, at + aside] : [at + aside, end]))
    }
    ctx.save()
    ctx.strokeStyle = color
    ctx.lineWidth = 1.5
    ctx.setLineDash(dash ?? [])
    ctx.beginPath()
    line(from, to, 0)
    ctx.stroke()
    ctx.setLineDash([])
    ctx.beginPath()
    line(from, from, 3.5)
    line(to, to, 3.5)
    if (tick !== undefined) line(tick, tick, 7)
    ctx.stroke()
    ctx.restore()
  }

  // ---- Samples -------------------------------------------------------------------------------------------------

  /**
   * @typedef {object} Cloud the samples behind one median, in pixels along one axis
   * @property {'x' | 'y'} along
   * @property {number} at the place on the other axis
   * @property {number} spread how far to either side of it
   * @property {number[]} values
   * @property {number[]} outliers
   * @property {string} color
   */

  /** The golden ratio's fraction: however many there are, neighbours lie far apart. */
  const scatter = (nth, spread) => (((nth * 0.618034) % 1) - 0.5) * 2 * spread

  /**
   * A plugin that draws measured values behind their median, and outliers as rings.
   * @param {(chart: object) => Cloud[]} cloudsOf
   */
  const samples = (cloudsOf) => ({
    id: 'samples',
    beforeDatasetsDraw(chart) {
      for (const cloud of cloudsOf(chart)) drawCloud(chart.ctx, cloud)
    },
  })

  function drawCloud(ctx, { along, at, spread, values, outliers, color }) {
    const dot = (pixel, nth, radius) => {
      const aside = at + scatter(nth, spread)
      ctx.beginPath()
      ctx.arc(along === 'x' ? pixel : aside, along === 'x' ? aside : pixel, radius, 0, 2 * Math.PI)
    }
    ctx.save()
    ctx.fillStyle = color
    ctx.strokeStyle = color
    ctx.globalAlpha = values.length > 40 ? 0.22 : 0.4
    for (const [nth, pixel] of values.entries()) {
      dot(pixel, nth, 1.75)
      ctx.fill()
    }
    ctx.globalAlpha = 0.9
    for (const [nth, pixel] of outliers.entries()) {
      dot(pixel, nth, 2.5)
      ctx.stroke()
    }
    ctx.restore()
  }

  // ---- Axes ----------------------------------------------------------------------------------------------------

  /** @param {{ type: string, min: number, max: number, title: string, ticks: { value: number, label: string }[] }} scale */
  function valueAxis(scale) {
    const labels = new Map(scale.ticks.map(({ value, label }) => [value, label]))
    return {
      type: scale.type,
      min: scale.min,
      max: scale.max,
      title: { display: true, text: scale.title, color: cssColor('--muted') },
      grid: { color: cssColor('--grid') },
      border: { color: cssColor('--line') },
      afterBuildTicks: (axis) => {
        axis.ticks = scale.ticks.map(({ value }) => ({ value }))
      },
      ticks: {
        color: cssColor('--muted'),
        maxRotation: 0,
        autoSkipPadding: 8,
        callback: (value) => labels.get(value) ?? '',
      },
    }
  }

  /** @param {string[][]} labels */
  function rowAxis(labels) {
    return {
      type: 'category',
      labels,
      offset: true,
      grid: { display: false },
      border: { color: cssColor('--line') },
      ticks: { color: cssColor('--text'), autoSkip: false, crossAlign: 'far' },
    }
  }

  function baseOptions(tooltip) {
    return { animation: false, maintainAspectRatio: false, plugins: { legend: { display: false }, tooltip } }
  }

  // ---- The three kinds of chart --------------------------------------------------------------------------------

  function marker(style) {
    const color = ink(style)
    return {
      borderColor: color,
      backgroundColor: color,
      pointStyle: style.point,
      pointRadius: 4.5,
      pointHoverRadius: 6,
      pointBorderColor: color,
      pointBorderWidth: 1.5,
      pointBackgroundColor: style.hollow ? cssColor('--paper') : color,
    }
  }

  function lineConfig(spec) {
    const datasets = spec.series.map(({ name, style, points }) => ({
      label: name,
      data: points,
      parsing: false,
      borderWidth: 1.75,
      borderDash: style.dash,
      ...marker(style),
    }))
    const marksOf = (chart) =>
      spec.series.flatMap(({ style, points }, index) => {
        if (!chart.isDatasetVisible(index)) return []
        const { x, y } = chart.scales
        return points
          .filter(({ low }) => low !== null)
          .map((point) => ({
            along: 'y',
            at: x.getPixelForValue(point.x),
            low: y.getPixelForValue(point.low),
            high: y.getPixelForValue(point.high),
            color: ink(style),
          }))
      })
    const cloudsOf = (chart) =>
      spec.series.flatMap(({ style, points }, index) => {
        if (!chart.isDatasetVisible(index)) return []
        const { x, y } = chart.scales
        const pixels = (values) => values.map((value) => y.getPixelForValue(value))
        return points.map((point) => ({
          along: 'y',
          at: x.getPixelForValue(point.x),
          spread: 4,
          values: pixels(point.samples.values),
          outliers: pixels(point.samples.outliers),
          color: ink(style),
        }))
      })
    const tooltip = {
      callbacks: { title: () => '', label: ({ dataset, raw }) => `${dataset.label}: ${raw.text}` },
    }
    return {
      type: 'line',
      plugins: [samples(cloudsOf), intervals('beforeDatasetsDraw', marksOf)],
      data: { datasets },
      options: {
        ...baseOptions(tooltip),
        scales: { x: { ...valueAxis(spec.x), grid: { display: false } }, y: valueAxis(spec.y) },
      },
    }
  }

  /** A line that values are held against. */
  const reference = (spec) => ({
    id: 'reference',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      if (spec.reference === null) return
      const x = scales.x.getPixelForValue(spec.reference)
      ctx.save()
      ctx.strokeStyle = cssColor('--muted')
      ctx.beginPath()
      ctx.moveTo(x, chartArea.top)
      ctx.lineTo(x, chartArea.bottom)
      ctx.stroke()
      ctx.restore()
    },
  })

  const measuring = document.createElement('canvas').getContext('2d')
  const asideFont = () => `12px ${Chart.defaults.font.family}`

  /** Room to the right of a chart for the words beside its rows. */
  function asideWidth({ dots }) {
    measuring.font = asideFont()
    const widths = dots.map(({ aside }) => measuring.measureText(aside).width)
    const widest = Math.max(0, ...widths)
    return widest === 0 ? 0 : Math.ceil(widest) + 10
  }

  /** The words beside the rows. */
  const asides = (spec) => ({
    id: 'asides',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      ctx.save()
      ctx.font = asideFont()
      ctx.textBaseline = 'middle'
      for (const [y, { aside, unconverged }] of spec.dots.entries()) {
        ctx.fillStyle = cssColor(unconverged ? '--caution' : '--text')
        ctx.fillText(aside, chartArea.right + 8, scales.y.getPixelForValue(y))
      }
      ctx.restore()
    },
  })

  function dotConfig(spec) {
    const styles = spec.dots.map(({ style }) => marker(style))
    const all = (name) => styles.map((style) => style[name])
    const data = spec.dots.map(({ value, low, high, unconverged, text }, index) => ({
      x: value,
      y: index,
      low,
      high,
      unconverged,
      text,
    }))
    const dataset = {
      data,
      parsing: false,
      pointStyle: all('pointStyle'),
      pointRadius: 5,
      pointHoverRadius: 6.5,
      pointBorderWidth: 1.5,
      pointBorderColor: all('pointBorderColor'),
      pointBackgroundColor: all('pointBackgroundColor'),
    }
    const marksOf = ({ scales }) =>
      data
        .filter(({ low }) => low !== null)
        .map(({ y, low, high, unconverged }) => ({
          along: 'x',
          at: scales.y.getPixelForValue(y),
          low: scales.x.getPixelForValue(low),
          high: scales.x.getPixelForValue(high),
          dash: unconverged ? [3, 2] : [],
          color: styles[y].borderColor,
        }))
    const cloudsOf = ({ scales }) =>
      spec.dots.map((dot, y) => {
        const pixels = (values) => values.map((value) => scales.x.getPixelForValue(value))
        return {
          along: 'x',
          at: scales.y.getPixelForValue(y),
          spread: 8,
          values: pixels(dot.samples.values),
          outliers: pixels(dot.samples.outliers),
          color: styles[y].borderColor,
        }
      })
    const tooltip = {
      callbacks: { title: () => '', label: ({ raw }) => `${spec.dots[raw.y].label.join(' ')}: ${raw.text}` },
    }
    return {
      type: 'scatter',
      plugins: [reference(spec), samples(cloudsOf), intervals('beforeDatasetsDraw', marksOf), asides(spec)],
      data: { datasets: [dataset] },
      options: {
        ...baseOptions(tooltip),
        layout: { padding: { right: asideWidth(spec) } },
        scales: { x: valueAxis(spec.value), y: rowAxis(spec.dots.map(({ label }) => label)) },
      },
    }
  }

  function stackConfig(spec) {
    const datasets = spec.parts.map((part) => ({
      label: part.name,
      data: part.values,
      texts: part.texts,
      backgroundColor: ink(part),
      borderColor: cssColor('--paper'),
      borderWidth: { right: 1 },
      borderSkipped: false,
      barPercentage: 0.72,
      categoryPercentage: 1,
    }))
    const marksOf = ({ scales }) =>
      spec.bars.flatMap(({ low, high, total }, index) => {
        if (low === null) return []
        const [from, to, tick] = [low, high, total].map((value) => scales.x.getPixelForValue(value))
        const at = scales.y.getPixelForValue(index)
        return [{ along: 'x', at, low: from, high: to, tick, color: cssColor('--text') }]
      })
    const tooltip = {
      callbacks: {
        title: ([item]) => spec.bars[item.dataIndex].label.join(' '),
        label: ({ dataset, dataIndex }) => `${dataset.label}: ${dataset.texts[dataIndex]}`,
      },
    }
    return {
      type: 'bar',
      plugins: [intervals('afterDatasetsDraw', marksOf)],
      data: { labels: spec.bars.map(({ label }) => label), datasets },
      options: {
        ...baseOptions(tooltip),
        indexAxis: 'y',
        scales: {
          x: { ...valueAxis(spec.value), stacked: true },
          y: { ...rowAxis(spec.bars.map(({ label }) => label)), stacked: true },
        },
      },
    }
  }

  const configs = { line: lineConfig, dots: dotConfig, stack: stackConfig }

  function drawAll() {
    // A page without charts has no Chart.js.
    if (specs.length === 0) return
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily
    Chart.defaults.font.size = 12
    for (const spec of specs) {
      charts.get(spec.id)?.destroy()
      const chart = new Chart(document.getElementById(spec.id), configs[spec.kind](spec))
      charts.set(spec.id, chart)
    }
    for (const button of document.querySelectorAll('.legend button')) applyLegend(button)
  }

  // ---- Legends -------------------------------------------------------------------------------------------------

  function applyLegend(button) {
    const chart = charts.get(button.dataset.chart)
    chart.setDatasetVisibility(Number(button.dataset.series), button.getAttribute('aria-pressed') === 'true')
    chart.update('none')
  }

  for (const button of document.querySelectorAll('.legend button')) {
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'))
      applyLegend(button)
    })
  }

  // ---- Theme ---------------------------------------------------------------------------------------------------

  const themes = [
    { name: 'system', media: darkTheme.media, scheme: 'light dark' },
    { name: 'light', media: 'not all', scheme: 'light' },
    { name: 'dark', media: 'screen', scheme: 'dark' },
  ]
  let theme = 0
  const themeButton = document.getElementById('theme')
  themeButton.hidden = false
  themeButton.addEventListener('click', () => {
    theme = (theme + 1) % themes.length
    const { name, media, scheme } = themes[theme]
    darkTheme.media = media
    document.querySelector('meta[name=color-scheme]').content = scheme
    themeButton.textContent = `Theme: ${name}`
    drawAll()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll)

  // ---- Print: light, and nothing folded away -------------------------------------------------------------------

  const folded = new Set()

  function beforePrint() {
    for (const details of document.querySelectorAll('details:not([open])')) {
      folded.add(details)
      details.open = true
    }
    if (!isDark()) return
    darkTheme.media = 'not all'
    drawAll()
  }

  function afterPrint() {
    for (const details of folded) details.open = false
    folded.clear()
    if (darkTheme.media === themes[theme].media) return
    darkTheme.media = themes[theme].media
    drawAll()
  }

  addEventListener('beforeprint', beforePrint)
  addEventListener('afterprint', afterPrint)

  // ---- Raw data ------------------------------------------------------------------------------------------------

  const formats = {
    'run.json': (text) => new Blob([`${JSON.stringify(JSON.parse(text), null, 2)}\n`]),
    'samples.ndjson': (text) => decompressed(Uint8Array.from(atob(text), (one) => one.charCodeAt(0))),
  }

  /** @param {Uint8Array} bytes that gzip made */
  const decompressed = (bytes) =>
    new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).blob()

  for (const button of document.querySelectorAll('[data-download]')) {
    button.hidden = false
    button.addEventListener('click', () => {
      void save(button.dataset)
    })
  }

  async function save({ download, file }) {
    const content = await formats[file](document.getElementById(download).textContent)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(content)
    link.download = file
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }

  drawAll()
})()
