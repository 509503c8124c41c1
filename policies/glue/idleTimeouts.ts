import { z } from "zod";
import { Properties, whenKnown } from "../properties";
import { Finding, Resource, resourceRule, Rule, StackFinding, stackRule } from "../rule";
import { References, Stack } from "../stack";
import { jsonProperties } from "../json";

const session = "aws-native:glue:Session";
const usageProfile = "aws-native:glue:UsageProfile";
const cloudControl = "aws:cloudcontrol/resource:Resource";
const notebooks = [
  "aws:sagemaker/notebookInstance:NotebookInstance",
  "aws-native:sagemaker:NotebookInstance",
];
const notebookScripts =
  "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration";

/** SageMaker takes no shorter idle timeout (CloudFormation, `AWS::SageMaker::Domain IdleSettings`). */
const shortestStudioTimeout = 60;

/** Settings of a Studio app, and the property that makes them be judged. */
interface StudioApp {
  readonly settings: string;
  /** Default: always judged. */
  readonly where?: string;
}

const idleSettings = (settings: string) => `${settings}.appLifecycleManagement.idleSettings`;
const overriding = (settings: string): StudioApp => ({ settings, where: idleSettings(settings) });

/** User profiles and spaces take what they don't set from their domain. */
const studioApps: Readonly<Record<string, readonly StudioApp[]>> = {
  Domain: [
    { settings: "defaultUserSettings.jupyterLabAppSettings" },
    {
      settings: "defaultUserSettings.codeEditorAppSettings",
      where: "defaultUserSettings.codeEditorAppSettings",
    },
    { settings: "defaultSpaceSettings.jupyterLabAppSettings", where: "defaultSpaceSettings" },
  ],
  UserProfile: [
    overriding("userSettings.jupyterLabAppSettings"),
    overriding("userSettings.codeEditorAppSettings"),
  ],
  Space: [
    overriding("spaceSettings.jupyterLabAppSettings"),
    overriding("spaceSettings.codeEditorAppSettings"),
  ],
};
const studioTypes = Object.keys(studioApps).flatMap((name) => [
  `aws:sagemaker/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
  `aws-native:sagemaker:${name}`,
]);

/** Rules for what people develop on: nothing of it runs on while nobody uses it. */
export const idleTimeoutRules: readonly Rule[] = [
  resourceRule({
    name: "glue-session-idle-timeout",
    level: "advisory",
    severity: "medium",
    description: "Interactive sessions and the notebooks that start them end when idle",
    reason:
      "A Glue session that sets no idle timeout bills for its DPUs for 48 hours after the last statement, and SageMaker's apps run for a week or for ever",
    fix: "Set the idle timeout of sessions, usage profiles, and SageMaker's domains, user profiles and spaces",
    references: [],
    url: "https://docs.aws.amazon.com/glue/latest/dg/interactive-sessions-magics.html",
    config: {
      maxMinutes: z
        .number()
        .int()
        .min(1)
        .default(60)
        .describe("Idle minutes at most; SageMaker's apps are let have 60, the least they take"),
    },
    types: [session, usageProfile, cloudControl, ...studioTypes],
    check: (resource, { maxMinutes }) => idleFinding(resource, maxMinutes),
  }),
  stackRule({
    name: "glue-notebook-stops",
    level: "advisory",
    severity: "medium",
    description: "A SageMaker notebook instance has a lifecycle that stops it when idle",
    reason: "A notebook instance bills by the hour until somebody stops it",
    fix: "Name a lifecycle configuration whose `onStart` script stops the instance when it's idle",
    references: [],
    url: "https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html",
    config: {},
    check: notebookFindings,
  }),
];

function idleFinding({ type, properties }: Resource, max: number): Finding | undefined {
  if (type === session) return minutesFinding(properties, "idleTimeout", max, sessionDefault);
  if (type === usageProfile) return profileFinding(properties, max);
  if (type === cloudControl) return cloudControlFinding(properties, max);
  const apps = studioApps[type.split(":").at(-1) ?? ""] ?? [];
  for (const { settings, where } of apps) {
    if (where !== undefined && !properties.has(where)) continue;
    const limit = Math.max(max, shortestStudioTimeout);
    const finding = whenKnown(() => studioFinding(properties, settings, limit));
    if (finding) return finding;
  }
  return undefined;
}

/** A session's idle timeout is its timeout, where it isn't set (AWS Glue web API, `CreateSession`). */
const sessionDefault = "isn't set, so the session ends 48 hours after it began";

function cloudControlFinding(properties: Properties, max: number): Finding | undefined {
  if (properties.text("typeName") !== "AWS::Glue::Session") return undefined;
  const state = jsonProperties(properties.text("desiredState"));
  const finding = minutesFinding(state, "IdleTimeout", max, sessionDefault);
  return finding && { ...finding, field: `desiredState.${finding.field}` };
}

/** A usage profile limits what the sessions of its users may set. */
function profileFinding(properties: Properties, max: number): Finding | undefined {
  const sessions = "configuration.sessionConfiguration";
  if (!properties.has(sessions)) return undefined;
  const key = properties.keys(sessions).find((name) => name.toLowerCase() === "idletimeout");
  const field = `${sessions}.${key ?? "idleTimeout"}.maxValue`;
  const limit = Number(properties.text(field) ?? Infinity);
  if (limit <= max) return undefined;
  const found = Number.isFinite(limit) ? `is ${limit}` : "isn't set";
  return { field, found, fix: `set ${max} or less` };
}

function studioFinding(properties: Properties, settings: string, max: number) {
  const idle = idleSettings(settings);
  const management = properties.text(`${idle}.lifecycleManagement`);
  if (management !== "ENABLED" && !settings.startsWith("spaceSettings")) {
    return {
      field: `${idle}.lifecycleManagement`,
      found: management === undefined ? "isn't set, so idle apps run on" : `is ${management}`,
      fix: `set ENABLED, and \`idleTimeoutInMinutes\` to ${max} or less`,
    };
  }
  const own = minutesFinding(
    properties,
    `${idle}.idleTimeoutInMinutes`,
    max,
    "isn't set, so idle apps run for 10080 minutes",
  );
  const allowed = `${idle}.maxIdleTimeoutInMinutes`;
  return own ?? (properties.has(allowed) ? minutesFinding(properties, allowed, max) : undefined);
}

