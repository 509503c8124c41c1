import { z } from "zod";

/** A resource that a rule lets pass for a while: part of the rule's config, and so of a review. */
export const exemption = z.strictObject({
  resource: z.string().min(1).describe("URN, or name, of the resource"),
  reason: z.string().min(10).describe("Why it can't be mended now"),
  owner: z.string().min(1).describe("Who will mend it"),
  until: z.iso.date().describe("Last day on which it holds, UTC, as YYYY-MM-DD"),
});

export type Exemption = z.infer<typeof exemption>;

/** What a rule has been told to let pass, and what came of it. */
export interface ExemptionUse {
  readonly rule: string;
  readonly exemption: Exemption;
  /** The resources that broke the rule and were let pass, or would have been in time. */
  readonly urns: Set<string>;
  readonly expired: boolean;
}

/** The exemptions of all rules in one run of the engine. */
export class Exemptions {
  private readonly uses = new Map<string, ExemptionUse[]>();

  /** @param today the day on which they are judged, as YYYY-MM-DD. */
  constructor(private readonly today: string) {}

  /** Tells of the exemptions in a rule's config, whether they are needed or not. */
  declare(rule: string, exemptions: readonly Exemption[]): void {
    this.uses.set(
      rule,
      exemptions.map((one) => ({
        rule,
        exemption: one,
        urns: new Set<string>(),
        expired: one.until < this.today,
      })),
    );
  }

  /** The exemption that a resource which breaks a rule can point to, expired or not. */
  find(rule: string, resource: { urn: string; name: string }): ExemptionUse | undefined {
    const matching = (this.uses.get(rule) ?? []).filter(
      ({ exemption: { resource: wanted } }) => wanted === resource.urn || wanted === resource.name,
    );
    const use = matching.find(({ expired }) => !expired) ?? matching[0];
    use?.urns.add(resource.urn);
    return use;
  }

  all(): ExemptionUse[] {
    return [...this.uses.values()].flat();
  }
}
