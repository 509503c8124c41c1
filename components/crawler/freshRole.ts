import * as pulumi from "@pulumi/pulumi";
import { setTimeout as sleep } from "node:timers/promises";

/** What Glue says while a role that is seconds old isn't known everywhere (terraform-provider-aws#50018). */
const unknownYet = /Error trying to retrieve security config.*security token .*invalid/s;

const tries = 7;
const pauseMs = 5000;

/**
 * Milliseconds after which a crawler that couldn't be made or changed is tried again, which the
 * provider doesn't do for this error; undefined for other errors, and after 105 seconds in all.
 * @param errors of the tries so far, the newest first.
 */
export function pauseBeforeRetry(errors: string[]): number | undefined {
  const isFresh = unknownYet.test(errors[0] ?? "") && errors.length < tries;
  return isFresh ? pauseMs * errors.length : undefined;
}

/**
 * Has a crawler made, or changed, as soon as Glue knows its role. An engine that knows no hooks on
 * errors, such as that of a test with mocks, gets none: its user runs `pulumi up` again.
 */
export function untilRoleIsKnown(name: string): pulumi.ResourceHookBinding {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  if (monitor === undefined || !("registerErrorHook" in monitor)) return {};
  const hook = new pulumi.ErrorHook(`${name}-until-its-role-is-known`, async ({ errors }) => {
    const pause = pauseBeforeRetry(errors);
    if (pause === undefined) return false;
    await sleep(pause);
    return true;
  });
  return { onError: [hook] };
}