function minutesFinding(
  properties: Properties,
  field: string,
  max: number,
  absent = "isn't set",
): Finding | undefined {
  const minutes = properties.number(field);
  if (minutes !== undefined && minutes <= max) return undefined;
  const found = minutes === undefined ? absent : `is ${minutes}`;
  return { field, found, fix: `set ${max} or less` };
}

const scriptName = "lifecycleConfigName";

function notebookFindings(stack: Stack): StackFinding[] {
  const instances = stack.made(...notebooks);
  const scripts = stack.all(notebookScripts);
  const references = new References(instances, scriptName, scripts, ["name", "id"]);
  const unstopped = scripts
    .filter(({ properties }) => whenKnown(() => stopsWhenIdle(properties)) === false)
    .flatMap((script) => references.to(script));
  return [
    ...instances
      .filter(({ properties }) => !properties.has(scriptName))
      .map((resource) => ({
        resource,
        field: scriptName,
        found: "isn't set",
        fix: "name a lifecycle configuration that stops the instance when it's idle",
      })),
    ...unstopped.map((resource) => ({
      resource,
      field: scriptName,
      found: "names a lifecycle configuration that stops nothing when it's idle",
      fix: "have its `onStart` script stop the instance when it's idle",
    })),
  ];
}

/** Whether the script that runs at each start speaks of it; the property holds it as base64. */
function stopsWhenIdle(properties: Properties): boolean {
  const script = Buffer.from(properties.text("onStart") ?? "", "base64").toString("utf8");
  return /idle|auto-?stop|stop[-_]notebook[-_]instance/i.test(script);
}
