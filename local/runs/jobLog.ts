import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { JobRun } from "@aws-sdk/client-glue";

/** The stream of what a job's script has written in a run, as Glue 5 names it. */
export interface JobLog {
  group: string;
  stream: string;
}

export function outputOf(run: JobRun): JobLog {
  return { group: `${run.LogGroupName}/output`, stream: `${run.Id}-driver` };
}

/** What a job run has said last. */
export interface JobLogEnd extends JobLog {
  /** Oldest first, without the frames of stack traces. */
  lines: string[];
}

export async function endOfLog(logs: CloudWatchLogsClient, run: JobRun): Promise<JobLogEnd> {
  const log = outputOf(run);
  return { ...log, lines: withoutFrames(await lastLines(logs, log, 500), 15) };
}

/** The last lines of a log, oldest first; none where it isn't there. */
export async function lastLines(
  logs: CloudWatchLogsClient,
  { group, stream }: JobLog,
  limit: number,
): Promise<string[]> {
  try {
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, limit }),
    );
    return events.map(({ message }) => message ?? "");
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return [];
    throw error;
  }
}

/** The last `count` lines, without the frames of Java's stack traces, which hide what was said. */
export function withoutFrames(lines: readonly string[], count: number): string[] {
  return lines.filter((line) => !/^\s+(at \S+\(|\.\.\. \d+ more)/.test(line)).slice(-count);
}

/** A part of a job run, in seconds. */
export interface JobPart {
  name: string;
  seconds: number;
}

/**
 * Where a job run's time went: until its script's work began, from each line that it has logged to the
 * next, and after its work.
 * @param work start and end of the work, by the run's report.
 * @param lines the run's output; lines that don't begin with a time (UTC) are passed over.
 */
export function partsOf(
  run: Pick<JobRun, "StartedOn" | "CompletedOn">,
  work: { start: Date; end: Date },
  lines: readonly string[],
): JobPart[] {
  const logged = lines.flatMap((line) => {
    const [, day, time, millis, name] =
      /^([\d-]{10}) ([\d:]{8}),(\d{3}) INFO (.+)$/.exec(line) ?? [];
    return name ? [{ at: new Date(`${day}T${time}.${millis}Z`), name }] : [];
  });
  const marks = [
    { at: run.StartedOn ?? work.start, name: "Python, JVM and Spark session" },
    { at: work.start, name: "finding what is new" },
    ...logged.filter(({ at }) => at >= work.start && at <= work.end),
    { at: work.end, name: "committing and ending" },
  ];
  return marks.map(({ at, name }, index) => {
    const next = marks[index + 1]?.at ?? run.CompletedOn ?? at;
    return { name, seconds: (next.getTime() - at.getTime()) / 1000 };
  });
}
