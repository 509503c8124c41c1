import { timelineChart } from "../charts/timeline";
import { duration, utc } from "../format";
import { Html } from "../html";
import { RunPage, Step } from "../model";
import { figure, section, table } from "./parts";

export function workflowSection({ workflow, startedAt, steps }: RunPage): Html {
  const names = new Map(steps.map(({ id, name }) => [id, name]));
  const took = ({ startedAt: from, endedAt: to, kind }: Step) =>
    kind !== "trigger" && from && to ? duration(Number(to) - Number(from)) : "–";
  const figures = table(
    "States and times of the steps",
    [
      { name: "Step" },
      { name: "Kind" },
      { name: "After" },
      { name: "State" },
      { name: "Started" },
      { name: "Took", number: true },
      { name: "What it changed" },
    ],
    steps.map((step) => [
      step.name,
      step.kind,
      step.after.map((id) => names.get(id) ?? id).join(", ") || "–",
      step.state.toLowerCase().replaceAll("_", " "),
      step.startedAt ? utc(step.startedAt) : "–",
      took(step),
      step.note || "–",
    ]),
  );
  return section(
    "workflow",
    "Workflow",
    figure(timelineChart(workflow, startedAt, steps), figures),
  );
}
