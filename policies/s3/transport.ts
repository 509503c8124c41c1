import { Condition, Statement, statementsAt } from "../documents";
import { Properties } from "../properties";

/** What is wrong with a bucket's policy, by the policy's resource or the bucket's own property. */
export function transportProblem(holder: Properties): string | undefined {
  return statementsAt(holder, "policy").some(refusesPlainHttp)
    ? undefined
    : "has a policy that doesn't refuse plain HTTP to everyone, for the bucket and its objects";
}

/** Whether a statement refuses every request without TLS (S3 guide, "Example bucket policies"). */
function refusesPlainHttp(statement: Statement): boolean {
  const [condition, ...others] = statement.conditions;
  return (
    statement.effect === "Deny" &&
    statement.principals.includes("*") &&
    statement.actions.some((action) => ["*", "s3:*"].includes(action.toLowerCase())) &&
    coversBucketAndObjects(statement.resources) &&
    condition !== undefined &&
    isWithoutTls(condition) &&
    others.length === 0
  );
}

/** S3 takes no policy that names another bucket than the one it is for. */
function coversBucketAndObjects(resources: readonly string[]): boolean {
  const coversObjects = resources.some((resource) => /^[^/]*(\/\*|\*)$/.test(resource));
  const coversBucket = resources.some((resource) => !resource.includes("/"));
  return coversObjects && coversBucket;
}

/** A limit of the TLS version refuses requests without TLS, too (re:Post, "s3-enforce-modern-tls"). */
function isWithoutTls({ operator, key, values }: Condition): boolean {
  if (key === "aws:securetransport") {
    return /^bool(ifexists)?$/.test(operator) && values.join() === "false";
  }
  return (
    key === "s3:tlsversion" &&
    /^numericlessthan(ifexists)?$/.test(operator) &&
    values.length > 0 &&
    values.every((version) => Number(version) >= 1.2)
  );
}
