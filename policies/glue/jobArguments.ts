import { Properties } from "../properties";

/** Glue's name for what runs a job: `glueetl`, `gluestreaming`, `pythonshell` or `glueray`. */
export const commandOf = (properties: Properties): string =>
  properties.text("command.name") ?? "glueetl";

/** An argument that every run of a job gets: one that can't be overridden goes before a default. */
export function jobArgument(properties: Properties, name: string): string | undefined {
  return (
    properties.text(["nonOverridableArguments", name]) ??
    properties.text(["defaultArguments", name])
  );
}
