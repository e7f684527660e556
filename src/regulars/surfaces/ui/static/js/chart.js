// <chart-figure kind="line|bar|stack">: draws the table inside it. The table stays for who reads it.
// A head with `data-of` says the same of the time before as the series of that place: it is drawn in
// its colour, but hollow (columns) or thin with rings (lines), so not by colour alone.

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
    const columns = [...this.querySelectorAll("thead th")].slice(1);
    const heads = columns.map((one) => one.textContent);
    const ofWhich = (place) => Number(columns[place].dataset.of ?? place);
    const before = (place) => columns[place].dataset.of !== undefined;
    const rows = [...this.querySelectorAll("tbody tr")];
    const valueOf = (row, place) => {
      const { value } = row.querySelectorAll("td")[place].dataset;
      return value === "" ? null : Number(value);
    };
    // A series in which nothing happened would lie on the axis and hide the label of another.
    const moved = heads.map((_, place) => place).filter((place) => rows.some((row) => valueOf(row, place)));
    // Of whole things there is no half: an axis of four accounts does not count 0.5, 1, 1.5.
    const whole = rows.every((row) => moved.every((place) => Number.isInteger(valueOf(row, place) ?? 0)));
    const labels = rows.map((row) => row.querySelector("th").textContent);
    const tones = ["--accent", "--spend", "--edge", "--warn"].map(resolved);
    const toneOf = (place) => tones[ofWhich(place) % tones.length];
    const kind = this.getAttribute("kind") ?? "line";
    const [ink, line] = [resolved("--soft"), resolved("--line")];
    const dashes = ["solid", "dashed", "dotted", "solid"];
    const rtl = document.documentElement.dir === "rtl";
    const beside = moved.some(before);
    const named = kind === "line" && moved.length > 1 && !beside;
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
        stack: kind === "stack" ? (before(place) ? "before" : "all") : undefined,
        showSymbol: before(place),
        symbol: "emptyCircle",
        symbolSize: 5,
        z: before(place) ? 1 : 2,
        barMaxWidth: 28,
        barGap: "10%",
        color: toneOf(place),
        itemStyle: before(place) && kind !== "line" ? { color: "transparent", borderColor: toneOf(place), borderWidth: 1.5, borderType: "dashed" } : undefined,
        lineStyle: { width: before(place) ? 1 : 2, type: dashes[ofWhich(place) % dashes.length] },
        endLabel: named ? { show: true, width: NAME, lineHeight: LINE, overflow: "break", formatter: broken(heads[place]), color: toneOf(place) } : undefined,
        data: rows.map((row) => valueOf(row, place)),
      })),
    });
    const kept = kind !== "line" || beside ? moved : [];
    this.name(kept.map((place) => ({ head: heads[place], tone: toneOf(place), before: before(place), dash: kind === "line" ? dashes[ofWhich(place) % dashes.length] : "" })));
    if (named) this.part(moved, rows, (row, place) => valueOf(row, place), heads);
  }

  /** Which colour is which, where columns stand on or beside each other; the table says it in words. */
  name(series) {
    const key = this.querySelector(".tones") ?? document.createElement("p");
    key.className = "tones small soft";
    key.ariaHidden = "true";
    key.replaceChildren(...(series.length > 1 ? series : []).map(({ head, tone, before, dash }) => {
      const one = document.createElement("span");
      const sign = document.createElement("i");
      sign.style.color = tone;
      sign.classList.toggle("hollow", before);
      if (dash) sign.classList.add("line", dash);
      one.append(sign, head);
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
    // Below the axis are its labels: a name that was pushed down there would lie on the last of them.
    const [least] = this.chart.getModel().getComponent("yAxis").axis.scale.getExtent();
    let most = this.chart.convertToPixel({ yAxisIndex: 0 }, least) + LINE / 2;
    for (const one of ends.toReversed()) {
      one.to = Math.min(one.to, most - one.tall / 2);
      most = one.to - one.tall / 2;
    }
    const moves = new Map(ends.map((one) => [one.place, one.to - one.at]));
    this.chart.setOption({ series: moved.map((place) => ({ endLabel: { offset: [0, moves.get(place)] } })) });
  }
}

customElements.define("chart-figure", ChartFigure);
