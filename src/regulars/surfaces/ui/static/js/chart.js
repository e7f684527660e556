// <chart-figure kind="line|bar|stack">: draws the table inside it. The table stays for who reads it.

/** Widths of a name at the end of a line and of one letter of it, and how tall one line of it is. */
const [NAME, LETTER, LINE] = [92, 7, 15];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A name in lines that fit beside a chart, broken between words. */
function broken(name) {
  const lines = [];
  for (const word of name.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && longer.length * LETTER <= NAME) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("\n");
}

/** A token as the browser resolves it for the theme in force. */
function resolved(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found || colour(name);
}

class ChartFigure extends HTMLElement {
  connectedCallback() {
    if (!globalThis.echarts) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.chart = echarts.init(this.querySelector(".canvas"), null, { renderer: "canvas" });
    this.draw(!still);
    this.watch = new ResizeObserver(() => this.chart.resize());
    this.watch.observe(this);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.draw(false));
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    this.chart?.dispose();
  }

  draw(moves) {
    const heads = [...this.querySelectorAll("thead th")].slice(1).map((one) => one.textContent);
    const rows = [...this.querySelectorAll("tbody tr")];
    const valueOf = (row, place) => Number(row.querySelectorAll("td")[place].dataset.value);
    // A series in which nothing happened would lie on the axis and hide the label of another.
    const moved = heads.map((_, place) => place).filter((place) => rows.some((row) => valueOf(row, place)));
    // Of whole things there is no half: an axis of four accounts does not count 0.5, 1, 1.5.
    const whole = rows.every((row) => moved.every((place) => Number.isInteger(valueOf(row, place))));
    const labels = rows.map((row) => row.querySelector("th").textContent);
    const tones = ["--accent", "--spend", "--edge", "--warn"].map(resolved);
    const kind = this.getAttribute("kind") ?? "line";
    const [ink, line] = [resolved("--soft"), resolved("--line")];
    const dashes = ["solid", "dashed", "dotted", "solid"];
    const rtl = document.documentElement.dir === "rtl";
    const named = kind === "line" && moved.length > 1;
    const written = new Intl.NumberFormat(document.documentElement.lang);
    this.chart.setOption({
      animation: moves,
      animationDuration: 150,
      grid: { left: rtl && named ? NAME + 8 : 8, right: named && !rtl ? NAME + 8 : 8, top: 28, bottom: 8, containLabel: true },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      xAxis: { type: "category", data: labels, inverse: rtl, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink }, axisTick: { show: false } },
      yAxis: { type: "value", minInterval: whole ? 1 : 0, position: rtl ? "right" : "left", splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink, formatter: (value) => written.format(value) } },
      series: moved.map((place) => ({
        name: heads[place],
        type: kind === "line" ? "line" : "bar",
        stack: kind === "stack" ? "all" : undefined,
        showSymbol: false,
        barMaxWidth: 28,
        color: tones[place % tones.length],
        lineStyle: { width: 2, type: dashes[place % dashes.length] },
        endLabel: named ? { show: true, width: NAME, lineHeight: LINE, overflow: "break", formatter: broken(heads[place]), color: tones[place % tones.length] } : undefined,
        data: rows.map((row) => valueOf(row, place)),
      })),
    });
    this.name(kind === "line" ? [] : moved.map((place) => [heads[place], tones[place % tones.length]]));
    if (named) this.part(moved, rows, (row, place) => valueOf(row, place), heads);
  }

  /** Which colour is which, where columns stand on or beside each other; the table says it in words. */
  name(series) {
    const key = this.querySelector(".tones") ?? document.createElement("p");
    key.className = "tones small soft";
    key.ariaHidden = "true";
    key.replaceChildren(...(series.length > 1 ? series : []).map(([head, tone]) => {
      const one = document.createElement("span");
      const square = document.createElement("i");
      square.style.background = tone;
      one.append(square, head);
      return one;
    }));
    this.querySelector(".canvas").before(key);
  }

  /** Names of lines that end together are moved apart: each stays beside its end, none on another. */
  part(moved, rows, valueOf, heads) {
    const lines = (place) => broken(heads[place]).split("\n").length;
    const ends = moved.map((place) => {
      const at = this.chart.convertToPixel({ yAxisIndex: 0 }, valueOf(rows.at(-1), place));
      return { place, at, tall: lines(place) * LINE };
    });
    ends.sort((one, other) => one.at - other.at);
    let free = 0;
    for (const one of ends) {
      one.to = Math.max(one.at, free + one.tall / 2);
      free = one.to + one.tall / 2;
    }
    let most = this.chart.getHeight();
    for (const one of ends.toReversed()) {
      one.to = Math.min(one.to, most - one.tall / 2);
      most = one.to - one.tall / 2;
    }
    const moves = new Map(ends.map((one) => [one.place, one.to - one.at]));
    this.chart.setOption({ series: moved.map((place) => ({ endLabel: { offset: [0, moves.get(place)] } })) });
  }
}

customElements.define("chart-figure", ChartFigure);
