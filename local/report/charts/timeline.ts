import { EChartsOption } from "echarts";
import { duration } from "../format";
import { Step } from "../model";
import { Chart, colours } from "./draw";

const rowHeight = 34;

/** The workflow's graph, a row a step, and beside it when each was at work. */
export function timelineChart(workflow: string, startedAt: Date, steps: Step[]): Chart {
  const seconds = (at: Date | undefined) => (at ? (Number(at) - Number(startedAt)) / 1000 : 0);
  const end = Math.max(1, ...steps.map(({ startedAt: at, endedAt }) => seconds(endedAt ?? at)));
  const lanes = lanesOf(steps);
  const draw = (left: number, label: number, right: number): EChartsOption => {
    const rows = {
      type: "category" as const,
      inverse: true,
      data: steps.map(({ name }) => name),
      axisTick: { show: false },
      axisLine: { show: false },
      splitArea: { show: false },
    };
    const barsLeft = left + label;
    return {
      grid: [
        { left: 12, width: left - 24, top: 8, bottom: 28 },
        { left: barsLeft, right, top: 8, bottom: 28 },
      ],
      xAxis: [
        { gridIndex: 0, type: "value", show: false, min: 0, max: Math.max(1, ...lanes) },
        {
          gridIndex: 1,
          type: "value",
          min: 0,
          max: end,
          axisLabel: { color: colours.muted, formatter: (value) => axisTime(value) },
          splitLine: { lineStyle: { color: colours.line } },
          splitNumber: right > 100 ? 6 : 2,
        },
      ],
      yAxis: [
        { ...rows, gridIndex: 0, axisLabel: { show: false } },
        {
          ...rows,
          gridIndex: 1,
          axisLabel: {
            color: colours.ink,
            width: label - 36,
            overflow: "truncate",
            align: "left",
            margin: label - 8,
          },
        },
      ],
      series: [
        {
          type: "graph",
          coordinateSystem: "cartesian2d",
          xAxisIndex: 0,
          yAxisIndex: 0,
          silent: true,
          edgeSymbol: ["none", "arrow"],
          edgeSymbolSize: 6,
          lineStyle: { color: colours.muted, width: 1.5, opacity: 1 },
          data: steps.map((step, row) => ({
            id: step.id,
            name: step.name,
            value: [lanes[row] ?? 0, row],
            symbol: { trigger: "diamond", crawler: "circle", job: "roundRect" }[step.kind],
            symbolSize: step.kind === "trigger" ? 12 : 14,
            itemStyle: { color: colourOf(step), opacity: 1 },
          })),
          links: steps.flatMap(({ id, after }, row) =>
            after.map((source) => ({
              source,
              target: id,
              lineStyle: {
                curveness: row - steps.findIndex((step) => step.id === source) > 1 ? 0.15 : 0,
              },
            })),
          ),
        },
        {
          type: "bar",
          xAxisIndex: 1,
          yAxisIndex: 1,
          stack: "time",
          silent: true,
          itemStyle: { color: "none" },
          data: steps.map((step) => seconds(step.startedAt)),
        },
        {
          type: "bar",
          xAxisIndex: 1,
          yAxisIndex: 1,
          stack: "time",
          silent: true,
          barWidth: 14,
          data: steps.map((step) => ({
            value: Math.max(seconds(step.endedAt ?? step.startedAt) - seconds(step.startedAt), 0),
            itemStyle: {
              color: colourOf(step),
              borderRadius: 3,
              borderColor: colourOf(step),
              // A moment is seen, too.
              borderWidth: step.startedAt ? 2 : 0,
            },
            label: { formatter: () => labelOf(step, startedAt) },
          })),
          label: { show: true, position: "right", color: colours.muted, fontSize: 12 },
        },
      ],
    };
  };
  const height = steps.length * rowHeight + 40;
  return {
    id: "timeline",
    title: `Steps of ${workflow}`,
    description: `${steps.length} steps, each below those that it waits for, with the time in which it was at work.`,
    wide: { height, option: draw(64, 216, 120) },
    narrow: { height, option: draw(40, 158, 62) },
  };
}

/** Steps that start side by side, in columns: a step's place among those of its depth. */
function lanesOf(steps: Step[]): number[] {
  const depths = new Map<string, number>();
  const taken = new Map<number, number>();
  return steps.map(({ id, after }) => {
    const depth = Math.max(0, ...after.map((before) => (depths.get(before) ?? 0) + 1));
    depths.set(id, depth);
    const lane = taken.get(depth) ?? 0;
    taken.set(depth, lane + 1);
    return lane;
  });
}

function colourOf({ state, kind }: Step): string {
  if (state === "NOT_STARTED") return colours.quiet;
  if (kind === "trigger") return colours.muted;
  return state === "SUCCEEDED" ? colours.good : colours.bad;
}

function labelOf(step: Step, startedAt: Date): string {
  if (!step.startedAt) return "not started";
  if (step.kind === "trigger") return `+${duration(Number(step.startedAt) - Number(startedAt))}`;
  const took = duration(Number(step.endedAt ?? step.startedAt) - Number(step.startedAt));
  return step.state === "SUCCEEDED" ? took : `${step.state.toLowerCase()}, ${took}`;
}

const axisTime = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
