// Draws the charts of a page with ECharts from the JSON beside them; the numbers also stand in a table below each.
"use strict";

const PALETTE = ["#3d46a0", "#e0952b", "#3f8f6f", "#8a90c9", "#b0503f", "#5b9bb5", "#8a6bb0", "#9a9fb5"];
const SOFT = "#555a74";
const LINE = "#e2e4ee";
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function fontOf(element) {
  return window.getComputedStyle(element).fontFamily;
}

const number = (value) => (typeof value === "number" ? value.toLocaleString("en-US") : value);

// Rich text instead of HTML: a tooltip of HTML needs inline styles, which the site forbids itself.
function tooltip(extra) {
  return {
    renderMode: "richText",
    confine: true,
    borderWidth: 0,
    backgroundColor: "#171a38",
    textStyle: { color: "#fff", fontSize: 12 },
    valueFormatter: number,
    ...extra,
  };
}

function legend(shown) {
  return {
    show: shown,
    top: 0,
    left: 0,
    icon: "roundRect",
    itemWidth: 12,
    itemHeight: 8,
    itemGap: 16,
    type: "scroll",
    textStyle: { color: SOFT, fontSize: 12 },
  };
}

function axes(data) {
  const names = {
    type: "category",
    data: data.labels,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: "#c9ccdd" } },
    axisLabel: { color: SOFT, hideOverlap: true, width: data.across ? 150 : 90, overflow: "truncate" },
    inverse: Boolean(data.across),
  };
  const values = {
    type: "value",
    minInterval: data.whole ? 1 : undefined,
    axisLabel: { color: SOFT, formatter: number },
    splitLine: { lineStyle: { color: LINE } },
  };
  return data.across ? { xAxis: values, yAxis: names } : { xAxis: names, yAxis: values };
}

function onAxes(data, seriesOf) {
  const many = data.series.length > 1;
  return {
    ...axes(data),
    legend: legend(many),
    grid: { left: 4, right: data.across ? 44 : 16, top: many ? 40 : 14, bottom: 4, containLabel: true },
    tooltip: tooltip({ trigger: "axis", axisPointer: { type: data.type === "line" ? "line" : "shadow" } }),
    series: data.series.map(seriesOf),
  };
}

const line = (data) =>
  onAxes(data, (series, at) => ({
    type: "line",
    name: series.name,
    data: series.data,
    step: data.steps ? "end" : false,
    symbolSize: 6,
    showSymbol: series.data.length < 25,
    connectNulls: false,
    lineStyle: { width: 2, type: series.planned ? "dashed" : "solid" },
    areaStyle: data.series.length === 1 ? { opacity: 0.08 } : undefined,
    z: 10 - at,
  }));

const bar = (data) =>
  onAxes(data, (series) => ({
    type: "bar",
    name: series.name,
    data: series.data,
    stack: data.type === "stacked" ? "all" : undefined,
    barMaxWidth: 26,
    itemStyle: { borderRadius: data.type === "stacked" ? 0 : data.across ? [0, 3, 3, 0] : [3, 3, 0, 0] },
    label: {
      show: data.type === "bar" && data.series.length === 1 && series.data.length <= 12,
      position: data.across ? "right" : "top",
      color: SOFT,
      fontSize: 12,
      formatter: ({ value }) => number(value),
    },
  }));

const donut = (data) => ({
  legend: { ...legend(true), orient: "vertical", top: "middle", left: "56%" },
  tooltip: tooltip({ trigger: "item" }),
  series: [
    {
      type: "pie",
      radius: ["52%", "82%"],
      center: ["28%", "50%"],
      data: data.labels.map((name, at) => ({ name, value: data.series[0].data[at] })),
      itemStyle: { borderColor: "#fff", borderWidth: 2 },
      label: { show: false },
    },
  ],
});

// The centre in the middle, the others around it: a small graph is read at a glance and looks the same each time.
function graphNode(node, at, all) {
  const others = all.filter((other) => !other.centre);
  const turn = (2 * Math.PI * others.indexOf(node)) / Math.max(others.length, 1) - (3 * Math.PI) / 4;
  const far = others.length > 8 && others.indexOf(node) % 2 ? 0.62 : 1;
  return {
    id: node.id,
    name: node.name,
    url: node.url,
    value: node.at || (node.centre ? [0, 0] : [far * Math.cos(turn), far * Math.sin(turn)]),
    symbolSize: node.centre ? 44 : node.core ? 34 : node.at ? 14 : 26,
    itemStyle: { color: node.centre ? "#3d46a0" : PALETTE[node.group || 3], borderColor: "#fff", borderWidth: 2 },
    label: { color: "#1c1f33", fontWeight: node.centre ? "bold" : "normal" },
    cursor: node.url ? "pointer" : "default",
  };
}

const unseen = { type: "value", show: false, min: -1, max: 1 };

const graph = (data) => ({
  tooltip: tooltip({ trigger: "item", formatter: ({ dataType, data: item }) => (dataType === "node" ? item.name : item.text) }),
  xAxis: unseen,
  yAxis: { ...unseen, inverse: true },
  grid: { left: 70, right: 70, top: 26, bottom: 46 },
  series: [
    {
      type: "graph",
      coordinateSystem: "cartesian2d",
      label: { show: true, position: "bottom", fontSize: 12, width: 150, overflow: "truncate" },
      edgeSymbol: ["none", "arrow"],
      edgeSymbolSize: [0, 8],
      edgeLabel: { show: true, fontSize: 11, color: SOFT, formatter: ({ data: link }) => link.text || "" },
      lineStyle: { color: "#aab0dc", width: 1.5, opacity: 1 },
      data: data.nodes.map(graphNode),
      links: data.links.map(({ source, target, label }) => ({ source, target, text: label })),
    },
  ],
});

const KINDS = { line, bar, stacked: bar, donut, graph };

function drawChart(place) {
  const source = document.getElementById(`${place.dataset.chart}-data`);
  const data = JSON.parse(source.textContent);
  place.classList.add("chart-drawn");
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  chart.setOption({
    color: PALETTE,
    animation: !calm,
    animationDuration: 300,
    textStyle: { fontFamily: fontOf(place) },
    ...KINDS[data.type](data),
  });
  if (data.type === "graph") {
    chart.on("click", ({ data: node }) => node.url && window.location.assign(node.url));
  }
  new ResizeObserver(() => chart.resize()).observe(place);
}

const drawAll = (root) => root.querySelectorAll("[data-chart]:not(.chart-drawn)").forEach(drawChart);

document.addEventListener("DOMContentLoaded", () => {
  drawAll(document);
  document.body.addEventListener("htmx:load", (event) => drawAll(event.target));
});
